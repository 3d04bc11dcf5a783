"""What waits for an office, and for a founder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import visible
from chuangbao.core.workbench import Heading, Mine, ToDo, mine, todo
from chuangbao.guidance.models import Question
from chuangbao.guidance.permissions import may_answer, may_ask
from chuangbao.guidance.states import QuestionStage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.core.access.actors import Actor

__all__: list[str] = []

MOST = 50


@todo("questions", gettext_lazy("Questions from founders"))
def questions(actor: Actor) -> Iterable[ToDo]:
    """Open questions of the post's own place, with the day of the term; of a founder what an office asks back."""
    if may_answer.test(actor):
        wanted = Q(stage=QuestionStage.OPEN, region=actor.region)
    elif actor.capacity in {Capacity.SELF, Capacity.MEMBER}:
        wanted = Q(stage=QuestionStage.ASKED_BACK)
    else:
        return
    rows = visible(Question, to=actor).filter(wanted).select_related("place")
    for row in rows.order_by("due_on")[:MOST]:
        title = _("Question %(n)s from %(place)s") % {"n": row.pk, "place": row.place}
        until = row.due_on if row.stage == QuestionStage.OPEN else None
        yield ToDo(title, reverse("guidance:question", args=[row.pk]), row.asked_at, until)


@mine(Heading.POLICIES)
def ways(actor: Actor) -> Iterable[Mine]:
    """One's own questions; those of the area."""
    if may_ask.test(actor):
        yield Mine(_("Ask an office"), reverse("guidance:questions"), "message-circle")
    elif may_answer.test(actor):
        yield Mine(_("Questions of my area"), reverse("guidance:questions"), "message-circle")
