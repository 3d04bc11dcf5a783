"""Kinds and states of booking."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = [
    "HOLDING",
    "MOVABLE",
    "PENDING",
    "SHARED",
    "UPCOMING",
    "Audience",
    "Barrier",
    "BookingStage",
    "HolderGroup",
    "RateDays",
    "Repeat",
    "ResourceKind",
    "Scope",
    "StockAct",
]


class ResourceKind(models.TextChoices):
    """What can be booked (资源类型)."""

    FIXED_DESK = "fixed_desk", _("Fixed desk")  # 固定工位
    HOT_DESK = "hot_desk", _("Hot desk")  # 流动工位
    ROOM = "room", _("Meeting room")  # 会议室
    MACHINE = "machine", _("Machine")  # 设备
    TOOL = "tool", _("Tool")  # 工具
    STORAGE = "storage", _("Storage")  # 仓储
    VEHICLE = "vehicle", _("Vehicle")  # 车辆
    TIME = "time", _("A person's time")  # 人员时间


SHARED = frozenset({ResourceKind.HOT_DESK, ResourceKind.TOOL, ResourceKind.STORAGE})
"""Kinds of which several can be had at once: as many bookings as the capacity says."""


class Audience(models.TextChoices):
    """To whom a resource is open (开放对象)."""

    PUBLIC = "public", _("Everybody who is signed in")  # 社会开放
    TENANTS = "tenants", _("Tenants of the venue")  # 入驻团队和企业
    LISTED = "listed", _("Those on the list of the resource")  # 名单内


class Barrier(models.TextChoices):
    """What keeps an actor from booking a resource (不能预约的原因)."""

    TENANTS = "tenants", _("Tenants only")  # 仅限入驻方
    LISTED = "listed", _("List only")  # 仅限名单内
    TRAINING = "training", _("Training first")  # 需培训


class HolderGroup(models.TextChoices):
    """Group of a holder at a venue (使用人群), which a price may depend on; worked out from the passes of the day."""

    OWN = "own", _("The operator itself")  # 运营方自用
    TENANT = "tenant", _("Firms that are tenants here")  # 本场所入驻企业
    TEAM = "team", _("Teams without registration that are tenants here")  # 本场所未注册团队
    NEIGHBOUR = "neighbour", _("Tenants of another venue of the operator")  # 同一运营方其他场所的入驻方
    VISITOR = "visitor", _("Visitors")  # 访客


class RateDays(models.TextChoices):
    """On which days a price holds (适用日期类型); exchanged working weekends (调休) are working days."""

    EVERY = "every", _("Every day")  # 每天
    WORK = "work", _("Working days")  # 工作日
    REST = "rest", _("Weekends and public holidays")  # 周末和法定节假日


class BookingStage(State):
    """Where a booking is (预约状态)."""

    REQUESTED = "requested", _("Waits for approval")  # 待确认
    CONFIRMED = "confirmed", _("Booked")  # 已预约
    DECLINED = "declined", _("Not approved")  # 未通过
    CANCELLED = "cancelled", _("Cancelled")  # 已取消
    IN_USE = "in_use", _("In use")  # 使用中
    NO_SHOW = "no_show", _("Released: nobody came")  # 未到已释放
    LEFT = "left", _("Left early")  # 提前离开
    DONE = "done", _("Used")  # 已使用
    OFFERED = "offered", _("Held for the next in line")  # 候补待接受
    NOT_TAKEN = "not_taken", _("Offer not taken")  # 候补未接受


HOLDING = (
    BookingStage.REQUESTED,
    BookingStage.CONFIRMED,
    BookingStage.IN_USE,
    BookingStage.LEFT,
    BookingStage.DONE,
    BookingStage.OFFERED,
)
"""Stages in which a booking holds its time against every other."""
MOVABLE = (BookingStage.REQUESTED, BookingStage.CONFIRMED)
"""Stages of what is to come and may be moved or cancelled by its people."""
PENDING = (*MOVABLE, BookingStage.OFFERED)
"""Stages of what is to come and may be called off."""
UPCOMING = (*PENDING, BookingStage.IN_USE)
"""Stages of what is still to come or going on."""


class StockAct(models.TextChoices):
    """What is done with the stock of a material (出入库类型)."""

    RECEIVE = "receive", _("Received")  # 入库
    TAKE = "take", _("Used up")  # 领用
    GIVE_BACK = "give_back", _("Given back")  # 退回
    COUNT = "count", _("Counted")  # 盘点


class Repeat(models.TextChoices):
    """How a booking is repeated (重复方式)."""

    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every second week")
    MONTHLY = "monthly", _("Every month on the same date")
    WORKDAYS = "workdays", _("Every working day")


class Scope(models.TextChoices):
    """Which bookings of a series are meant (范围); those moved by themselves are kept by the last two."""

    THIS = "this", _("Only this one")
    FOLLOWING = "following", _("This and those after it")
    ALL = "all", _("All to come")
