"""Notifications about facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Membership
from chuangbao.accounts.states import Standing
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.engine.current import current_pack
from chuangbao.core.messaging.notifications import Event, register, tell
from chuangbao.facts.words import label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["make_notifier", "people_of", "telling_award"]

register(
    Event(
        "facts.verify", _("%(name)s: a fact was verified"),
        _("%(fact)s was verified and holds until %(until)s."), "facts", discreet=True,
    ),
    Event(
        "facts.doubt", _("%(name)s: a verification was withdrawn"),
        _("%(fact)s is not verified any more. The reason stands in its history."), "facts", discreet=True,
    ),
    Event(
        "facts.withdraw", _("%(name)s: a fact was set aside"),
        _("%(fact)s was set aside by an officer. The reason stands in its history."), "facts", discreet=True,
    ),
    Event(
        "facts.award_withdrawn", _("%(name)s: a past grant was taken off the record"),
        _("%(fact)s was taken off the record by an officer. The reason stands in its history."), "facts",
        discreet=True,
    ),
)  # fmt: skip


name_verbs(
    state=_("Stated"), dispute=_("Disputed"), read_sensitive=_("Sealed values read"),
    open_to=_("Opened to the offices of a place"), read_file=_("File read"), take_in=_("File taken in"),
    register_taken=_("Register file taken in"), register_failed=_("Register file could not be read"),
)  # fmt: skip
name_verbs(
    "facts.fact", verify=_("Verified a fact"), doubt=_("Withdrew the verification of a fact"),
    withdraw=_("Withdrew a fact"),
)  # fmt: skip
name_verbs("facts.intake", discard=_("File forgotten"), undo=_("File undone"))
name_verbs("facts.award", load=_("Past grant recorded"), withdraw=_("Past grant withdrawn"))
name_verbs("facts.awardrecord", complete=_("Record called complete"), withdraw=_("Completeness of a record taken back"))
name_kinds(
    facts__fact=Kind(_("Fact"), ("subject__name",)), facts__subject=Kind(_("Particulars"), ("name",)),
    facts__intake=Kind(_("File with facts"), ("filename",)), facts__award=Kind(_("Past grant"), ("measure",)),
    facts__awardrecord=Kind(_("Record of past grants"), ("measure",)), facts__snapshot=Kind(_("Snapshot of the facts")),
)  # fmt: skip


def people_of(subject: Any) -> list[int]:
    """Whom it concerns: the person, or all who belong to the organisation today."""
    if subject.person_id:
        return [subject.person_id]
    rows = unscoped(Membership, because="who belongs to the organisation is told")
    found = rows.filter(organisation=subject.organisation_id, ended_at__isnull=True)
    return list(found.order_by("person").values_list("person", flat=True))


def is_in_sight_of_members(fact: Any) -> bool:
    """Whether the subject's own people see the fact: of an organisation not verified yet only what they said."""
    organisation = fact.subject.organisation
    return organisation is None or organisation.stage == Standing.VERIFIED or not fact.from_outside


def make_notifier(event: str) -> Callable[[Any, Actor, Mapping[str, Any]], None]:
    """Return what notifies whom a fact concerns of what another person did to it; never a value, only which fact."""

    def notify(fact: Any, actor: Actor, given: Mapping[str, Any]) -> None:
        data = {"fact": label(fact.name), "until": str(given.get("until", ""))}
        tell_others(event, fact, actor, data, reverse("facts:fact", args=[fact.subject_id, fact.name]))

    return notify


def telling_award(event: str) -> Callable[[Any, Actor, Mapping[str, Any]], None]:
    """Tell whom a past grant concerns what an officer did to it; of which measure, never the sum."""

    def tell_of_award(award: Any, actor: Actor, _given: Mapping[str, Any]) -> None:
        data = {"fact": measure_title(award.measure)}
        tell_others(event, award, actor, data, reverse("facts:award", args=[award.pk]))

    return tell_of_award


def tell_others(event: str, row: Any, actor: Actor, data: Mapping[str, str], url: str) -> None:
    """Tell the people of a row's subject what was done to the row, unless one of them did it."""
    if not is_in_sight_of_members(row):
        return
    if actor.organisation_id is not None and actor.organisation_id == row.subject.organisation_id:
        return  # a colleague did it
    people = [person for person in people_of(row.subject) if person != actor.person_id]
    tell(event, to=people, data={"name": str(row.subject), **data}, url=url)


def measure_title(measure: str) -> str:
    """The measure by its title in Chinese; a notice keeps it as it was called then."""
    found = current_pack().measures.get(measure)
    return measure if found is None else found.title.zh
