"""What keeps an actor from booking a resource at any time (不能预约的原因), so that pages say it before a form does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from chuangbao.booking.domain.search import list_bookable
from chuangbao.booking.enums import Audience, Barrier
from chuangbao.booking.models import Training
from chuangbao.booking.permissions import may_serve
from chuangbao.core.access.row_access import unscoped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.booking.models import Resource
    from chuangbao.core.access.actors import Actor

__all__ = ["find_barriers"]


def find_barriers(actor: Actor, resources: Iterable[Resource]) -> dict[int, Barrier]:
    """Find what keeps an actor from booking some resources, by their ids; nothing for who serves there.

    No query where everybody may book them, one for audiences and one for trainings else.
    """
    rows = [row for row in resources if row.audience != Audience.PUBLIC or row.training_id]
    rows = [row for row in rows if not may_serve.test(actor, row)]
    narrow = [row.pk for row in rows if row.audience != Audience.PUBLIC]
    open_to = set(list_bookable(actor).filter(pk__in=narrow).values_list("pk", flat=True)) if narrow else set()
    held = list_held_kinds(actor, {row.training_id for row in rows if row.training_id})
    found: dict[int, Barrier] = {}
    for row in rows:
        if row.audience != Audience.PUBLIC and row.pk not in open_to:
            found[row.pk] = Barrier.TENANTS if row.audience == Audience.TENANTS else Barrier.LISTED
        elif row.training_id and row.training_id not in held:
            found[row.pk] = Barrier.TRAINING
    return found


def list_held_kinds(actor: Actor, kinds: set[int]) -> set[int]:
    """List which of some trainings the actor's person holds today, also under an e-mail that was put on record."""
    if not kinds or actor.person_id is None:
        return set()
    account = get_user_model().objects.filter(pk=actor.person_id, is_active=True)
    own = Q(person=actor.person_id) | Q(person=None, email__in=account.values(lower=Lower("email")))
    rows = unscoped(Training, because="the actor's own").filter(own, kind__in=kinds)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
    return set(rows.values_list("kind", flat=True))
