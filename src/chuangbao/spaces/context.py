"""What the house must know of spaces."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context, MapFigure, NavItem
from chuangbao.spaces.demo_projects import load_demo
from chuangbao.spaces.queries import count_by_prefecture
from chuangbao.spaces.workflow import MEMBER, PROJECT, SPACE, TRANSFER

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"spaces/": "chuangbao.spaces.urls"},
    registers=("events", "scopes", "personal", "desk", "first_steps", "searching", "contacts"),
    navigation=(NavItem(_("Spaces"), "spaces:list", "building", place=35),),
    workflows={
        "Space 众创空间": SPACE,
        "Transfer of a space 移交": TRANSFER,
        "Street or park 创业孵化一条街、专业型孵化园区": PROJECT,
        "Space in a street or park 项目成员": MEMBER,
    },
    duties={"spaces": _("Keep the register of spaces")},  # 众创空间名录
    notice_groups={"spaces": _("Spaces")},
    load_demo=load_demo,
    map_figures=(MapFigure(_("Spaces"), count_by_prefecture),),
)
