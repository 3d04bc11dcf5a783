"""What the house must know of people, organisations and posts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.states import CLAIM, OFFICE, STANDING
from chuangbao.core.contexts import Context

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"accounts/": "chuangbao.accounts.allauth_urls", "": "chuangbao.accounts.urls"},
    registers=("events", "holdings", "mfa", "proposals", "scopes", "searching", "waiting"),
    workflows={
        "Organisation 机构核验": STANDING,
        "Claim of an organisation 机构认领": CLAIM,
        "Office 办事机构": OFFICE,
    },
    duties={
        "register": _("Verify organisations and facts"),  # 信息核验
        "supervisor": _("See everything of the area"),  # 督查
    },
    notice_groups={"organisation": _("My organisations")},
)
