"""What of the desk waits for a person: texts to review, drafts that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from chuangbao.authoring.domain.returned import returned_by_row
from chuangbao.authoring.permissions import may_author, may_review
from chuangbao.core.access.row_access import visible
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

PAGES: tuple[tuple[Any, str], ...] = (
    (MeasureVersion, "authoring:version"),
    (RegisteredDocument, "authoring:paper"),
    (Interpretation, "authoring:note"),
)
MOST = 20


@todo("policies", _l("Policies to write and review"))
def waiting(actor: Actor) -> Iterator[ToDo]:
    """List texts of colleagues that wait for a review, and the actor's own drafts."""
    if not may_author.test(actor):
        return
    for model, page in PAGES:
        rows = visible(model, to=actor).filter(stage=Stage.IN_REVIEW).order_by("pk")
        for row in rows[:MOST]:
            if may_review.test(actor, row):
                yield ToDo(_("Review: %s") % row.title, reverse(page, args=[row.pk]), row.created_at)
        own = visible(model, to=actor).filter(stage=Stage.DRAFT, author=actor.person_id).order_by("pk")
        drafts = list(own[:MOST])
        returned = returned_by_row(drafts)
        for row in drafts:
            words = _("Returned, please mend: %s") if row.pk in returned else _("Go on writing: %s")
            yield ToDo(words % row.title, reverse(page, args=[row.pk]), row.created_at)


@mine(Heading.POLICIES)
def list_desk_ways(actor: Actor) -> Iterator[Mine]:
    """List the ways to the desk."""
    if may_author.test(actor):
        yield Mine(_("Writing policies"), reverse("authoring:desk"), "edit")
        yield Mine(_("Figures left open"), reverse("authoring:openings"), "list-check")
        yield Mine(_("Words of the search"), reverse("authoring:synonyms"), "search")
