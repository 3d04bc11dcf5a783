"""Posts of officers and duties of administrators (岗位任免): given with a term, ended with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import AdminDuty, Organisation, Person, Post
from chuangbao.accounts.permissions import may_administer, may_manage_security
from chuangbao.core.access import permit
from chuangbao.core.actors import Capacity
from chuangbao.core.history import record
from chuangbao.core.notices import tell
from chuangbao.core.refusals import Refused
from chuangbao.core.scope import unscoped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangbao.core.actors import Actor

__all__ = ["Appointment", "appoint_administrator", "appoint_officer", "end_duty", "end_post"]

ONE = timedelta(days=1)


class Appointment:
    """What an officer is appointed to: agency, department, area, duties, from and to (both included)."""

    def __init__(  # noqa: PLR0913 - a post has as many parts
        self, *, agency: Organisation, department: str, region: str, duties: Sequence[str], start: date, end: date,
        deputy_for: Post | None = None,
    ) -> None:  # fmt: skip
        self.agency, self.department, self.region, self.duties = agency, department, region, list(duties)
        self.term, self.deputy_for = DateRange(start, end + ONE), deputy_for


@transaction.atomic
def appoint_officer(*, actor: Actor, email: str, to: Appointment) -> Post:
    """Give a person with an account a post. Raises Refused: no_account (email), admin (email), held (term)."""
    permit(may_administer, actor=actor)
    person = person_by(email)
    if unscoped(AdminDuty, because="nobody judges their own affairs").filter(person=person, ended_at=None).exists():
        raise Refused("admin", _("An administrator cannot hold an officer's post."), field="email")
    try:
        with transaction.atomic():
            row = Post.objects.create(
                person=person, agency=to.agency, department=to.department, region_id=to.region, duties=to.duties,
                term=to.term, deputy_for=to.deputy_for, appointed_by_id=actor.person_id,
            )  # fmt: skip
    except IntegrityError as collision:
        raise Refused("held", _("This person holds this post already during that time."), field="start") from collision
    record(actor, "post.appoint", row, data={"person": person.pk, "duties": to.duties, "region": to.region})
    tell("post.appointed", to=[person.pk], data={"post": f"{to.agency.name} {to.department}"}, url="/desk/")
    return row


@transaction.atomic
def end_post(*, post: Post, actor: Actor, reason: str) -> Post:
    """End a post today; what it gave is gone with the next request. Raises Refused: over."""
    permit(may_administer | may_manage_security, actor=actor)
    row = unscoped(Post, because="administrators end posts").select_for_update().get(pk=post.pk)
    today = timezone.localdate()
    if row.term.upper is not None and row.term.upper <= today:
        raise Refused("over", _("This post has ended already."))
    row.term = DateRange(min(row.term.lower, today), today) if row.term.lower < today else DateRange(empty=True)
    row.save(update_fields=["term"])
    record(actor, "post.end", row, reason=reason, data={"person": row.person_id})
    return row


@transaction.atomic
def appoint_administrator(*, actor: Actor, email: str, kind: str) -> AdminDuty:
    """Make a person one of the three administrators; the first ones come from the command line.

    Raises Refused: no_account, officer or duty (field ``email``).
    """
    if actor.capacity is not Capacity.SYSTEM:
        permit(may_manage_security, actor=actor)
    person = person_by(email)
    if (
        unscoped(Post, because="nobody judges their own affairs")
        .filter(person=person, term__contains=timezone.localdate())
        .exists()
    ):
        raise Refused("officer", _("Somebody who holds a post cannot be an administrator."), field="email")
    try:
        with transaction.atomic():
            row = AdminDuty.objects.create(person=person, kind=kind)
    except IntegrityError as collision:
        raise Refused(
            "duty", _("This person is an administrator already; nobody is two."), field="email"
        ) from collision
    record(actor, "duty.appoint", row, after=kind, data={"person": person.pk})
    return row


@transaction.atomic
def end_duty(*, duty: AdminDuty, actor: Actor, reason: str) -> AdminDuty:
    """End an administrator's duty; one's own cannot be the last of its kind. Raises Refused: over, last."""
    permit(may_manage_security, actor=actor)
    rows = unscoped(AdminDuty, because="administrators end duties").filter(kind=duty.kind, ended_at=None)
    held = {row.pk: row for row in rows.select_for_update()}
    if duty.pk not in held:
        raise Refused("over", _("This duty has ended already."))
    if len(held) == 1:
        raise Refused("last", _("This is the only administrator of the kind. Appoint another first."))
    row = held[duty.pk]
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record(actor, "duty.end", row, before=row.kind, reason=reason, data={"person": row.person_id})
    return row


def person_by(email: str) -> Person:
    """Whoever has the address."""
    found = Person.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise Refused("no_account", _("Nobody has an account with this address. Ask them to sign up."), field="email")
    return found
