"""Kinds and states of the money of a space; imports nothing of the context."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = [
    "INCOME_OF",
    "Bearer",
    "ChargeKind",
    "DepositAct",
    "Income",
    "PaymentWay",
    "StatementStage",
    "Unit",
    "WaiverReason",
]


class ChargeKind(models.TextChoices):
    """What is charged (收费项目)."""

    DESK = "desk", _("Desk")  # 工位费
    ROOM = "room", _("Room or office")  # 房租
    PROPERTY = "property", _("Property fee")  # 物业费
    SERVICE = "service", _("Service")  # 服务费
    BOOKING = "booking", _("Use by the hour")  # 预约使用费
    MATERIAL = "material", _("Material taken")  # 耗材费
    OTHER = "other", _("Other charge")  # 其他


class Unit(models.TextChoices):
    """What a price is for (计价单位)."""

    MONTH = "month", _("by the month")  # 元/月
    DAY = "day", _("by the day")  # 元/天
    SQUARE_METRE = "m2", _("by the m² and month")  # 元/平方米·月
    DESK = "desk", _("by the desk and month")  # 元/个·月


class Income(models.TextChoices):
    """Kinds of income in the Torch statistics (I71–I74; M70 asks for the same kinds of a makerspace)."""

    SERVICE = "I71", _("Services")  # 综合服务收入
    RENT = "I72", _("Rent and property fees")  # 房租及物业收入
    INVESTMENT = "I73", _("Investment")  # 投资收入
    OTHER = "I74", _("Other income")  # 其他收入


INCOME_OF = {
    ChargeKind.DESK: Income.RENT,
    ChargeKind.ROOM: Income.RENT,
    ChargeKind.PROPERTY: Income.RENT,
    ChargeKind.SERVICE: Income.SERVICE,
    ChargeKind.BOOKING: Income.SERVICE,
    ChargeKind.MATERIAL: Income.OTHER,
    ChargeKind.OTHER: Income.OTHER,
}
"""Which kind of income a charge is; investment is not charged to tenants, so that nothing here makes any."""


class WaiverReason(models.TextChoices):
    """Why a share of a price is not asked for (减免原因)."""

    SUBSIDY = "subsidy", _("A subsidy of the government")  # 政府补贴
    START = "start", _("Free or cheaper at the start")  # 起步期优惠
    HARDSHIP = "hardship", _("Help in a difficult time")  # 纾困减免
    OTHER = "other", _("Another reason")  # 其他


class Bearer(models.TextChoices):
    """Who bears what is waived (减免承担方)."""

    SPACE = "space", _("The space itself")  # 空间自担
    NATION = "nation", _("The nation")  # 国家
    PROVINCE = "province", _("The province")  # 省
    CITY = "city", _("The prefecture")  # 市州
    COUNTY = "county", _("The county")  # 县区


class StatementStage(State):
    """Whether a statement stands; paid, due and late are worked out."""

    ISSUED = "issued", _("Issued")  # 已出账
    REVOKED = "revoked", _("Revoked")  # 已撤销
    REPLACED = "replaced", _("Put right by another")  # 已更正


class PaymentWay(models.TextChoices):
    """How a payment came in (付款方式)."""

    TRANSFER = "transfer", _("Bank transfer")  # 银行转账
    PHONE = "phone", _("Paid by phone")  # 扫码支付
    CARD = "card", _("Card")  # 刷卡
    CASH = "cash", _("Cash")  # 现金


class DepositAct(models.TextChoices):
    """What became of a deposit (押金)."""

    TAKEN = "taken", _("Deposit taken")  # 收取
    KEPT = "kept", _("Deposit kept back")  # 扣留
    RETURNED = "returned", _("Deposit returned")  # 退还
