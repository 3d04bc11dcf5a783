"""What the house must know of premises and letters of consent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context
from chuangbao.premises.demo import load_demo_letters
from chuangbao.premises.workflow import LETTER, MAIL, PREMISE, REACH

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"premises/": "chuangbao.premises.urls"},
    registers=("events", "scopes", "personal", "desk", "domain.following", "searching"),
    workflows={
        "Premise 可登记住所": PREMISE,
        "Letter of consent 住所使用证明": LETTER,
        "Reach of a firm 企业联系状态": REACH,
        "Mail taken in 代收文书": MAIL,
    },
    notice_groups={"premises": _("Letters for my address")},
    load_demo=load_demo_letters,
)
