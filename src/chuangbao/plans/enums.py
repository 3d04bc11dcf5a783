"""Kinds of shapes on a floor, and the states in which they are shown."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["AREAS", "HATCHED", "LETTERS", "PIECES", "ShapeKind", "ShapeState"]


class ShapeKind(models.TextChoices):
    """What a shape on a floor is (图形类型)."""

    ROOM = "room", _("Room")  # 房间
    OPEN = "open", _("Open area")  # 开放区
    DESK = "desk", pgettext_lazy("on a plan", "Desk")  # 工位
    MACHINE = "machine", _("Machine")  # 设备
    WALL = "wall", _("Wall")  # 墙
    DOOR = "door", pgettext_lazy("on a plan", "Door")  # 门
    STAIRS = "stairs", _("Stairs")  # 楼梯
    LIFT = "lift", _("Lift")  # 电梯
    TOILET = "toilet", _("Toilet")  # 卫生间
    CORRIDOR = "corridor", _("Corridor")  # 走廊
    OTHER = "other", pgettext_lazy("on a plan", "Something else")  # 其他


AREAS = (
    ShapeKind.ROOM,
    ShapeKind.OPEN,
    ShapeKind.STAIRS,
    ShapeKind.LIFT,
    ShapeKind.TOILET,
    ShapeKind.CORRIDOR,
)
"""Kinds that are a part of the floor: no two of them overlap, and each has its area."""
PIECES = (ShapeKind.DESK, ShapeKind.MACHINE)
"""Kinds that stand on the floor: no two of them overlap; they may lie in an area."""


class ShapeState(models.TextChoices):
    """What a shape is at a moment, for who looks at it (状态)."""

    FREE = "free", pgettext_lazy("on a plan", "Free")  # 空闲
    MINE = "mine", _("Booked by you")  # 您已预约
    BOOKED = "booked", pgettext_lazy("on a plan", "Booked")  # 已约
    CLOSED = "closed", pgettext_lazy("on a plan", "Closed off")  # 停用
    SHUT = "shut", pgettext_lazy("on a plan", "Not open")  # 未开放
    TENANTS = "tenants", _("Not open to you")  # 仅限入驻
    NONE = "none", _("Cannot be booked")  # 不可预约


HATCHED = (ShapeState.BOOKED, ShapeState.CLOSED, ShapeState.SHUT, ShapeState.TENANTS)
"""States that have a pattern on the drawing."""
LETTERS = {
    ShapeState.FREE: pgettext_lazy("letter on a plan", "F"),  # 空
    ShapeState.MINE: pgettext_lazy("letter on a plan", "Me"),  # 我
    ShapeState.BOOKED: pgettext_lazy("letter on a plan", "B"),  # 约
    ShapeState.CLOSED: pgettext_lazy("letter on a plan", "X"),  # 停
    ShapeState.SHUT: pgettext_lazy("letter on a plan", "C"),  # 休
    ShapeState.TENANTS: pgettext_lazy("letter on a plan", "T"),  # 驻
}
"""What says the state on the drawing, beside its pattern; what cannot be booked has none."""
