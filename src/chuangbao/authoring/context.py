"""What the house must know of the desk where officers write policies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.authoring.workflow import INTERPRETATION, PAPER, VERSION
from chuangbao.core.contexts import Context

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"policies/desk/": "chuangbao.authoring.urls"},
    registers=(
        "events",
        "scopes",
        "personal",
        "proposals",
        "desk",
        "domain.batches",
        "domain.bringing",
        "domain.telling",  # jobs
        "domain.known",  # whom a publication concerns
    ),
    workflows={
        "Version of a measure 政策版本": VERSION,
        "Document 文件": PAPER,
        "Explanation or answer 解读与问答": INTERPRETATION,
    },
    duties={
        "policy_editor": _("Draft policies"),  # 政策起草
        "policy_reviewer": _("Review and publish policies"),  # 政策审核发布
    },
)
