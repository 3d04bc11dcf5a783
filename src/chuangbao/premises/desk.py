"""The way to premises and letters on the workbench, and the letters that end soon."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import visible
from chuangbao.core.workbench import Mine, ToDo, mine, todo
from chuangbao.premises.enums import LetterStage
from chuangbao.premises.models import ConsentLetter
from chuangbao.premises.permissions import may_see_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST = 20
SOON = timedelta(days=30)


@todo("consent_letters", gettext_lazy("Letters of consent"))
def list_ending_letters(actor: Actor) -> Iterator[ToDo]:
    """List the letters that the actor's organisation issued and that end within thirty days, the first to end first."""
    if actor.capacity is not Capacity.MEMBER:
        return
    today = timezone.localdate()
    rows = visible(ConsentLetter, to=actor).filter(
        stage=LetterStage.VALID, valid_until__range=(today, today + SOON), space__operator=actor.organisation_id
    )
    for row in rows.order_by("valid_until", "pk")[:MOST]:
        words = _("Letter %(number)s ends: %(firm)s") % {"number": row.number, "firm": row.licensee}
        yield ToDo(words, reverse("premises:letter", args=[row.pk]), None, row.valid_until)


@todo("letters_given_up", gettext_lazy("Letters of premises that were given up"))
def list_given_up(actor: Actor) -> Iterator[ToDo]:
    """List the valid letters whose site the space has given up: the firm has to move, and the letter to go."""
    if actor.capacity is not Capacity.MEMBER:
        return
    rows = visible(ConsentLetter, to=actor).filter(
        stage=LetterStage.VALID,
        valid_until__gte=timezone.localdate(),
        premise__site__until__isnull=False,
        premise__site__space__operator=actor.organisation_id,
    )
    for row in rows.select_related("premise__site").order_by("premise__site__until", "pk")[:MOST]:
        words = _("Its site was given up, revoke %(number)s: %(firm)s") % {"number": row.number, "firm": row.licensee}
        yield ToDo(words, reverse("premises:letter", args=[row.pk]), None, row.premise.site.until)


@mine
def list_ways_to_premises(actor: Actor) -> Iterator[Mine]:
    """List the way to the premises and letters in sight."""
    if may_see_letters.test(actor):
        yield Mine(_("Premises and letters"), reverse("premises:list"), "file-certificate")
