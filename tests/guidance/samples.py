"""One of everything of guidance, for the table of permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factories
from chuangbao.accounts.domain.acting import as_self
from chuangbao.guidance.domain.asking import ask_office

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from permissions.world import World


def make_rows(world: World) -> dict[str, Any]:
    """A question of the owner for the organisation, with the officers of the county."""
    return {"question": ask_office(actor=world.actors["owner"], place=factories.COUNTY, text="怎么申请？")}


def leave_rows(person: Person) -> None:
    """A question of a person of their own, which says who they are."""
    ask_office(actor=as_self(person), place=factories.COUNTY, text=f"{person.name}：怎么申请？")


ROLES = {"adviser": lambda: factories.officer("guidance")}
SAMPLES = {
    "guidance:question": lambda w: {"pk": w.rows["question"].pk},
    "guidance:detach": lambda w: {"pk": w.rows["question"].pk},
    "guidance:move": lambda w: {"pk": w.rows["question"].pk, "verb": "withdraw"},
}
