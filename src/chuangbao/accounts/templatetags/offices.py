"""Where to go (在哪里办), for templates of any context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from chuangbao.accounts.directory import departments, hotlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangbao.accounts.directory import Place
    from chuangbao.accounts.models import Office
    from chuangbao.rules.offices import Hotline

register = template.Library()


@register.inclusion_tag("accounts/offices/where_to_go.html")
def where_to_go(place: Place) -> dict[str, object]:
    """Show the office of a step with all that is known of it, and the hot line."""
    return {"place": place}


@register.inclusion_tag("accounts/offices/ways.html")
def ways_to(office: Office) -> dict[str, object]:
    """Show how an office is reached: street, hours, telephone, online entrance."""
    return {"office": office}


@register.simple_tag
def hot_lines() -> Sequence[Hotline]:
    """List the hot lines."""
    return hotlines()


@register.filter
def department_label(code: str) -> str:
    """Name a department (主管部门) by its code."""
    return dict(departments()).get(code, code)
