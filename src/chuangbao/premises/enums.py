"""The states of premises, of letters of consent, and of what a host does for the firms."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = ["LetterStage", "LookupWay", "MailKind", "MailStage", "PremiseStage", "Reach", "TryMeans", "WarningKind"]


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


class Reach(State):
    """Whether the host reaches a firm."""

    REACHABLE = "reachable", _("Reachable")  # 可联系
    LOST = "lost", _("Cannot be reached")  # 失联


class MailStage(State):
    """What became of a piece of mail."""

    WAITING = "waiting", _("Waiting to be fetched")  # 待领取
    HANDED = "handed", _("Handed over")  # 已转交
    RETURNED = "returned", _("Sent back")  # 已退回


class MailKind(models.TextChoices):
    """Whether a piece of mail starts a term of law."""

    ORDINARY = "ordinary", _("Ordinary mail")  # 普通邮件
    OFFICIAL = "official", _("Document of an office or a court")  # 行政或司法文书


class TryMeans(models.TextChoices):
    """How a host tries to reach a firm."""

    PHONE = "phone", _("Telephone")  # 电话
    VISIT = "visit", _("Visit to the room or desk")  # 上门
    MESSAGE = "message", _("SMS or chat")  # 短信或即时消息
    MAIL = "mail", _("E-mail")  # 电子邮件
    POST = "post", _("Registered letter")  # 挂号信


class WarningKind(models.TextChoices):
    """What is counted at an address."""

    MASS = "mass", _("Many firms by one applicant")  # 同一经办人集中登记
    LOST = "lost", _("Firms that cannot be reached")  # 失联企业
    CEILING = "ceiling", _("Ceiling nearly reached")  # 接近上限
