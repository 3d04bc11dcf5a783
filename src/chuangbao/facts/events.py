"""What people are told about their facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Membership
from chuangbao.core.history import name_verbs
from chuangbao.core.notices import Event, register, tell
from chuangbao.core.scope import unscoped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chuangbao.core.actors import Actor

__all__ = ["people_of", "telling"]

register(
    Event(
        "facts.verify", _("%(name)s: a fact was verified"),
        _("%(fact)s was verified and holds until %(until)s."), "facts",
    ),
    Event(
        "facts.doubt", _("%(name)s: a verification was withdrawn"),
        _("%(fact)s is not verified any more. The reason stands in its history."), "facts",
    ),
    Event(
        "facts.withdraw", _("%(name)s: a fact was set aside"),
        _("%(fact)s was set aside by an officer. The reason stands in its history."), "facts",
    ),
)  # fmt: skip


name_verbs(
    state=_("Stated"), dispute=_("Disputed"), withdraw=_("Withdrawn"), read_sensitive=_("Sealed values read"),
    open_to=_("Opened to the offices of a place"), read_file=_("File read"), take_in=_("File taken in"),
    discard=_("File forgotten"), register_taken=_("Register file taken in"), export=_("Exported"),
    register_failed=_("Register file could not be read"),
)  # fmt: skip


def people_of(subject: Any) -> list[int]:
    """Whom it concerns: the person, or all who belong to the organisation today."""
    if subject.person_id:
        return [subject.person_id]
    rows = unscoped(Membership, because="who belongs to the organisation is told")
    found = rows.filter(organisation=subject.organisation_id, ended_at__isnull=True)
    return list(found.order_by("person").values_list("person", flat=True))


def telling(event: str) -> Callable[[Any, Actor, Mapping[str, Any]], None]:
    """Tell whom a fact concerns what somebody else did to it; never a value, only which fact."""

    def told(fact: Any, actor: Actor, given: Mapping[str, Any]) -> None:
        people = [person for person in people_of(fact.subject) if person != actor.person_id]
        if actor.organisation_id is not None and actor.organisation_id == fact.subject.organisation_id:
            return  # a colleague did it
        data = {"name": str(fact.subject), "fact": fact_label(fact.name), "until": str(given.get("until", ""))}
        tell(event, to=people, data=data, url=reverse("facts:fact", args=[fact.subject_id, fact.name]))

    return told


def fact_label(name: str) -> str:
    """The fact by its plain name; a notice keeps it as it was called then."""
    from chuangbao.facts.words import label  # late: words read the models, which know this life

    return label(name)
