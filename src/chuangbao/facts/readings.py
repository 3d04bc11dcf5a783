"""Whom a reading concerns that names no person: passes over everybody, and rows sealed before readings had a name."""

from __future__ import annotations

from django.db.models import Min, Q

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.readings import OTHER_READINGS, READ_SENSITIVE
from chuangbao.facts.models import Fact, Subject

__all__ = ["concern"]

WHY = "which sensitive facts are held of those who ask who read them"
RUN = "policies.populationrun"


def concern(kind: str, number: int) -> Q:
    """Return the condition for the readings that concern a person or an organisation without naming it."""
    subject = unscoped(Subject, because=WHY).filter(**{kind: number}).values_list("pk", flat=True).first()
    if subject is None:
        return Q(pk__in=[])
    before = Q(verb=READ_SENSITIVE, kind="facts.subject", object_id=subject) & ~Q(data__has_any_keys=ABOUT)
    sealed = unscoped(Fact, because=WHY).filter(subject=subject, secret__isnull=False)
    since = dict(sealed.order_by().values_list("name").annotate(first=Min("recorded_at")))
    if not since:
        return before
    passes = Q(verb=READ_SENSITIVE, kind=RUN, at__gte=min(since.values()), data__facts__has_any_keys=sorted(since))
    return before | passes


ABOUT = ["about", "about_organisation"]
OTHER_READINGS.append(concern)
