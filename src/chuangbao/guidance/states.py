"""The life of a question, as data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import Life, Move, State
from chuangbao.guidance.permissions import may_answer, may_tend

__all__ = ["QUESTION", "QuestionStage"]


class QuestionStage(State):
    """Whose turn it is (问题状态)."""

    OPEN = "open", _("Waits for the office")  # 待答复
    ASKED_BACK = "asked_back", _("Waits for you to reply")  # 待补充
    ANSWERED = "answered", _("Answered")  # 已答复
    CLOSED = "closed", _("Dealt with")  # 已办结
    WITHDRAWN = "withdrawn", _("Taken back")  # 已撤回


THERE = QuestionStage.OPEN.or_(QuestionStage.ASKED_BACK, QuestionStage.ANSWERED)

QUESTION = Life(
    Move("answer", QuestionStage.OPEN >> QuestionStage.ANSWERED, who=may_answer, label=_("Answer"), needs=("text",)),
    Move(
        "ask_back",
        QuestionStage.OPEN >> QuestionStage.ASKED_BACK,
        who=may_answer,
        label=_("Ask the founder"),
        needs=("text",),
    ),
    Move(
        "hand_on",
        QuestionStage.OPEN >> QuestionStage.OPEN,
        who=may_answer,
        label=_("Hand it on"),
        needs=("text", "region"),
    ),
    Move(
        "reply",
        QuestionStage.ASKED_BACK.or_(QuestionStage.ANSWERED) >> QuestionStage.OPEN,
        who=may_tend,
        label=_("Reply"),
        needs=("text",),
    ),
    Move(
        "close",
        QuestionStage.ASKED_BACK.or_(QuestionStage.ANSWERED) >> QuestionStage.CLOSED,
        who=may_answer | may_tend,
        label=_("Close it"),
    ),
    Move("withdraw", THERE >> QuestionStage.WITHDRAWN, who=may_tend, label=_("Take it back")),
)
