"""Asking an office and answering (问一问): each verb one transaction, each of them on the record.

The question goes to the officers of the nearest place that has an adviser (政策指导): county, prefecture, province.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Post
from chuangbao.checkup.domain import checkups, own, sharing
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import local_places, region_line
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.localization.working_days import working_days_after
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import transition
from chuangbao.guidance.models import Message, Question
from chuangbao.guidance.permissions import may_ask
from chuangbao.guidance.states import QuestionStage

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.db.models import QuerySet

    from chuangbao.checkup.models import CheckUp
    from chuangbao.core.access.actors import Actor

__all__ = ["ask_office", "detach_checkup", "find_desk", "move_question"]

DAYS = 5
"""Working days for an answer where the pack says nothing."""
OPEN_AT_ONCE = 10
BY_OFFICE = {"answer", "ask_back", "hand_on"}


@transaction.atomic
def ask_office(
    *,
    actor: Actor,
    place: str,
    text: str,
    measure: str = "",
    checkup: CheckUp | None = None,
    along: Collection[str] = (),
) -> Question:
    """Ask the officers of a place; a check-up goes with it as a shared copy.

    Of what is sensitive only the answers named in ``along`` go with it.

    Raises Refused: no_place (place), text_needed (text), too_many.
    """
    permit(may_ask, actor=actor)
    if place not in {unit.code for unit in local_places()}:
        raise Refused("no_place", _("Choose the place where you are or want to begin."), field="place")
    if not text.strip():
        raise Refused("text_needed", _("Write your question."), field="text")
    mine = unscoped(Question, because="how many of one's own are open").filter(person=actor.person_id)
    if mine.filter(stage=QuestionStage.OPEN).count() >= OPEN_AT_ONCE:
        raise Refused("too_many", _("Ten questions of yours wait already. Wait for an answer, or take one back."))
    row = Question.objects.create(
        person_id=actor.person,
        organisation_id=actor.organisation_id,
        place_id=place,
        region_id=find_desk(place),
        measure=measure if measure in current_pack().measures else "",
        attached=attach(checkup, actor, along) if checkup else "",
        due_on=end_of_term(),
    )
    say(row, Message.Kind.QUESTION, text, actor)
    record(actor, "ask", row, data={"attached": bool(checkup)})
    tell_office(row, "question.asked")
    return row


def attach(checkup: CheckUp, actor: Actor, along: Collection[str]) -> str:
    """Share a copy of a check-up, and return the token that opens it."""
    of_organisation = checkup.subject is not None and checkup.subject.organisation_id
    membership = actor.holder_id if of_organisation else None
    given = own.answers_of(checkup, actor).given
    made = sharing.share_copy(checkup=checkup, pack=current_pack(), given=given, membership=membership, along=along)
    return made.token


def find_desk(place: str) -> str:
    """Return the nearest place whose officers answer: where there is none at all, the province has it."""
    manned = set(find_posts(region__in=region_line(place)).values_list("region_id", flat=True))
    return next((code for code in region_line(place) if code in manned), current_pack().region)


def find_posts(**where: Any) -> QuerySet[Post]:
    """Return the posts in office today that answer questions."""
    rows = unscoped(Post, because="who answers questions").filter(duties__contains=["guidance"], **where)
    return rows.filter(term__contains=timezone.localdate(), confirmed_at__isnull=False)


def end_of_term() -> date:
    """Return the day by which a question that comes today is answered."""
    offices = current_pack().offices
    return working_days_after(timezone.localdate(), (offices.answer_days if offices else 0) or DAYS)


def say(row: Question, kind: str, text: str, actor: Actor) -> Message:
    """Keep what was said; of an officer for which office."""
    office = ""
    if actor.holder_id and kind in BY_OFFICE:
        post = unscoped(Post, because="the officer's own").select_related("agency").get(pk=actor.holder_id)
        office = str(post.agency)
    return Message.objects.create(question=row, kind=kind, author_id=actor.person, office=office, text=text.strip())


def tell_office(row: Question, event: str) -> None:
    """Notify the officers who have the question now."""
    people = set(find_posts(region=row.region_id).values_list("person_id", flat=True)) - {row.person_id}
    tell(event, to=people, data={"day": day_words(row.due_on)}, url=f"/guidance/{row.pk}/")


@transaction.atomic
def move_question(*, question: Question, verb: str, actor: Actor, text: str = "", region: str = "") -> Question:
    """Answer, ask back, hand on, reply, close or take back.

    Raises Refused as ``transition`` does, and no_desk (region) where nobody answers in the place.
    """
    if verb == "hand_on":
        need_desk(question, region)
    row = transition(question, verb, actor=actor, text=text.strip(), region=region)
    if verb in {"hand_on", "reply"}:
        row.region_id = region if verb == "hand_on" else row.region_id
        row.due_on = end_of_term()
        row.save(update_fields=["region", "due_on"])
    if verb in {*BY_OFFICE, "reply"}:
        say(row, verb, text, actor)
    if verb == "withdraw":
        detach(row)
    if verb in {"hand_on", "reply"}:
        tell_office(row, "question.asked" if verb == "hand_on" else "question.replied")
    if actor.person_id != row.person_id:
        day = {"day": day_words(row.due_on)}
        tell(f"question.{verb}", to=[row.person_id], data=day, url=f"/guidance/{row.pk}/")
    return row


def need_desk(question: Question, region: str) -> None:
    """Let a place through whose officers answer questions. Raises Refused: no_desk (region)."""
    if region and (region == question.region_id or not find_posts(region=region).exists()):
        raise Refused("no_desk", _("There is no other officer who answers questions there."), field="region")


@transaction.atomic
def detach_checkup(*, question: Question, actor: Actor) -> Question:
    """Take the attached check-up back; the question stays. Raises Refused: not_permitted."""
    row = unscoped(Question, because="asked next whose it is").select_for_update().get(pk=question.pk)
    if (row.person_id, row.organisation_id) != (actor.person_id, actor.organisation_id):
        raise Refused("not_permitted", _("You may not do this."))
    detach(row)
    record(actor, "detach", row)
    return row


def detach(row: Question) -> None:
    """End the copy that was attached."""
    copy: Any = checkups.find_checkup(row.attached, shared=True) if row.attached else None
    if copy is not None and copy.copied_from is not None:
        sharing.withdraw_copy(checkup=copy.copied_from, copy=copy.pk)
    row.attached = ""
    row.save(update_fields=["attached"])
