"""Posts of officers and duties of administrators (岗位任免): given with a term, ended with a reason.

The area of a post is within that of its agency. One that reaches a whole province waits for a second person: the
system administrator appoints, the security administrator confirms (三员分立).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import AdminDuty, Organisation, OrganisationKind, Person, Post
from chuangbao.accounts.permissions import may_administer, may_confirm_duty, may_manage_security
from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import covered_regions, region_name
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.models import Region
from chuangbao.core.workflow.proposals import propose
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.two_persons import confirm_by_second_person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Proposal

__all__ = [
    "Appointment", "appoint_administrator", "appoint_officer", "confirm_post", "end_duty", "end_post",
    "is_alone", "propose_administrator", "reaches_a_province", "set_department",
]  # fmt: skip

ONE = timedelta(days=1)
BELOW_A_PROVINCE = ("prefecture", "county")


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
    """Give a person with an account a post (任命); one that reaches a whole province waits to be confirmed.

    Raises Refused: no_account (email), admin (email), outside_agency (region), held (start).
    """
    if actor.capacity is not Capacity.SYSTEM:
        permit(may_administer, actor=actor)
    person = find_person(email)
    if to.region not in covered_regions(to.agency.region_id):
        raise Refused(
            "outside_agency",
            _("This area is outside that of the agency: %(area)s. Choose one within it.")
            % {"area": region_name(to.agency.region_id)},
            field="region",
        )
    waits = actor.capacity is not Capacity.SYSTEM and reaches_a_province(to.region)
    if unscoped(AdminDuty, because="nobody judges their own affairs").filter(person=person, ended_at=None).exists():
        raise Refused("admin", _("An administrator cannot hold an officer's post."), field="email")
    try:
        with transaction.atomic():
            row = Post.objects.create(
                person=person, agency=to.agency, department=to.department, region_id=to.region, duties=to.duties,
                term=to.term, deputy_for=to.deputy_for, appointed_by_id=actor.person_id,
                confirmed_at=None if waits else timezone.now(),
            )  # fmt: skip
    except IntegrityError as collision:
        raise Refused("held", _("This person holds this post already during that time."), field="start") from collision
    record(actor, "post.appoint", row, data={"person": person.pk, "duties": to.duties, "region": to.region})
    if waits:
        tell("post.waits", to=security_administrators(), data=words_of(row), url="/administration/posts/")
    else:
        tell("post.appointed", to=[person.pk], data=words_of(row), url="/desk/")
    return row


def words_of(post: Post) -> dict[str, str]:
    """How a post is called in a notice."""
    return {"post": f"{post.agency.name} {post.department}"}


def reaches_a_province(region: str) -> bool:
    """Whether an area is a whole province or more (省级及以上)."""
    return Region.objects.filter(pk=region).exclude(level__in=BELOW_A_PROVINCE).exists()


def security_administrators() -> list[int]:
    """The persons who confirm."""
    duties = unscoped(AdminDuty, because="who is told").filter(kind=AdminDuty.Kind.SECURITY, ended_at=None)
    return list(duties.values_list("person_id", flat=True))


@transaction.atomic
def confirm_post(*, post: Post, actor: Actor) -> Post:
    """Let a post that reaches a whole province begin (复核): a second person, neither appointing nor appointed.

    Raises Refused: over, confirmed, same_person.
    """
    permit(may_manage_security, actor=actor)
    row = unscoped(Post, because="administrators confirm posts").select_for_update(of=("self",)).get(pk=post.pk)
    if row.term.isempty or row.term.upper <= timezone.localdate():
        raise Refused("over", _("This post has ended already."))
    if row.confirmed_at is not None:
        raise Refused("confirmed", _("This post is confirmed already."))
    if actor.person_id in {row.appointed_by_id, row.person_id}:
        raise Refused("same_person", _("A second person confirms: neither who appointed nor who is appointed."))
    row.confirmed_at, row.confirmed_by_id = timezone.now(), actor.person_id
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    record(actor, "post.confirm", row, data={"person": row.person_id})
    tell("post.appointed", to=[row.person_id], data=words_of(row), url="/desk/")
    return row


@transaction.atomic
def set_department(*, agency: Organisation, code: str, actor: Actor) -> Organisation:
    """Say which department (主管部门) an agency is, by its code in the pack's list: its officers write its policies.

    Raises Refused: no_agency, no_department (department).
    """
    if actor.capacity is not Capacity.SYSTEM:
        permit(may_administer, actor=actor)
    row = unscoped(Organisation, because="administrators keep agencies").select_for_update().get(pk=agency.pk)
    if row.kind != OrganisationKind.AGENCY:
        raise Refused("no_agency", _("Only a government agency is a department."))
    listed = current_pack().codes.get("department")
    if listed is None or code not in listed.by_code:
        raise Refused(
            "no_department", _("The pack has no such department. Choose one of the list."), field="department"
        )
    before, row.department = row.department, code
    row.save(update_fields=["department"])
    record(actor, "agency.department", row, before=before, after=code)
    return row


@transaction.atomic
def end_post(*, post: Post, actor: Actor, reason: str) -> Post:
    """End a post today (免职); what it gave is gone with the next request. Raises Refused: over, reason_needed."""
    permit(may_administer | may_manage_security, actor=actor)
    require_reason(reason)
    row = unscoped(Post, because="administrators end posts").select_for_update().get(pk=post.pk)
    today = timezone.localdate()
    if row.term.isempty or (row.term.upper is not None and row.term.upper <= today):
        raise Refused("over", _("This post has ended already."))
    row.term = DateRange(min(row.term.lower, today), today) if row.term.lower < today else DateRange(empty=True)
    row.save(update_fields=["term"])
    record(actor, "post.end", row, reason=reason, data={"person": row.person_id})
    return row


@transaction.atomic
def propose_administrator(*, actor: Actor, email: str, kind: str, reason: str) -> Proposal:
    """Put forward that a person becomes an administrator, for a second administrator to confirm (双人).

    Raises Refused: no_account, officer or duty (field ``email``), reason_needed (reason), proposed.
    """
    permit(may_manage_security, actor=actor)
    person = find_person(email)
    refuse_unfit(person)
    return propose(person, "duty.appoint", actor=actor, reason=reason, kind=kind)


@transaction.atomic
def appoint_administrator(*, actor: Actor, email: str, kind: str, proposal: Proposal | None = None) -> AdminDuty:
    """Make a person one of the three administrators; the first ones come from the command line.

    A second administrator confirms the ``proposal`` of the first, wherever there is one who could.

    Raises Refused: no_account, officer or duty (field ``email``), and what ``confirm_by_second_person`` refuses.
    """
    person = find_person(email)
    if actor.capacity is not Capacity.SYSTEM:
        require_second(person, "duty.appoint", concerned=person.pk, actor=actor, proposal=proposal)
    refuse_unfit(person)
    try:
        with transaction.atomic():
            row = AdminDuty.objects.create(person=person, kind=kind)
    except IntegrityError as collision:
        raise already_one() from collision
    reason = proposal.reason if proposal else ""
    record(actor, "duty.appoint", row, after=kind, reason=reason, data={"person": person.pk})
    tell_administrators("duty.appointed", row, actor)
    return row


def is_alone(actor: Actor, *, concerned: int = 0) -> bool:
    """Whether no other administrator could confirm what this one does about a person: one appoints alone till then."""
    kinds = [AdminDuty.Kind.SYSTEM, AdminDuty.Kind.SECURITY]
    rows = unscoped(AdminDuty, because="who could confirm").filter(kind__in=kinds, ended_at=None)
    return not rows.exclude(person__in=[actor.person_id, concerned]).exists()


def require_second(row: Model, verb: str, *, concerned: int, actor: Actor, proposal: Proposal | None) -> None:
    """Let an act about administrators through that a second one confirms, or that only this one could do.

    Raises Refused as ``confirm_by_second_person`` does.
    """
    if proposal is None and is_alone(actor, concerned=concerned):
        permit(may_manage_security, actor=actor)
        return
    permit(may_confirm_duty, actor=actor, row=row)
    confirm_by_second_person(row, verb, actor=actor, proposal=proposal)


def refuse_unfit(person: Person) -> None:
    """Let a person through who holds neither a post nor a duty. Raises Refused: officer, duty (email)."""
    held = unscoped(Post, because="nobody judges their own affairs").filter(person=person)
    if held.filter(term__endswith__gt=timezone.localdate()).exists():  # one that is still to begin counts as well
        raise Refused("officer", _("Somebody who holds a post cannot be an administrator."), field="email")
    if unscoped(AdminDuty, because="nobody is two").filter(person=person, ended_at=None).exists():
        raise already_one()


def already_one() -> Refused:
    """The refusal of a second duty."""
    return Refused("duty", _("This person is an administrator already; nobody is two."), field="email")


def tell_administrators(event: str, duty: AdminDuty, actor: Actor) -> None:
    """Notify the person concerned and every administrator in office of an appointment or its end (三员制衡)."""
    rows = unscoped(AdminDuty, because="who is told").filter(ended_at=None)
    people = {duty.person_id, *rows.values_list("person_id", flat=True)} - {actor.person_id}
    data = {"person": duty.person_id, "kind": str(duty.get_kind_display())}
    tell(event, to=people, data=data, url="/desk/")


@transaction.atomic
def end_duty(*, duty: AdminDuty, actor: Actor, reason: str, proposal: Proposal | None = None) -> AdminDuty:
    """End an administrator's duty; the last of its kind stays.

    A second administrator confirms the ``proposal`` of the first, but for an administrator's own duty.

    Raises Refused: over, last, reason_needed, and what ``confirm_by_second_person`` refuses.
    """
    require_reason(reason)
    if duty.person_id == actor.person_id:
        permit(may_manage_security, actor=actor)
    else:
        require_second(duty, "duty.end", concerned=duty.person_id, actor=actor, proposal=proposal)
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
    tell_administrators("duty.ended", row, actor)
    return row


def require_reason(reason: str) -> None:
    """Check that a reason was given: power is not taken without one.

    Raises Refused: reason_needed (field ``reason``).
    """
    if not reason.strip():
        raise Refused("reason_needed", _("Say why: the reason stays on the record."), field="reason")


def find_person(email: str) -> Person:
    """Return the active person with the address, locked until the transaction ends.

    The lock keeps a person from getting two duties at the same moment. Raises Refused: no_account (field ``email``).
    """
    found = Person.objects.select_for_update().filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise Refused("no_account", _("Nobody has an account with this address. Ask them to sign up."), field="email")
    return found
