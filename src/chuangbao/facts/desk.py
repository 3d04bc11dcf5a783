"""What waits on the workbench about facts: disputes for the office, verifications that end for whom they concern."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.row_access import visible
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.facts.enums import FactStage
from chuangbao.facts.models import Fact
from chuangbao.facts.permissions import may_have_facts, may_list
from chuangbao.facts.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__ = ["own_facts", "waiting"]

SHOWN, SOON = 20, timedelta(days=30)


@todo("facts", gettext_lazy("Particulars"))
def waiting(actor: Actor) -> Iterator[ToDo]:
    """Disputed facts for an officer who verifies; verifications that end soon for the subject's own people."""
    if may_list.test(actor) and actor.holds("register"):
        yield from (item(row, _("%(name)s disputes: %(fact)s")) for row in rows_of(actor, stage=FactStage.DISPUTED))
    elif may_have_facts.test(actor):
        today = timezone.localdate()
        ending = rows_of(actor, stage=FactStage.VERIFIED, verified_until__range=(today, today + SOON))
        yield from (item(row, _("%(name)s: the verification of %(fact)s ends")) for row in ending)


def rows_of(actor: Actor, **narrowed: object) -> list[Fact]:
    """The oldest of what waits."""
    rows = visible(Fact, to=actor).filter(**narrowed).select_related("subject__organisation", "subject__person")
    return list(rows.order_by("recorded_at", "pk")[:SHOWN])


def item(row: Fact, words: str) -> ToDo:
    """One of them, with the way to it."""
    return ToDo(
        words % {"name": row.subject, "fact": label(row.name)},
        reverse("facts:fact", args=[row.subject_id, row.name]),
        since=row.recorded_at,
        until=row.verified_until if row.stage == FactStage.VERIFIED else None,
    )


@mine(Heading.OWN)
def own_facts(actor: Actor) -> Iterator[Mine]:
    """Return the shortcut to the actor's own facts, or to those of the officer's area."""
    if may_have_facts.test(actor):
        yield Mine(_("Facts"), reverse("facts:mine"), "id")
        yield Mine(_("Past grants"), reverse("facts:awards"), "history")
    elif may_list.test(actor):
        yield Mine(_("Enterprises and people"), reverse("facts:subjects"), "building-store")
        yield Mine(_("Past grants"), reverse("facts:awards"), "history")
