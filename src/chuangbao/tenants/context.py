"""What the house must know of tenants."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context
from chuangbao.tenants.demo import load_demo_tenants
from chuangbao.tenants.workflow import AGREEMENT, SERVICE, TENANCY

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"tenants/": "chuangbao.tenants.urls"},
    registers=("events", "scopes", "personal", "desk", "domain.following", "domain.industries"),
    workflows={"Tenancy 入驻": TENANCY, "Agreement of a tenancy 入驻协议": AGREEMENT, "Service 服务记录": SERVICE},
    load_demo=load_demo_tenants,
    notice_groups={"tenants": _("Tenants and incubation")},
)
