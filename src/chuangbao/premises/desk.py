"""The way to premises and letters on the workbench; letters that end soon, mail that waits, firms that are lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import visible
from chuangbao.core.onward import SetupStep, Way, add_steps, lead_onward
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.premises.domain.mail import waits_too_long
from chuangbao.premises.enums import LetterStage, MailStage, PremiseStage, Reach
from chuangbao.premises.models import ConsentLetter, HostFile, MailItem, Premise
from chuangbao.premises.permissions import may_oversee, may_see_letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

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


@todo("mail_waiting", gettext_lazy("Mail that waits"))
def list_waiting_mail(actor: Actor) -> Iterator[ToDo]:
    """List the mail that a host has kept longer than the limit of its kind, and all that waits for the actor's firm."""
    if actor.capacity is not Capacity.MEMBER:
        return
    ours = Q(file__letter__organisation=actor.organisation_id, stage=MailStage.WAITING)
    rows = visible(MailItem, to=actor).filter(ours | waits_too_long(timezone.localdate()))
    for row in rows.select_related("file__letter").order_by("received_on", "pk")[:MOST]:
        said = {"firm": row.file.letter.licensee, "kind": row.get_mail_kind_display(), "days": row.days_waiting}
        words = _("%(kind)s for %(firm)s waits for %(days)d days") % said
        yield ToDo(words, reverse("premises:mail_item", args=[row.pk]), None, row.received_on)


@todo("firms_lost", gettext_lazy("Firms that cannot be reached"))
def list_lost_firms(actor: Actor) -> Iterator[ToDo]:
    """List the firms that hosts of the officer's area cannot reach and that the office has not answered."""
    if not may_oversee.test(actor):
        return
    rows = visible(HostFile, to=actor).filter(reach=Reach.LOST, office_on=None, letter__stage=LetterStage.VALID)
    for row in rows.select_related("letter__space").order_by("lost_on", "pk")[:MOST]:
        said = {"firm": row.letter.licensee, "space": row.letter.space.name}
        words = _("%(space)s cannot reach %(firm)s") % said
        yield ToDo(words, reverse("premises:file", args=[row.pk]), None, row.lost_on)


@mine(Heading.SPACES)
def list_ways_to_premises(actor: Actor) -> Iterator[Mine]:
    """List the way to the premises and letters in sight."""
    if may_see_letters.test(actor):
        yield Mine(_("Premises and letters"), reverse("premises:list"), "file-certificate")


@add_steps("spaces.space")
def list_step_of_premises(actor: Actor, space: Space) -> Iterator[SetupStep]:
    """List the first address of a space at which firms can register."""
    has_any = visible(Premise, to=actor).filter(site__space=space).exists()
    yield SetupStep(_("Addresses at which firms can register"), f"{reverse('premises:new')}?space={space.pk}", has_any)


@lead_onward("spaces.space")
def lead_to_scope(actor: Actor, spaces: Sequence[Space]) -> dict[int, list[Way]]:
    """Return to the operator of a space where it looks up what it may offer: all but the negative list (2.5.2)."""
    way = Way(_("Business scope and negative list"), reverse("premises:scope"), "list-search")
    return {space.pk: [way] for space in spaces if actor.organisation_id and actor.organisation_id == space.operator_id}


@lead_onward("tenants.tenancy")
def lead_to_letters(actor: Actor, tenancies: Sequence[Any]) -> dict[int, list[Way]]:
    """Return to the host the valid letters of consent of each tenant, or where to issue the first."""
    hosted = [row for row in tenancies if actor.organisation_id == row.space.operator_id]
    if not hosted:
        return {}
    firms = {row.organization_id for row in hosted} - {None}
    letters = visible(ConsentLetter, to=actor).filter(stage=LetterStage.VALID, organisation__in=firms)
    found: dict[tuple[int, int | None], list[Way]] = {}
    for letter in letters.order_by("issued_on", "pk"):
        title, url = _("Letter of consent %s") % letter.number, reverse("premises:letter", args=[letter.pk])
        found.setdefault((letter.space_id, letter.organisation_id), []).append(Way(title, url, "file-certificate"))
    admitted = [row for row in hosted if row.is_open and row.admitted_on]
    spaces = {row.space_id for row in admitted}
    rows = visible(Premise, to=actor).filter(site__space__in=spaces, site__until=None, stage=PremiseStage.OPEN)
    premises: dict[int, list[int]] = {}
    for space, key in rows.order_by("pk").values_list("site__space", "pk") if admitted else []:
        premises.setdefault(space, []).append(key)
    first = {row.pk: [way_to_first_letter(row, premises.get(row.space_id, []))] for row in admitted}
    return {row.pk: found.get((row.space_id, row.organization_id)) or first.get(row.pk, []) for row in hosted}


def way_to_first_letter(tenancy: Any, premises: Sequence[int]) -> Way:
    """Return where to issue the first letter of a tenant, with what is known of its firm filled in."""
    firm, title = tenancy.organization, _("Issue a letter of consent")
    known = {"licensee": firm.name, "licensee_code": firm.code or ""} if firm else {}
    if len(premises) == 1:
        url = reverse("premises:letter_new", args=premises)
    elif not premises:
        url, known = reverse("premises:new"), known | {"space": str(tenancy.space_id), "for": tenancy.name}
    else:
        url, known = reverse("premises:list"), known | {"q": tenancy.space.name}
    return Way(title, f"{url}?{urlencode(known)}" if known else url, "file-certificate")
