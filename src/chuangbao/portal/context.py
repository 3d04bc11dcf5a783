"""What the house must know of the roof: home, map, workbench and the people of the demonstration."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.permissions import signed_in
from chuangbao.core.contexts import Context, NavItem
from chuangbao.portal.demo import load_demo

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"": "chuangbao.portal.urls"},
    navigation=(
        NavItem(_("Home"), "portal:home", "home", place=10),
        NavItem(_("Map"), "portal:map", "map-2", place=50),
        NavItem(_("My workbench"), "portal:desk", "checklist", place=90, permission=signed_in),
    ),
    load_demo=load_demo,
)
