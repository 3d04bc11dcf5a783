"""Leaving freely (退出自由, 1.2.8): closing a space, opening it again, merging two, handing one on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.codes import read_code
from chuangbao.accounts.models import Organisation
from chuangbao.accounts.states import Standing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.spaces.domain.dependants import DEPENDANTS, list_members, tell_concerned
from chuangbao.spaces.domain.registering import lock_operator, refuse_many, refuse_taken_name
from chuangbao.spaces.domain.venues import carry_venues, follow_site
from chuangbao.spaces.enums import SpaceStage, TransferStage
from chuangbao.spaces.models import Operatorship, Site, Space, Transfer
from chuangbao.spaces.permissions import may_end_space

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor

__all__ = [
    "announce_closing",
    "answer_transfer",
    "close_space",
    "keep_open",
    "merge_spaces",
    "reopen_space",
    "transfer_space",
]

WHY = "of a space that the caller may end"
FARTHEST = timedelta(days=366)


@transaction.atomic
def close_space(*, space: Space, actor: Actor, reason: str) -> Space:
    """Close a space as of today, or of its announced last day where that is over; its entry stays, and says so.

    A transfer that waits is withdrawn.
    Raises Refused: reason_needed (reason), not_permitted, not_in_open.
    """
    row = end_today(space, actor)
    row = transition(row, "close", actor=actor, reason=reason.strip())
    withdraw_open_transfers(row, actor)
    carry_along(row, "close", actor)
    day = day_words(row.ended_on or timezone.localdate())
    tell_concerned(row, "space.close", actor=actor, day=day, reason=reason.strip())
    return row


@transaction.atomic
def announce_closing(*, space: Space, actor: Actor, last_day: date, reason: str) -> Space:
    """Say in advance on which day a space closes, so that whom it concerns can act; it goes on until it is closed.

    Raises Forbidden; Refused: ended, reason_needed (reason), no_later_day or too_far (last_day).
    """
    row = lock_to_end(space, actor)
    today = timezone.localdate()
    if not reason.strip():
        raise Refused("reason_needed", _("Please fill this in."), field="reason")
    if last_day <= today:
        raise Refused("no_later_day", _("Choose a day to come, or leave it empty to close today."), field="last_day")
    if last_day > today + FARTHEST:
        raise Refused("too_far", _("This is more than a year ahead. Look at the year again."), field="last_day")
    row.closes_on, row.closing_reason = last_day, reason.strip()
    row.save(update_fields=["closes_on", "closing_reason"])
    record(actor, "space.announce", row, data={"last_day": str(last_day)})
    carry_venues(row, "announce")
    tell_concerned(row, "space.announced", actor=actor, day=day_words(last_day), reason=reason.strip())
    return row


@transaction.atomic
def keep_open(*, space: Space, actor: Actor) -> Space:
    """Take back that a space closes. Raises Forbidden; Refused: ended, not_announced."""
    row = lock_to_end(space, actor)
    if row.closes_on is None:
        raise Refused("not_announced", _("No last day is announced."))
    row.closes_on, row.closing_reason = None, ""
    row.save(update_fields=["closes_on", "closing_reason"])
    record(actor, "space.keep_open", row)
    carry_venues(row, "announce")
    tell_concerned(row, "space.kept_open", actor=actor)
    return row


def lock_to_end(space: Space, actor: Actor) -> Space:
    """Return a running space that the actor may end, locked. Raises Forbidden; Refused: ended, gone."""
    row = lock_row(space)
    permit(may_end_space, actor=actor, row=row)
    if row.stage != SpaceStage.OPEN:
        raise Refused("ended", _("This space does not run any more."))
    return row


@transaction.atomic
def reopen_space(*, space: Space, actor: Actor) -> Space:
    """Open a closed space again. Raises Refused: not_permitted, not_in_closed, too_many, name_taken (name)."""
    row = lock_row(space)
    refuse_many(lock_operator(row.operator_id))
    refuse_taken_name(row, row.operator_id)
    row = transition(row, "reopen", actor=actor)
    row.ended_on = None
    row.save(update_fields=["ended_on"])
    carry_along(row, "reopen", actor)
    tell_concerned(row, "space.reopen", actor=actor)
    return row


@transaction.atomic
def merge_spaces(*, space: Space, into: Space | None, actor: Actor, reason: str) -> Space:
    """Merge a space into another of the same operator: its sites go along, its entry says where it went.

    Filings and recognitions stay with the entry that had them; the officers of the place get a notice.
    Raises Refused: into_needed or no_target (into), reason_needed (reason), not_permitted, not_in_open.
    """
    keys = sorted(row.pk for row in (space, into) if row is not None)
    rows = unscoped(Space, because=WHY).select_for_update().order_by("pk").in_bulk(keys)
    target = rows.get(into.pk) if into is not None else None
    row = rows[space.pk]
    if target is not None and target.pk != row.pk:
        row.merged_into = target
        row.save(update_fields=["merged_into"])  # gone again where the move is refused
    row = end_today(row, actor)
    row = transition(row, "merge", actor=actor, reason=reason.strip(), into=target)
    withdraw_open_transfers(row, actor)
    today = timezone.localdate()
    sites = unscoped(Site, because=WHY)
    moved = list(sites.filter(space=row, until=None).values_list("pk", flat=True))
    sites.filter(pk__in=moved).update(space=target, is_main=False, revision=F("revision") + 1)
    for site in sites.filter(pk__in=moved).select_related("space", "venue"):
        follow_site(site)
    Operatorship.objects.filter(space=row, until=None).update(until=today)
    carry_along(row, "merge", actor)
    data = {"into": str(target), "day": day_words(today), "reason": reason.strip()}
    tell_concerned(row, "space.merge", actor=actor, **data)
    return row


@transaction.atomic
def transfer_space(*, space: Space, actor: Actor, code: str, note: str = "") -> Transfer:
    """Offer a space to another organisation, named by its 统一社会信用代码; it changes hands when that accepts.

    Raises Refused: those of ``read_code``, no_receiver or own (code), ended, offered_before.
    """
    row = lock_to_end(space, actor)
    known = unscoped(Organisation, because="named by its code, which is public").filter(stage=Standing.VERIFIED)
    receiver = known.filter(code=read_code(code)).first()
    if receiver is None or not list_members(receiver.pk):
        message = _("No verified organisation has this code. Ask it to be verified, then offer the space again.")
        raise Refused("no_receiver", message, field="code")
    if receiver.pk == row.operator_id:
        raise Refused("own", _("This is the organisation that runs the space now."), field="code")
    if open_transfers(row).exists():
        raise Refused("offered_before", _("A transfer of this space waits already. Withdraw it first."))
    offer = Transfer.objects.create(
        space=row, giver_id=row.operator_id, receiver=receiver, note=note.strip(), offered_by_id=actor.person_id
    )
    record(actor, "space.offered", row, data={"to": receiver.pk})
    data = {"name": row.name, "giver": row.operator.name}
    tell(
        "space.offered", to=list_members(receiver.pk) - {actor.person}, data=data, url=f"/spaces/transfers/{offer.pk}/"
    )
    return offer


@transaction.atomic
def answer_transfer(*, transfer: Transfer, verb: str, actor: Actor) -> Transfer:
    """Accept or decline a space that was offered, or withdraw the offer.

    Accepting makes the other organisation its operator from today; all that hangs on the space goes on.
    Raises Refused: not_permitted, not_in_offered, changed, name_taken (name).
    """
    space = lock_row(transfer.space)  # first the space, as all its verbs do
    row = transition(transfer, verb, actor=actor)
    row.decided_at = timezone.now()
    row.save(update_fields=["decided_at"])
    if verb == "accept":
        take_over(space, row, actor)
    else:
        tell_other_side(row, verb, actor)
    return row


def take_over(space: Space, transfer: Transfer, actor: Actor) -> None:
    """Make the receiver the operator of a space. Raises Refused: changed, too_many, name_taken (name)."""
    if space.stage != SpaceStage.OPEN or space.operator_id != transfer.giver_id:
        raise Refused("changed", _("The space has changed since it was offered. Look at it again."))
    refuse_many(lock_operator(transfer.receiver_id))
    refuse_taken_name(space, transfer.receiver_id)
    today = timezone.localdate()
    left = list_members(transfer.giver_id)
    Operatorship.objects.filter(space=space, until=None).update(until=today)
    Operatorship.objects.create(space=space, organisation_id=transfer.receiver_id, since=today)
    space.operator_id = transfer.receiver_id
    space.revision += 1
    space.save(update_fields=["operator", "revision"])
    record(actor, "space.handed_on", space, data={"from": transfer.giver_id, "to": transfer.receiver_id})
    carry_along(space, "handed_on", actor)
    tell_concerned(space, "space.handed_on", actor=actor, operator=transfer.receiver.name)
    data = {"name": space.name, "operator": transfer.receiver.name}
    tell("space.handed_on", to=left, data=data, url=f"/spaces/{space.pk}/")


def tell_other_side(transfer: Transfer, verb: str, actor: Actor) -> None:
    """Tell the other organisation that a transfer was declined or withdrawn."""
    event, side = (
        ("space.declined", transfer.giver_id) if verb == "decline" else ("space.withdrawn", transfer.receiver_id)
    )
    data = {"name": transfer.space.name, "giver": transfer.giver.name, "receiver": transfer.receiver.name}
    tell(event, to=list_members(side) - {actor.person}, data=data, url=f"/spaces/transfers/{transfer.pk}/")


def end_today(space: Space, actor: Actor) -> Space:
    """Return the space locked, with its last day: today, or an announced one that is over; the caller makes the move.

    Raises Refused: gone.
    """
    row = lock_row(space)
    if may_end_space.test(actor, row) and row.stage == SpaceStage.OPEN:
        today = timezone.localdate()
        row.ended_on = min(today, row.closes_on or today)
        row.closes_on, row.closing_reason = None, ""
        row.save(update_fields=["ended_on", "closes_on", "closing_reason"])  # gone again where the move is refused
    return row


def open_transfers(space: Space) -> Any:
    """Return the transfers of a space that wait."""
    return unscoped(Transfer, because=WHY).filter(space=space, stage=TransferStage.OFFERED)


def withdraw_open_transfers(space: Space, actor: Actor) -> None:
    """Withdraw the transfer that waits, where there is one: the space ended."""
    for row in open_transfers(space):
        transition(row, "withdraw", actor=actor)
        tell_other_side(row, "withdraw", actor)


def carry_along(space: Space, verb: str, actor: Actor) -> None:
    """Let what hangs on a space in other contexts follow."""
    carry_venues(space, verb)
    for part in DEPENDANTS.values():
        part.follow(space, verb, actor)
