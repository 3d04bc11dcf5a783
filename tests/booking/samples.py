"""One of everything of booking, for the table of permissions; its slice is ``table.csv`` beside this file."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

import factories
from booking.scene import at, make_room, make_venue
from chuangbao.accounts.domain.acting import as_self
from chuangbao.booking.domain.bookings import book
from chuangbao.booking.domain.closing_off import close_off
from chuangbao.booking.domain.feeds import make_address
from chuangbao.booking.domain.hours import add_exception
from chuangbao.booking.domain.materials import create_material, receive_stock, take_at_counter, take_with_booking
from chuangbao.booking.domain.passes import admit_organization
from chuangbao.booking.domain.rates import set_allowance, set_rate
from chuangbao.booking.domain.trainings import create_training_kind, record_training
from chuangbao.booking.domain.waiting import LineWish, join_line
from chuangbao.booking.models import AccessPass, Training, TrainingKind

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """A venue of the owner's organisation with a room that the owner has booked."""
    owner = world.actors["owner"]
    venue = make_venue(owner, "被看的场所")
    room = make_room(owner, venue)
    booking = book(actor=owner, resource=room, starts=at(9), ends=at(10))
    (exception,) = add_exception(actor=owner, venue=venue, first=timezone.localdate() + timedelta(days=3))
    kind = create_training_kind(actor=owner, name="激光安全", months=12)
    person = factories.person("持证人")
    rows = {"training": kind, "feed": make_address(actor=owner, resource=room)}
    rows["holder"] = record_training(actor=owner, kind=kind, email=person.email, held_on=timezone.localdate())
    rows["pass"] = admit_organization(actor=owner, venue=venue, organization=factories.organisation())
    span, others = (at(9, days=9), at(10, days=9)), [room.pk]
    (rows["busy"],), _called_off = close_off(actor=owner, venue=venue, resources=others, span=span, reason="检修")
    taken = book(actor=owner, resource=room, starts=at(9, days=12), ends=at(10, days=12))
    rows["place"] = join_line(actor=owner, resource=room, wish=LineWish(taken.starts, taken.ends))
    today = timezone.localdate()
    rows["rate"] = set_rate(actor=owner, venue=venue, price=Decimal(40), first=today, group="tenant")
    rows["allowance"] = set_allowance(actor=owner, venue=venue, group="tenant", minutes=600, first=today)
    rows["material"] = create_material(actor=owner, venue=venue, name="打印丝", unit="卷", price=Decimal(60))
    receive_stock(actor=owner, material=rows["material"], quantity=Decimal(9))
    said = {"material": rows["material"], "quantity": Decimal(1), "reason": "演示机"}
    rows["entry"] = take_at_counter(actor=owner, **said)
    return rows | {"venue": venue, "resource": room, "booking": booking, "exception": exception}


def leave_rows(person: Person) -> None:
    """A booking with free minutes and material, a training and a pass of a person, which say who they are."""
    manager = factories.member()
    room = make_room(manager)
    today = timezone.localdate()
    set_rate(actor=manager, venue=room.venue, price=Decimal(40), first=today)
    set_allowance(actor=manager, venue=room.venue, group="visitor", minutes=600, first=today)
    made = book(actor=as_self(person), resource=room, starts=at(9), ends=at(10), purpose=f"{person.name}的例会")
    material = create_material(actor=manager, venue=room.venue, name="打印丝", unit="卷", price=Decimal(60))
    receive_stock(actor=manager, material=material, quantity=Decimal(9))
    take_with_booking(actor=as_self(person), booking=made, material=material, quantity=Decimal(1))
    kind = TrainingKind.objects.create(organization_id=manager.organisation_id, name="安全培训")
    Training.objects.create(kind=kind, email=person.email, person=person, held_on=timezone.localdate())
    AccessPass.objects.create(venue=room.venue, person=person)
    make_address(actor=as_self(person))
    book(actor=manager, resource=room, starts=at(14), ends=at(15))
    wish = LineWish(at(14), at(15), purpose=f"{person.name}的例会")
    join_line(actor=as_self(person), resource=room, wish=wish)


def of_venue(world: World) -> dict[str, Any]:
    return {"pk": world.rows["venue"].pk}


def of_resource(world: World) -> dict[str, Any]:
    return {"pk": world.rows["resource"].pk}


SAMPLES = {
    "booking:time": lambda w: {"pk": w.rows["booking"].pk},
    "booking:booking": lambda w: {"pk": w.rows["booking"].pk},
    "booking:take-with": lambda w: {"pk": w.rows["booking"].pk},
    "booking:leave-line": lambda w: {"pk": w.rows["place"].pk},
    "booking:move": lambda w: {"pk": w.rows["booking"].pk, "verb": "cancel"},
}
OPEN = {
    **{
        f"booking:{name}": of_venue
        for name in (
            "venue",
            "day",
            "edit-venue",
            "close-venue",
            "hours",
            "new-resource",
            "passes",
            "passes-export",
            "closed",
            "line",
            "rates",
            "rates-export",
            "new-allowance",
            "new-material",
            "line-export",
        )
    },
    **{
        f"booking:{name}": of_resource
        for name in ("resource", "edit-resource", "retire", "book", "foreign-calendar", "here", "code", "door", "wait")
    },
    "booking:training": lambda w: {"pk": w.rows["training"].pk},
    "booking:edit-training": lambda w: {"pk": w.rows["training"].pk},
    "booking:holders-export": lambda w: {"pk": w.rows["training"].pk},
    "booking:remove-holder": lambda w: {"pk": w.rows["training"].pk, "holder": w.rows["holder"].pk},
    "booking:remove-pass": lambda w: {"pk": w.rows["venue"].pk, "access": w.rows["pass"].pk},
    "booking:open-time": lambda w: {"pk": w.rows["venue"].pk, "busy": w.rows["busy"].pk},
    **{
        f"booking:{name}": lambda w: {"pk": w.rows["material"].pk}
        for name in ("material", "ledger", "edit-material", "receive", "count", "take-material", "retire-material")
    },
    "booking:give-back": lambda w: {"entry": w.rows["entry"].pk},
    "booking:end-rate": lambda w: {"pk": w.rows["venue"].pk, "rate": w.rows["rate"].pk},
    "booking:end-allowance": lambda w: {"pk": w.rows["venue"].pk, "allowance": w.rows["allowance"].pk},
    "booking:advance": lambda w: {"pk": w.rows["venue"].pk, "place": w.rows["place"].pk},
    "booking:feed": lambda w: {"token": w.rows["feed"].token},
    "booking:remove-exception": lambda w: {"pk": w.rows["venue"].pk, "exception": w.rows["exception"].pk},
}
PAGES = ["/booking/"]
