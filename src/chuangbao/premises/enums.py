"""The states of premises and of letters of consent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = ["LetterStage", "LookupWay", "PremiseStage"]


class PremiseStage(State):
    """Whether licences can be registered at a premise."""

    OPEN = "open", _("Open for registration")  # 可登记
    CLOSED = "closed", _("Closed for registration")  # 已停用


class LetterStage(State):
    """Whether a letter of consent holds; that its last day is over is worked out."""

    VALID = "valid", _("Valid")  # 有效
    REVOKED = "revoked", _("Revoked")  # 已撤销
    SUPERSEDED = "superseded", _("Superseded")  # 已被替换


class LookupWay(models.TextChoices):
    """How a letter was looked up."""

    CODE = "code", _("By its QR code")  # 扫码
    NUMBER = "number", _("By its number and check code")  # 按编号和校验码
