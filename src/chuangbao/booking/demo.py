"""A venue of the demonstration (演示数据) with what can be booked in it: there is none, and its name says so."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.domain.acting import as_self
from chuangbao.accounts.models import Organisation, Person
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.hours import set_hours
from chuangbao.booking.domain.materials import create_material, receive_stock
from chuangbao.booking.domain.rates import set_allowance, set_rate
from chuangbao.booking.domain.resources import create_resource
from chuangbao.booking.domain.venues import create_venue
from chuangbao.booking.domain.waiting import LineWish, join_line
from chuangbao.booking.models import DayKind, Material, Rate, Resource, TrainingKind, Venue, Waiting
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused

__all__ = ["load_demo_booking"]

NANGUAN = "220102"
VENUE = "演示·春城众创空间"
WORKDAY, WEEKEND = "8:30-21:00", "9:00-17:00"
FLOOR = "3层"
RESOURCES: tuple[dict[str, Any], ...] = (
    {"kind": "room", "name": "演示·大会议室", "door": "301", "capacity": 12, "features": ["投影", "白板", "视频会议"]},
    {"kind": "room", "name": "演示·洽谈室", "door": "302", "capacity": 4, "features": ["白板"], "max_minutes": 120},
    {"kind": "hot_desk", "name": "演示·流动工位", "door": "开放区", "capacity": 20, "weekly_minutes": 2400},
    {"kind": "fixed_desk", "name": "演示·固定工位A01", "door": "开放区", "audience": "tenants", "needs_approval": True},
    {"kind": "machine", "name": "演示·激光切割机", "door": "创客工坊", "buffer_after": 15, "no_show_minutes": 20},
    {"kind": "machine", "name": "演示·三维打印机", "door": "创客工坊", "max_minutes": 480},
    {"kind": "storage", "name": "演示·储物柜", "door": "走廊", "capacity": 30, "slot_minutes": 1440},
)
MATERIALS = (
    ("演示·PLA打印丝", "卷", "68.00", 12, 3),
    ("演示·亚克力板3毫米", "张", "25.50", 2, 5),
    ("演示·M3螺丝", "包", "6", 40, 10),
)
"""Name, unit, yuan, how many, and at how many more is ordered."""
PRICES = (("tenant", "room", 40), ("team", "room", 20), ("visitor", "room", 80), ("", "machine", 30))
"""For whom, of which kind, yuan by the hour."""
WAITING = 3
FREE = (("tenant", 600), ("team", 1200))
"""For whom, minutes of meeting rooms each month."""


@transaction.atomic
def load_demo_booking() -> int:
    """Make what is missing, and return how many resources there are; running it again changes nothing."""
    operator = Organisation.objects.filter(is_demo=True, kind="space").order_by("pk").first()
    if operator is None:
        return 0
    venue = Venue.objects.filter(organization=operator, name=VENUE).first()
    if venue is None:
        address = "演示路1号"
        venue = create_venue(actor=SYSTEM, organization=operator, name=VENUE, region=NANGUAN, address=address)
        days = {day.value: WEEKEND if day in {DayKind.SATURDAY, DayKind.SUNDAY} else WORKDAY for day in DayKind}
        set_hours(actor=SYSTEM, venue=venue, week=days | {DayKind.HOLIDAY.value: ""})
    kind, _fresh = TrainingKind.objects.get_or_create(
        organization=operator, name="演示·激光设备安全培训", defaults={"months": 12, "how": "每周三14:00在创客工坊开课"}
    )
    there = set(Resource.objects.filter(venue=venue).values_list("name", flat=True))
    for rules in RESOURCES:
        if rules["name"] not in there:
            training: dict[str, Any] = {"training": kind} if "激光" in rules["name"] else {}
            create_resource(actor=SYSTEM, venue=venue, floor=FLOOR, **rules, **training)
    set_demo_prices(venue)
    stock_demo_materials(venue)
    line_up_demo_people(venue)
    return Resource.objects.filter(venue=venue).count()


def set_demo_prices(venue: Venue) -> None:
    """Set prices by the hour for tenants and visitors, and what is free each month for tenants; once only."""
    if Rate.objects.filter(venue=venue).exists():
        return
    first = timezone.localdate().replace(day=1)
    for group, kind, price in PRICES:
        set_rate(actor=SYSTEM, venue=venue, first=first, group=group, kind=kind, price=Decimal(price))
    for group, minutes in FREE:
        set_allowance(actor=SYSTEM, venue=venue, first=first, group=group, kind="room", minutes=minutes)


def stock_demo_materials(venue: Venue) -> None:
    """Put materials of a workshop into stock, one of which is nearly used up; once only."""
    for name, unit, price, count, low in MATERIALS:
        if unscoped(Material, because="rows of the demonstration").filter(venue=venue, name=name).exists():
            continue
        said: dict[str, Any] = {"name": name, "unit": unit, "price": Decimal(price), "low": Decimal(low)}
        row = create_material(actor=SYSTEM, venue=venue, **said)
        receive_stock(actor=SYSTEM, material=row, quantity=Decimal(count), reason="演示入库")


def line_up_demo_people(venue: Venue) -> None:
    """Let people of the demonstration book a room and wait in line for it; once only, on the next day it is open."""
    people = list(Person.objects.filter(is_demo=True, is_active=True).order_by("pk")[:WAITING])
    rows = unscoped(Waiting, because="rows of the demonstration")
    if len(people) < WAITING or rows.filter(venue=venue).exists():
        return
    room = Resource.objects.get(venue=venue, name="演示·洽谈室")
    first, *others = [as_self(person) for person in people]
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(2, 16):
        starts = midnight + timedelta(days=days, hours=14)
        span = (starts, starts + timedelta(hours=2))
        try:
            with transaction.atomic():
                book(actor=first, resource=room, starts=span[0], ends=span[1], purpose="演示·项目会")
        except Refused:
            continue
        for actor in others:
            join_line(actor=actor, resource=room, wish=LineWish(*span, purpose="演示·客户洽谈"))
        return
