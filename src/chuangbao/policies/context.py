"""What the house must know of the library of policies, and of the desk where officers write it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context, NavItem
from chuangbao.policies.states import INTERPRETATION, PAPER, VERSION

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"policies/": "chuangbao.policies.urls"},
    registers=(
        "events",
        "scopes",
        "personal",
        "proposals",
        "desk",
        "domain.batches",
        "domain.bringing",
        "domain.simulate",
        "domain.telling",
        "domain.runs.working",  # jobs
        "domain.known",  # whom a publication concerns
        "domain.overlay",  # lays what is published here over the files of the pack
    ),
    navigation=(
        NavItem(_("Policies"), "policies:library", "books", place=30),
        NavItem(_("Import a file"), "policies:import", "file-upload", place=40),
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
    notice_groups={"policies": _("Policies that concern me")},
)
