"""What to look at with the licences of an address: counted, shown with its figures, and never a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.messaging.notifications import tell
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.lookups import mask_name
from chuangbao.premises.enums import LetterStage, PremiseStage, Reach, WarningKind
from chuangbao.premises.models import ConsentLetter, HostFile, Premise
from chuangbao.spaces.domain.dependants import list_members, list_officers

if TYPE_CHECKING:
    from typing import Any

    from django.db.models import QuerySet

    from chuangbao.core.access.actors import Actor

__all__ = ["AddressWarning", "list_same_applicant", "list_warnings", "tell_of_mass"]

WHY = "counted at one address; the notice goes to its host and to the office of its place"
FULL = 100


@dataclass(frozen=True, slots=True)
class AddressWarning:
    """One thing to look at: its kind, the address and its space, what was counted, and a row that leads there."""

    kind: str
    address: str
    space: str
    words: str
    count: int
    letter: int | None = None
    premise: int | None = None

    @property
    def label(self) -> str:
        """How the kind is called."""
        return str(WarningKind(self.kind).label)


def list_warnings(actor: Actor) -> list[AddressWarning]:
    """List the warnings of the addresses in sight: mass registration first, then lost firms, then ceilings."""
    return [*list_mass(actor), *list_lost(actor), *list_ceilings(actor)]


def limit_to_host(actor: Actor, rows: QuerySet[Any], site: str) -> QuerySet[Any]:
    """Return rows in sight whose site a member's own organisation runs; officers keep those of their area."""
    found = visible(rows, to=actor)
    if actor.capacity is Capacity.OFFICER:
        return found
    return found.filter(**{f"{site}space__operator": actor.organisation_id})


def list_mass(actor: Actor) -> list[AddressWarning]:
    """List where one applicant had letters for many firms at one site within the days of the limit."""
    today = timezone.localdate()
    days, most = read_limit("mass_days", today), read_limit("mass_letters", today)
    rows = limit_to_host(actor, ConsentLetter.objects.all(), "premise__site__")
    rows = rows.filter(issued_on__gte=today - timedelta(days=days)).exclude(applicant_key="")
    counted = rows.values("premise__site", "applicant_key").annotate(
        firms=Count("licensee", distinct=True), last=Max("pk")
    )
    found = {row["last"]: row["firms"] for row in counted.filter(firms__gte=most).order_by("-firms", "-last")}
    letters = visible(ConsentLetter, to=actor).select_related("premise__site__space").in_bulk(list(found))
    words = _("%(count)d firms by %(name)s within %(days)d days; the limit for a look is %(most)d.")
    return [
        AddressWarning(
            WarningKind.MASS,
            letters[pk].premise.site.address,
            letters[pk].premise.space.name,
            words % {"count": firms, "name": name_applicant(actor, letters[pk]), "days": days, "most": most},
            firms,
            letter=pk,
        )
        for pk, firms in found.items()
    ]


def name_applicant(actor: Actor, letter: ConsentLetter) -> str:
    """Return who applied, as the host wrote it; an officer reads a masked name here, and the whole on the letter."""
    name = letter.applicant or _("one applicant")
    return mask_name(name) if letter.applicant and actor.capacity is Capacity.OFFICER else name


def list_lost(actor: Actor) -> list[AddressWarning]:
    """List the premises with firms that cannot be reached, of how many that are registered there."""
    today = timezone.localdate()
    held = Q(letter__stage=LetterStage.VALID, letter__valid_until__gte=today)
    rows = limit_to_host(actor, HostFile.objects.all(), "letter__premise__site__").filter(held)
    counted = rows.values("letter__premise").annotate(
        firms=Count("pk"), lost=Count("pk", filter=Q(reach=Reach.LOST)), last=Max("letter", filter=Q(reach=Reach.LOST))
    )
    found = list(counted.filter(lost__gte=read_limit("lost_firms", today)).order_by("-lost", "letter__premise"))
    premises = load_premises(actor, [row["letter__premise"] for row in found])
    words = _("%(lost)d of %(firms)d registered firms cannot be reached.")
    return [
        warn_of_premise(WarningKind.LOST, premises[row["letter__premise"]], words % row, row["lost"]) for row in found
    ]


def list_ceilings(actor: Actor) -> list[AddressWarning]:
    """List the open premises whose licences have come near to their ceiling."""
    today = timezone.localdate()
    percent = read_limit("ceiling_percent", today)
    held = Q(letters__stage=LetterStage.VALID, letters__valid_until__gte=today)
    rows = limit_to_host(actor, Premise.objects.all(), "site__").filter(stage=PremiseStage.OPEN, ceiling__isnull=False)
    rows = rows.annotate(held=Count("letters", filter=held)).filter(held__gte=F("ceiling") * percent / FULL)
    words = _("%(held)d of at most %(most)d licences.")
    return [
        warn_of_premise(WarningKind.CEILING, row, words % {"held": row.held, "most": row.ceiling}, row.held)
        for row in rows.select_related("site__space").order_by("-held", "pk")
    ]


def load_premises(actor: Actor, keys: list[int]) -> dict[int, Premise]:
    """Return premises in sight with their sites, by their keys."""
    return visible(Premise, to=actor).select_related("site__space").in_bulk(keys)


def warn_of_premise(kind: WarningKind, row: Premise, words: str, count: int) -> AddressWarning:
    """Return a warning about a premise."""
    return AddressWarning(kind, str(row), row.space.name, words, count, premise=row.pk)


def list_same_applicant(rows: QuerySet[ConsentLetter], letter: ConsentLetter) -> QuerySet[ConsentLetter]:
    """Return those of some letters at the site of one that have the same applicant; none where it names none."""
    if not letter.applicant_key:
        return rows.none()
    return rows.filter(premise__site=letter.premise.site_id, applicant_key=letter.applicant_key)


def tell_of_mass(letter: ConsentLetter) -> int:
    """Tell host and office once where a letter makes one applicant's firms at an address many; return how many."""
    if not letter.applicant_key:
        return 0
    day = letter.issued_on
    days, most = read_limit("mass_days", day), read_limit("mass_letters", day)
    rows = unscoped(ConsentLetter, because=WHY).filter(issued_on__gte=day - timedelta(days=days))
    count = list_same_applicant(rows, letter).values("licensee").distinct().count()
    if count < most:
        return 0
    site = letter.premise.site
    people = list_members(site.space.operator_id) | list_officers(site.region_id)
    data = {"count": count, "days": days, "address": site.address, "space": site.space.name}
    once = f"{site.pk}:{letter.applicant_key[:24]}:{day:%Y-%m}"
    return tell("letters.many", to=people, data=data, url="/premises/warnings/", once=once)
