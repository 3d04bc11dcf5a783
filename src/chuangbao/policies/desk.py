"""What of the policy desk waits for a person: texts to review, drafts that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from chuangbao.core.access.row_access import visible
from chuangbao.core.workbench import Mine, ToDo, mine, todo
from chuangbao.facts.permissions import may_have_facts
from chuangbao.policies.domain.returned import returned_by_row
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument
from chuangbao.policies.permissions import may_author, may_review, may_run, may_see_entitled, may_simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__ = ["mine_here", "waiting"]

PAGES: tuple[tuple[Any, str], ...] = (
    (MeasureVersion, "policies:desk_version"),
    (RegisteredDocument, "policies:desk_paper"),
    (Interpretation, "policies:desk_note"),
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


@mine
def mine_here(actor: Actor) -> Iterator[Mine]:
    """List shortcuts to the desk, the runs and whom they found, to what is new for the person and what they follow."""
    if may_author.test(actor):
        yield Mine(_("Writing policies"), reverse("policies:desk"), "edit")
        yield Mine(_("Figures left open"), reverse("policies:desk_openings"), "list-check")
        yield Mine(_("Words of the search"), reverse("policies:desk_synonyms"), "search")
    if may_simulate.test(actor):
        yield Mine(_("Simulations"), reverse("policies:simulations"), "chart-bar")
    if may_run.test(actor):
        yield Mine(_("Policies find people"), reverse("policies:runs"), "target-arrow")
    if may_see_entitled.test(actor):
        yield Mine(_("Entitled and not applied"), reverse("policies:entitled"), "list-check")
    if may_have_facts.test(actor):
        yield Mine(_("What is new for me"), reverse("policies:for_me"), "target-arrow")
    if actor.signed_in:
        yield Mine(_("What I follow"), reverse("policies:subscriptions"), "bell")
