"""Topics and states of guidance notes."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = ["NoteStage", "NoteTopic", "Side"]


class NoteTopic(TextChoices):
    """What of a space's record a guidance note is about."""

    ENTRY = "entry", _("Entry in the register")  # 登记信息
    SITES = "sites", _("Sites and areas")  # 场地与面积
    OFFERS = "offers", _("What the space offers")  # 服务与价格
    TENANTS = "tenants", _("Tenants and incubation")  # 入驻与孵化
    ADDRESSES = "addresses", _("Registered addresses")  # 住所托管
    SAFETY = "safety", _("Safety on the site")  # 场地安全
    OTHER = "other", _("Another matter")  # 其他


class NoteStage(State):
    """Whether a guidance note waits for the operator; it obliges to nothing and changes no data (1.2.5)."""

    OPEN = "open", _("Waits for the operator")  # 待运营方回应
    ANSWERED = "answered", _("Answered by the operator")  # 运营方已回复
    DONE = "done", _("Marked as done")  # 已落实
    WITHDRAWN = "withdrawn", _("Guidance withdrawn")  # 已撤回


class Side(TextChoices):
    """Who wrote."""

    OFFICE = "office", _("Office")  # 主管部门
    OPERATOR = "operator", _("Operator")  # 运营方
