"""One of everything of premises, for the table of permissions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

import factories
from chuangbao.premises.domain.letters import issue_letter
from chuangbao.premises.domain.premises import open_premise
from chuangbao.premises.models import ConsentLetter
from spaces.samples import make_space

if TYPE_CHECKING:
    from chuangbao.accounts.models import Person
    from chuangbao.core.access.actors import Actor
    from chuangbao.premises.models import Premise
    from permissions.world import World


def make_premise(actor: Actor, room: str = "301-A1", **values: Any) -> Premise:
    """A premise of a space of the actor's organisation, made where there is none."""
    space = make_space(actor, name="演示·住所空间")
    return open_premise(site=space.sites.get(), room=room, actor=actor, **values)


def make_letter(premise: Premise, actor: Actor, licensee: str = "演示科技有限公司", **values: Any) -> ConsentLetter:
    """A letter that holds for a year."""
    until = timezone.localdate() + timedelta(days=365)
    return issue_letter(premise=premise, actor=actor, licensee=licensee, valid_until=until, **values)


def make_rows(world: World) -> dict[str, Any]:
    """A premise of the owner with a letter."""
    premise = make_premise(world.actors["owner"])
    return {"premise": premise, "letter": make_letter(premise, world.actors["owner"])}


def leave_rows(person: Person) -> None:
    """A letter that the person issued."""
    owner = factories.member()
    letter = make_letter(make_premise(owner), owner)
    ConsentLetter.objects.filter(pk=letter.pk).update(issued_by=person)


SAMPLES = {
    **{
        f"premises:{name}": lambda w: {"pk": w.rows["premise"].pk}
        for name in ("premise", "ceiling", "close", "letter_new")
    },
    **{
        f"premises:{name}": lambda w: {"pk": w.rows["letter"].pk}
        for name in ("letter", "letter_pdf", "letter_replace", "letter_revoke", "letter_licence")
    },
}
OPEN = {"premises:look_up_code": lambda w: {"token": w.rows["letter"].address_code}}
PAGES = ["/premises/look-up/"]
