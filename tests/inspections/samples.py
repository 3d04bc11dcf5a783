"""One of everything of guidance and inspections, for the table of permissions; its slice is ``table.csv`` beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factories
from chuangbao.inspections.domain.notes import write_note
from chuangbao.inspections.models import GuidanceNote, GuidanceReply
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


def make_rows(world: World) -> dict[str, Any]:
    """A note to a space of the owner."""
    space = make_space(world.actors["owner"], name="演示·受检空间")
    return {"inspected": space, "note": make_note(space, world.actors["inspector"])}


def leave_rows(person: Person) -> None:
    """A note that the person wrote, with a reply."""
    space = make_space(factories.member())
    agency = factories.organisation(kind="agency")
    note = GuidanceNote.objects.create(space=space, agency=agency, topic="other", title="x", body="x", author=person)
    GuidanceReply.objects.create(note=note, side="office", text="x", author=person)


ROLES = {"inspector": lambda: factories.officer("spaces")}


def of_space(world: World) -> dict[str, Any]:
    """The address of the space."""
    return {"pk": world.rows["inspected"].pk}


SAMPLES: dict[str, Any] = {
    "inspections:note_new": of_space,
    "inspections:note": lambda w: {"pk": w.rows["note"].pk},
    "inspections:note_move": lambda w: {"pk": w.rows["note"].pk, "verb": "finish"},
}
