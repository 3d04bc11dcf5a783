"""One of everything of guidance and inspections, for the table of permissions; its slice is ``table.csv`` beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.inspections.domain.candidates import list_inspectors, list_spaces
from chuangbao.inspections.domain.draws import draw_by_number, exclude, freeze_draw, prepare_draw
from chuangbao.inspections.domain.notes import write_note
from chuangbao.inspections.domain.upgrades import (
    add_plan_milestone,
    move_upgrade,
    plan_upgrade,
    reach_plan_milestone,
)
from chuangbao.inspections.domain.visits import add_photo, record_visit
from chuangbao.inspections.enums import CheckItem
from chuangbao.inspections.models import Draw, GuidanceNote, GuidanceReply, UpgradePlan, Visit
from plans.scene import upload
from spaces.samples import make_space

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space
    from permissions.world import World


def make_note(space: Space, officer: Actor, title: str = "演示：补充价格", **given: Any) -> GuidanceNote:
    """A note about what the space offers."""
    values = {"topic": "offers", "body": "演示：建议公开会议室价格。", **given}
    return write_note(space=space, actor=officer, title=title, **values)


def make_draw(officer: Actor, amount: int = 1, **given: Any) -> Draw:
    """A draw in preparation, by one inspector for each visit."""
    values = {"is_share": False, "each": 1, **given}
    return prepare_draw(title="演示·年度抽查", amount=amount, actor=officer, **values)


def freeze(draw: Draw, officer: Actor) -> Draw:
    """The list fixed, with a number that becomes known today."""
    return freeze_draw(draw=draw, number_source="演示彩票", number_day=timezone.localdate(), actor=officer)


def make_visit(officer: Actor, number: str = "12345", **given: Any) -> Visit:
    """The first visit of a draw that was made."""
    row = draw_by_number(draw=freeze(make_draw(officer, **given), officer), number=number, actor=officer)
    return unscoped(Visit, because="a test").filter(draw=row).order_by("place_in_draw")[0]


def write_findings(problem: str = "") -> dict[str, tuple[str, str]]:
    """Findings that are fine but for one item."""
    return {item: ("problem", "通道堵塞") if item == problem else ("fine", "") for item in CheckItem.values}


def record(visit: Visit, officer: Actor, problem: str = "", **given: Any) -> Visit:
    """A visit on record: something to be mended within ten days where an item has a problem."""
    days = {"mend_by": timezone.localdate() + timedelta(days=10)} if problem else {}
    values = {"result": "mending" if problem else "clear", "place": "演示路1号", **days, **given}
    return record_visit(
        visit=visit, visited_at=timezone.now(), findings=write_findings(problem), actor=officer, **values
    )


def make_plan(space: Space, host: Actor, **given: Any) -> UpgradePlan:
    """A plan in draft with one milestone, from a maker space to an incubator."""
    today = timezone.localdate()
    days = {"starts_on": today, "due_on": today + timedelta(days=300)}
    values = {"to_kind": "incubator", "aim": "演示：扩建孵化区", **days, **given}
    row = plan_upgrade(space=space, actor=host, **values)
    add_plan_milestone(plan=row, title="演示：完成装修", due_on=today + timedelta(days=20), actor=host)
    return row


def make_rows(world: World) -> dict[str, Any]:
    """A note to a space of the owner, a visit to it with a photograph, and a draw in preparation."""
    space, officer = make_space(world.actors["owner"], name="演示·受检空间"), world.actors["inspector"]
    others = [row.pk for row in list_spaces(officer.region) if row.pk != space.pk]
    draw = make_draw(officer)
    for pk in others:
        exclude(draw=draw, space=pk, reason="x", actor=officer)
    posts = [row.pk for row in list_inspectors(officer.region) if row.pk != officer.holder_id]
    for pk in posts:
        exclude(draw=draw, post=pk, reason="x", actor=officer)
    drawn = draw_by_number(draw=freeze(draw, officer), number="1", actor=officer)
    visit = record(drawn.visits.get(), officer, "safety")
    photo = add_photo(visit=visit, file=upload(), actor=officer)
    prepared = make_draw(officer)
    left_out = exclude(draw=prepared, post=officer.holder_id, reason="x", actor=officer)
    note = make_note(space, officer)
    plan = move_upgrade(plan=make_plan(space, world.actors["owner"]), verb="begin", actor=world.actors["owner"])
    milestone = plan.milestones.get()
    given = {"reached_on": timezone.localdate(), "evidence": "x", "file": upload()}
    reach_plan_milestone(milestone=milestone, actor=world.actors["owner"], **given)
    found = {
        "inspected": space,
        "guidance_note": note,
        "inspection": visit,
        "photo": photo,
        "draw": prepared,
        "out": left_out,
    }
    return found | {"upgrade": plan, "milestone_of_plan": milestone}


def leave_rows(person: Person) -> None:
    """A note that the person wrote, with a reply."""
    space = make_space(factories.member())
    agency = factories.organisation(kind="agency")
    note = GuidanceNote.objects.create(space=space, agency=agency, topic="other", title="x", body="x", author=person)
    GuidanceReply.objects.create(note=note, side="office", text="x", author=person)
    Draw.objects.create(title="x", region_id=space.region_id, agency=agency, amount=1, author=person)
    days = {"starts_on": timezone.localdate(), "due_on": timezone.localdate()}
    UpgradePlan.objects.create(space=space, from_kind="maker", to_kind="cafe", aim="x", author=person, **days)


ROLES = {"inspector": lambda: factories.officer("spaces")}


def of_space(world: World) -> dict[str, Any]:
    """The address of the space."""
    return {"pk": world.rows["inspected"].pk}


def of_visit(world: World) -> dict[str, Any]:
    """The address of the visit."""
    return {"pk": world.rows["inspection"].pk}


def of_plan(world: World) -> dict[str, Any]:
    """The address of the plan."""
    return {"pk": world.rows["upgrade"].pk}


def of_milestone(world: World) -> dict[str, Any]:
    """The address of its milestone."""
    return of_plan(world) | {"milestone": world.rows["milestone_of_plan"].pk}


SAMPLES: dict[str, Any] = {
    "inspections:note_new": of_space,
    "inspections:curves_workbook": of_space,
    "inspections:plan_new": of_space,
    "inspections:readiness": of_space,
    "inspections:plan": of_plan,
    "inspections:plan_move": lambda w: of_plan(w) | {"verb": "milestone"},
    "inspections:plan_reach": of_milestone,
    "inspections:plan_file": of_milestone,
    "inspections:note": lambda w: {"pk": w.rows["guidance_note"].pk},
    "inspections:note_move": lambda w: {"pk": w.rows["guidance_note"].pk, "verb": "finish"},
    "inspections:draw": lambda w: {"pk": w.rows["draw"].pk},
    "inspections:draw_move": lambda w: {"pk": w.rows["draw"].pk, "verb": "cancel"},
    "inspections:draw_include": lambda w: {"pk": w.rows["draw"].pk, "exclusion": w.rows["out"].pk},
    "inspections:visit": of_visit,
    "inspections:visit_record": of_visit,
    "inspections:visit_move": lambda w: of_visit(w) | {"verb": "photo"},
    "inspections:visit_file": lambda w: of_visit(w) | {"file": w.rows["photo"].pk},
}
OPEN: dict[str, Any] = {
    "inspections:curves": of_space,
    "inspections:benefits": of_space,
    **dict.fromkeys(("inspections:result", "inspections:result_list"), lambda w: {"pk": w.rows["inspection"].draw_id}),
}
PAGES = ["/inspections/"]
