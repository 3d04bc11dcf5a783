"""The end of the demonstration (演示结束): what its people held is theirs no longer."""

from __future__ import annotations

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from chuangbao.accounts.models import AdminDuty, Person, Post
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record

__all__ = ["end_demonstration", "has_real_people"]

BECAUSE = "the demonstration is over"


def has_real_people() -> bool:
    """Tell whether a person has an account who is not of the demonstration."""
    return Person.objects.filter(is_demo=False, is_active=True).exists()


@transaction.atomic
def end_demonstration() -> int:
    """End the posts and duties of the people of the demonstration; how many were ended now."""
    today, ended = timezone.localdate(), 0
    posts = unscoped(Post, because=BECAUSE).filter(person__is_demo=True, term__contains=today)
    for post in posts.select_for_update(of=("self",)):
        post.term = DateRange(post.term.lower, today) if post.term.lower < today else DateRange(empty=True)
        post.save(update_fields=["term"])
        record(SYSTEM, "post.end", post, reason=BECAUSE, data={"person": post.person_id})
        ended += 1
    duties = unscoped(AdminDuty, because=BECAUSE).filter(person__is_demo=True, ended_at=None)
    for duty in duties.select_for_update(of=("self",)):
        duty.ended_at = timezone.now()
        duty.save(update_fields=["ended_at"])
        record(SYSTEM, "duty.end", duty, before=duty.kind, reason=BECAUSE, data={"person": duty.person_id})
        ended += 1
    return ended
