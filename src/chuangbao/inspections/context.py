"""What the house must know of guidance and inspections."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context
from chuangbao.inspections.demo import load_demo_inspections
from chuangbao.inspections.workflow import DRAW, NOTE, UPGRADE, VISIT

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"inspections/": "chuangbao.inspections.urls"},
    registers=("events", "scopes", "personal", "desk", "ways", "tasks"),
    workflows={
        "Guidance note 指导意见": NOTE,
        "Draw of visits 双随机抽查": DRAW,
        "Visit 检查": VISIT,
        "Upgrade plan 升级改造计划": UPGRADE,
    },
    notice_groups={"inspections": _("Guidance and inspections")},
    load_demo=load_demo_inspections,
)
