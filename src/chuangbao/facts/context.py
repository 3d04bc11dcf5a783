"""What the house must know of facts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context
from chuangbao.facts.demo import load_demo_facts
from chuangbao.facts.states import AWARD, FACT

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"facts/": "chuangbao.facts.urls"},
    registers=("events", "scopes", "personal", "readings", "desk"),
    workflows={"Fact 事实": FACT, "Past grant 以往所得": AWARD},
    notice_groups={"facts": _("My particulars")},
    load_demo=load_demo_facts,
)
