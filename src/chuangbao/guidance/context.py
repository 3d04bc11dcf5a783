"""What the house must know of guidance."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context
from chuangbao.guidance.demo import load_demo_questions
from chuangbao.guidance.states import QUESTION

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"guidance/": "chuangbao.guidance.urls"},
    registers=("events", "scopes", "personal", "desk"),
    workflows={"Question to an office 问一问": QUESTION},
    duties={"guidance": _("Answer questions about policies")},  # 政策指导
    notice_groups={"guidance": _("My questions to offices")},
    sign_in_reasons={
        "guidance:ask": _(
            "An office answers you in writing, here: sign in or create an account, so that the answer reaches you. "
            "A check-up that you came from comes along."
        )
    },
    load_demo=load_demo_questions,
)
