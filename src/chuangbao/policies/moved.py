"""A figure that one version moved (数额变动), in words: what it was and is, and what the nation's own is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import DASH, figure_words, text

if TYPE_CHECKING:
    from chuangbao.rules.model import Parameter, ParameterValue

__all__ = ["last_value", "moved_words"]


def last_value(parameter: Parameter | None) -> str:
    """The newest figure of a parameter with its unit; a dash where the pack has none yet."""
    last = newest(parameter)
    return figure_words(parameter, last.value) if parameter is not None and last else DASH


def newest(parameter: Parameter | None) -> ParameterValue | None:
    """The newest value of a parameter."""
    return parameter.values[-1] if parameter is not None and parameter.values else None


def moved_words(old: Parameter | None, new: Parameter | None) -> str:
    """What a figure was and is: 从14,400元改为24,000元（吉林省标准；全国标准20,000元）."""
    moved = gettext(": from %(old)s to %(new)s") % {"old": last_value(old), "new": last_value(new)}
    return moved + base_words(new)


def base_words(parameter: Parameter | None) -> str:
    """Whose figure it is and what the nation's own is, where a place has set one; empty for a figure of all."""
    last = newest(parameter)
    if parameter is None or last is None or not last.region:
        return ""
    region = current_pack().regions.latest(last.region)
    base = next((v for v in reversed(parameter.values) if not v.region and v.start <= last.start), None)
    if region is None or base is None:
        return ""
    words = {"place": text(region.name), "base": figure_words(parameter, base.value)}
    return gettext(" (the figure of %(place)s; the nation's own is %(base)s)") % words
