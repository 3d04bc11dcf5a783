"""What the house must know of the money of a space."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.billing.demo import load_demo_billing
from chuangbao.billing.workflow import STATEMENT
from chuangbao.core.contexts import Context

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"billing/": "chuangbao.billing.urls"},
    registers=("events", "scopes", "personal", "desk", "taking", "domain.following"),
    workflows={"Statement 账单": STATEMENT},
    notice_groups={"billing": _("Statements and payments of spaces")},
    load_demo=load_demo_billing,
)
