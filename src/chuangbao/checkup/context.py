"""What the house must know of check-ups."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context, NavItem

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"checkup/": "chuangbao.checkup.urls"},
    registers=("personal",),
    navigation=(NavItem(_("Check-up"), "checkup:start", "stethoscope", place=20),),
)
