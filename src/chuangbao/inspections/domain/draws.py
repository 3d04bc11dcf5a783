"""Preparing a draw, fixing its list, drawing by a seed that is out of all hands, publishing (双随机、一公开)."""

from __future__ import annotations

import secrets
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.inspections.domain.candidates import find_candidates, list_inspectors, list_spaces
from chuangbao.inspections.domain.drawing import DrawList, draw_visits, hash_text, make_seed, read_list, write_list
from chuangbao.inspections.enums import DrawStage, VisitStage
from chuangbao.inspections.events import tell_inspectors
from chuangbao.inspections.models import Draw, Exclusion, Visit, VisitInspector
from chuangbao.inspections.permissions import may_draw, may_oversee

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.inspections.domain.candidates import Candidates

__all__ = ["cancel_draw", "draw_by_number", "exclude", "freeze_draw", "include", "prepare_draw", "publish_draw"]

WHY = "of a draw that the caller has locked"
PERCENT = 100
SECRET_BYTES = 32


@transaction.atomic
def prepare_draw(*, title: str, amount: int, is_share: bool, each: int, actor: Actor) -> Draw:
    """Begin a draw for the area of the officer's post. Raises Forbidden; Refused: too_much (amount)."""
    permit(may_oversee, actor=actor)
    if is_share and amount > PERCENT:
        raise Refused("too_much", _("A share is between 1 and 100 percent."), field="amount")
    row = Draw.objects.create(
        title=title.strip(),
        region_id=actor.region,
        agency_id=actor.organisation_id or 0,
        amount=amount,
        is_share=is_share,
        each=each,
        author_id=actor.person_id,
    )
    record(actor, "draw.prepare", row, data={"amount": amount, "share": is_share, "each": each})
    return row


def lock_draw(draw: Draw, actor: Actor) -> Draw:
    """Return a draw in preparation, locked. Raises Forbidden; Refused: fixed."""
    row = lock_row(draw)
    permit(may_draw, actor=actor, row=row)
    if row.stage != DrawStage.PREPARING:
        raise Refused("fixed", _("The list is fixed: nothing of this draw can be changed any more."))
    return row


@transaction.atomic
def exclude(*, draw: Draw, reason: str, actor: Actor, space: int | None = None, post: int | None = None) -> Exclusion:
    """Leave a space or an inspector out of a draw, or an inspector of one space's visit (回避), with a reason.

    Who is party to a space may step back from its visit, but not spare it the draw. Raises Forbidden; Refused: fixed,
    nothing (space), not_here (space, post), own_cause (space), reason_needed (reason), out_before.
    """
    row = lock_draw(draw, actor)
    if space is None and post is None:
        raise Refused("nothing", _("Choose a space, an inspector, or both."), field="space")
    spaces = {one.pk: one for one in list_spaces(row.region_id)} if space is not None else {}
    if space is not None and space not in spaces:
        raise Refused("not_here", _("This is not in the area of the draw."), field="space")
    if space is not None and post is None and actor.person_id in spaces[space].persons_concerned():
        raise Refused("own_cause", _("You are party to this space. A colleague decides on it."), field="space")
    if post is not None and post not in {one.pk for one in list_inspectors(row.region_id)}:
        raise Refused("not_here", _("This is not in the area of the draw."), field="post")
    if not reason.strip():
        raise Refused("reason_needed", _("Please fill this in."), field="reason")
    try:
        with transaction.atomic():
            made = Exclusion.objects.create(draw=row, space_id=space, post_id=post, reason=reason.strip())
    except IntegrityError as clash:
        raise Refused("out_before", _("This is left out already.")) from clash
    record(actor, "draw.exclude", row, reason=made.reason, data={"space": space, "post": post})
    return made


@transaction.atomic
def include(*, exclusion: Exclusion, actor: Actor) -> None:
    """Take an exclusion back. Raises Forbidden; Refused: fixed."""
    row = lock_draw(exclusion.draw, actor)
    data = {"space": exclusion.space_id, "post": exclusion.post_id}
    exclusion.delete()
    record(actor, "draw.include", row, data=data)


def count_taken(draw: Draw, spaces: int) -> int:
    """Return how many of some spaces a draw takes: at least one, and no more than there are."""
    wanted = ceil(spaces * draw.amount / PERCENT) if draw.is_share else draw.amount
    return min(wanted, spaces)


def fix_list(draw: Draw, found: Candidates) -> str:
    """Return the list of a draw. Raises Refused: no_spaces, few_inspectors."""
    if not found.spaces:
        raise Refused("no_spaces", _("No space is left to be drawn. Take an exclusion back, or wait."))
    for space in found.spaces:
        free = [post for post in found.inspectors if (space.pk, post.pk) not in found.interests]
        if len(free) < draw.each:
            message = _("%(space)s: %(count)d inspectors have no interest there, and %(each)d are needed.")
            said = {"space": space.name, "count": len(free), "each": draw.each}
            raise Refused("few_inspectors", message % said)
    return write_list(
        DrawList(
            region=draw.region_id,
            take=count_taken(draw, len(found.spaces)),
            each=draw.each,
            spaces=tuple(space.pk for space in found.spaces),
            inspectors=tuple(post.pk for post in found.inspectors),
            interests=found.interests,
        )
    )


@transaction.atomic
def freeze_draw(*, draw: Draw, number_source: str, number_day: date, actor: Actor) -> Draw:
    """Fix the list, its hash and the hash of a secret, and name the public number that the seed will come of.

    Raises Refused: fixed, past_day (number_day), source_needed (number_source), frozen_before, those of ``fix_list``.
    """
    row = lock_draw(draw, actor)
    if number_day < timezone.localdate():
        raise Refused("past_day", _("This day is over. Choose a day from today on."), field="number_day")
    if not number_source.strip():
        raise Refused("source_needed", _("Please fill this in."), field="number_source")
    row.list_text = fix_list(row, find_candidates(row))
    row.list_hash, row.secret = hash_text(row.list_text), secrets.token_hex(SECRET_BYTES)
    row.secret_hash = hash_text(row.secret)
    row.number_source, row.number_day = number_source.strip(), number_day
    row.frozen_at = timezone.now()
    kept = ("list_text", "list_hash", "secret", "secret_hash", "number_source", "number_day", "frozen_at")
    row.save(update_fields=kept)
    try:
        with transaction.atomic():
            return transition(row, "freeze", actor=actor)
    except IntegrityError as clash:
        message = _("Another draw of this area is fixed and not drawn yet. Draw or cancel it first.")
        raise Refused("frozen_before", message) from clash


@transaction.atomic
def draw_by_number(*, draw: Draw, number: str, actor: Actor) -> Draw:
    """Draw by the public number, once it is known; visits and inspectors follow from list and seed alone.

    Raises Refused: too_early, number_needed (number), not_permitted, not_in_frozen.
    """
    row = lock_row(draw)
    if row.number_day is not None and timezone.localdate() < row.number_day:
        raise Refused("too_early", _("The public number is not known before its day."), field="number")
    if row.stage == DrawStage.FROZEN and number.strip():
        row.number, row.ended_at = number.strip(), timezone.now()
        row.seed = make_seed(row.list_hash, row.secret, row.number)
        row.save(update_fields=["number", "seed", "ended_at"])
    row = transition(row, "draw", actor=actor, number=number.strip())
    write_visits(row)
    tell_inspectors(row, actor)
    return row


def write_visits(draw: Draw) -> None:
    """Write the visits of a draw with their inspectors."""
    for place, (space, posts) in enumerate(draw_visits(read_list(draw.list_text), draw.seed), 1):
        visit = Visit.objects.create(draw=draw, space_id=space, place_in_draw=place)
        VisitInspector.objects.bulk_create(VisitInspector(visit=visit, post_id=post) for post in posts)


@transaction.atomic
def cancel_draw(*, draw: Draw, reason: str, actor: Actor) -> Draw:
    """Cancel a draw whose list is fixed; it stays public with list, secret and reason.

    Raises Refused: reason_needed (reason), not_permitted, not_in_preparing_or_frozen.
    """
    row = transition(draw, "cancel", actor=actor, reason=reason.strip())
    row.ended_at, row.end_reason = timezone.now(), reason.strip()
    row.save(update_fields=["ended_at", "end_reason"])
    return row


@transaction.atomic
def publish_draw(*, draw: Draw, actor: Actor) -> Draw:
    """Publish what was drawn and the results of the visits. Raises Forbidden; Refused: not_yet, published."""
    row = lock_row(draw)
    permit(may_draw, actor=actor, row=row)
    visits: Any = unscoped(Visit, because=WHY).filter(draw=row)
    if row.stage != DrawStage.DRAWN or visits.filter(stage=VisitStage.PLANNED).exists():
        raise Refused("not_yet", _("Some visits are still to come: publishing would announce them."))
    if row.published_at is not None:
        raise Refused("published", _("This is public already."))
    row.published_at = timezone.now()
    row.save(update_fields=["published_at"])
    record(actor, "draw.publish", row)
    return row
