"""Tenants of the demonstration (演示数据): none exists, and every name says so."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from chuangbao.accounts.domain.acting import as_member, as_self
from chuangbao.accounts.models import Membership, Organisation, Person
from chuangbao.core.access.row_access import unscoped
from chuangbao.spaces.demo import draw
from chuangbao.spaces.models import Space
from chuangbao.tenants.domain.agreements import offer_agreement, sign_agreement
from chuangbao.tenants.domain.applying import apply_for_place
from chuangbao.tenants.domain.deciding import admit_tenant
from chuangbao.tenants.domain.placing import add_cohort
from chuangbao.tenants.domain.support import add_milestone, answer_service, log_service, reach_milestone
from chuangbao.tenants.domain.talks import arrange_talk
from chuangbao.tenants.enums import FounderOrigin, TeamKind
from chuangbao.tenants.models import Team, Tenancy

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor

__all__ = ["load_demo_tenants"]

WHY = "made-up rows of the demonstration"
STAGES = ("incubating",) * 6 + ("graduated", "left", "ended", "applied")
"""How often each is drawn."""
OURS = 10
"""How many of the teams are in the space of the person who runs one, so that its board has something to show."""
TEAMS = (
    "特产直播",
    "文创设计",
    "智慧农机",
    "冰雪装备",
    "人参加工",
    "校园配送",
    "亲子手工",
    "乡村民宿",
    "三维打印",
    "云端客服",
)
TERM = timedelta(days=730)
NEWEST = 30
"""Services of the last so many days wait for the tenant."""


@transaction.atomic
def load_demo_tenants() -> int:
    """Make the tenants where there are none, and return how many there are; running it again changes nothing."""
    rows = unscoped(Tenancy, because=WHY).filter(is_demo=True)
    spaces = list(unscoped(Space, because=WHY).filter(is_demo=True, stage="open").order_by("pk"))
    if rows.exists() or not spaces:
        return int(rows.count())
    write_many(spaces)
    tell_story()
    return int(rows.count())


def write_many(spaces: list[Space]) -> None:
    """Write a tenancy for each enterprise of the demonstration but the first, which has a story, and some teams."""
    known = unscoped(Organisation, because=WHY).filter(is_demo=True, kind="enterprise").order_by("pk")
    made = [draw_tenancy(spaces[place % len(spaces)], firm=firm) for place, firm in enumerate(known[1:])]
    mine = [space for space in spaces if not space.operator.name.endswith("运营机构")] or spaces[:1]
    teams = Team.objects.bulk_create(
        Team(name=f"演示·{name}团队", kind=TeamKind.values[place % len(TeamKind.values)], members=1 + place % 6)
        for place, name in enumerate(TEAMS)
    )
    made += [draw_tenancy(mine[0], team=team) for team in teams[:OURS]]
    Tenancy.objects.bulk_create(made)


def draw_tenancy(space: Space, *, firm: Organisation | None = None, team: Team | None = None) -> Tenancy:
    """Return a tenancy at some stage, the same on every run."""
    name = f"{space.name}{firm or team}"
    today, stage = timezone.localdate(), STAGES[draw(name, 0, len(STAGES))]
    first = today - timedelta(days=draw(f"{name}始", 30, 900))
    row = Tenancy(
        space=space,
        organization=firm,
        team=team,
        is_virtual=draw(f"{name}虚", 0, 8) == 0,
        origin=FounderOrigin.values[draw(f"{name}源", 0, len(FounderOrigin.values))],
        project="演示：并不存在这样的项目。",
        stage=stage,
        applied_at=timezone.now() - timedelta(days=(today - first).days + 20),
        is_demo=True,
    )
    if stage != "applied":
        fill_days(row, first, today)
    if not row.is_virtual:
        row.desks, row.area = draw(f"{name}位", 1, 9), Decimal(draw(f"{name}积", 4, 60))
    return row


def fill_days(row: Tenancy, first: date, today: date) -> None:
    """Give a tenancy that began its days."""
    row.admitted_on, row.starts_on, row.term_ends_on = first, first, first + TERM
    row.firm_since = first if row.organization is not None else None
    if row.stage != "incubating":
        row.ended_on = first + (today - first) / 2
        row.end_cause = "term" if row.stage == "ended" else ""


def tell_story() -> None:
    """Let the enterprise of the demonstration be a tenant, and its student want a place."""
    people = unscoped(Membership, because=WHY).filter(person__is_demo=True, role="owner", ended_at=None)
    host = people.filter(organisation__spaces__is_demo=True).order_by("pk").first()
    firm = people.filter(organisation__kind="enterprise").order_by("pk").first()
    student = Person.objects.filter(is_demo=True, email__startswith="student").first()
    if host is None or firm is None:
        return
    space = unscoped(Space, because=WHY).filter(operator=host.organisation_id, is_demo=True).order_by("pk")[0]
    operator, tenant = as_member(host), as_member(firm)
    add_cohort(space=space, actor=operator, name="演示·春季批次")
    settle_tenant(space, operator, tenant)
    if student is not None:
        row = apply_for_place(
            space=space, actor=as_self(student), project="演示：手作文创", team_name="演示·林晓手作", origin="student"
        )
        at = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(days=3)
        site = space.sites.order_by("-is_main", "pk")[0]
        arrange_talk(tenancy=row, actor=operator, at=at, place=f"{site.address}一层会客区")
        Tenancy.objects.filter(pk=row.pk).update(is_demo=True)


def settle_tenant(space: Space, operator: Actor, tenant: Actor) -> None:
    """Let a firm enter, be served, and reach something."""
    today = timezone.localdate()
    row = apply_for_place(space=space, actor=tenant, project="演示：工业视觉检测", origin="researcher")
    Tenancy.objects.filter(pk=row.pk).update(desks=4, area=Decimal(30), is_demo=True)
    row = admit_tenant(tenancy=row, actor=operator)
    first = today - timedelta(days=200)
    paper = offer_agreement(
        tenancy=row, actor=operator, starts_on=first, term_ends_on=first + TERM, fees="每工位每月300元"
    )
    sign_agreement(agreement=paper, actor=tenant, seen=paper.content_hash)
    row.refresh_from_db()
    for days, hours in ((90, "2"), (40, "1.5"), (5, "1")):
        service = log_service(
            tenancy=row,
            actor=operator,
            kind="coaching",
            given_on=today - timedelta(days=days),
            hours=Decimal(hours),
            provider="演示·创业导师",
            about="演示：商业模式梳理",
        )
        if days > NEWEST:
            answer_service(service=service, verb="confirm", actor=tenant)
    goal = add_milestone(tenancy=row, actor=tenant, kind="income", title="演示：首个付费客户")
    reach_milestone(milestone=goal, actor=tenant, reached_on=today - timedelta(days=60))
    add_milestone(tenancy=row, actor=tenant, kind="finance", title="演示：天使轮", due_on=today + timedelta(days=90))
