"""What the house must know of its kernel."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context

__all__ = ["CONTEXT"]

CONTEXT = Context(
    registers=("completeness", "access.scopes", "storage.quarantine", "workflow.proposals"),
    notice_groups={"general": _("My account"), "tasks": _("Work that waits for me")},
)
