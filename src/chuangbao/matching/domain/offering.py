"""The newly entitled are notified (告知), once; they may say that it is not for them, with the reason."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from chuangbao.accounts.models import Membership
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.messaging.notifications import tell
from chuangbao.facts.models import Subject
from chuangbao.facts.permissions import is_concerned
from chuangbao.matching.models import Entitlement, Offer, PopulationRun
from chuangbao.policies.addresses import reasons_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.core.access.actors import Actor

__all__ = ["decline", "offer", "reconsider"]

WHY = "the worker tells whoever is entitled"
PAGE = "/policies/for-me/"


def offer(*, run: PopulationRun) -> int:
    """Notify the people of every subject of what it is newly entitled to; return how many subjects.

    One subject after another, each in a transaction with its mark: a run that is taken up again notifies only the rest.
    """
    known = current_pack().measures
    told = 0
    for subject, rows in groupby(list_untold(), key=lambda pair: pair[0]):
        measures = [measure for _subject, measure in rows if measure in known]
        told += tell_subject(subject, measures, run) if measures else 0
    unscoped(PopulationRun, because=WHY).filter(pk=run.pk).update(told=F("told") + told)
    return told


def list_untold() -> Iterable[tuple[int, str]]:
    """List subjects with a person to notify, and what they do not know of yet; what they declined is left out."""
    active = Membership.objects.filter(organisation=OuterRef("subject__organisation"), ended_at=None)
    active = active.filter(organisation__stage=Standing.VERIFIED)
    before = Offer.objects.filter(subject=OuterRef("subject"), measure=OuterRef("measure"))
    before = before.filter(Q(told_at__isnull=False) | Q(declined_at__isnull=False))
    rows = unscoped(Entitlement, because=WHY).filter(gone=None, status=Entitlement.Status.ELIGIBLE)
    rows = rows.filter(Q(subject__person__isnull=False) | Exists(active)).exclude(Exists(before))
    return list(rows.order_by("subject", "measure").values_list("subject", "measure"))


@transaction.atomic
def tell_subject(subject: int, measures: list[str], run: PopulationRun) -> int:
    """Send one notice for one subject and mark each measure as notified; 0 where it has no person any more."""
    people = people_of(unscoped(Subject, because=WHY).get(pk=subject))
    if not people:
        return 0
    Offer.objects.bulk_create(
        [Offer(subject_id=subject, measure=measure, run=run, told_at=timezone.now()) for measure in measures],
        update_conflicts=True,
        unique_fields=["subject", "measure"],
        update_fields=["run", "told_at"],
    )
    title = current_pack().measures[measures[0]].title.zh
    event = "policies.found" if len(measures) == 1 else "policies.found_more"
    url = reasons_url(subject, measures[0]) if len(measures) == 1 else PAGE
    tell(event, to=people, data={"title": title, "n": len(measures)}, url=url, once=f"run {run.pk} {subject}")
    return 1


def people_of(subject: Subject) -> list[int]:
    """The person, or everybody who belongs to the organisation today, once it is verified."""
    if subject.person_id is not None:
        return [subject.person_id]
    members = unscoped(Membership, because=WHY).filter(organisation=subject.organisation_id, ended_at=None)
    members = members.filter(organisation__stage=Standing.VERIFIED)
    return list(members.values_list("person", flat=True))


@transaction.atomic
def decline(*, subject: Subject, measure: str, reason: str, actor: Actor) -> Offer:
    """It is not for them, and why (不申请的原因): they are not notified of it again."""
    permit(is_concerned, actor=actor, row=subject)
    row, _fresh = unscoped(Offer, because="one's own").update_or_create(
        subject=subject,
        measure=measure,
        defaults={"declined_at": timezone.now(), "declined_by_id": actor.person_id, "reason": reason},
    )
    record(actor, "entitlement.decline", row, data={"measure": measure, "reason": reason})
    return row


@transaction.atomic
def reconsider(*, offer: Offer, actor: Actor) -> Offer:
    """It may be for them after all."""
    permit(is_concerned, actor=actor, row=offer)
    offer.declined_at, offer.declined_by, offer.reason = None, None, ""
    offer.save(update_fields=["declined_at", "declined_by", "reason"])
    record(actor, "entitlement.reconsider", offer, data={"measure": offer.measure})
    return offer
