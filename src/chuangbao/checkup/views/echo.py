"""What was read of a figure (读作), said where it reads otherwise than it was typed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils.translation import gettext as _

from chuangbao.core.localization.formatting import number, text, unit_words
from chuangbao.core.localization.width import narrow
from chuangbao.facts.domain.values import share_scale
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Fact

__all__ = ["echo_figure"]

WRITTEN = re.compile(r"([+-]?\d+(?:\.\d+)?)(\D*)")


def echo_figure(request: Request, fact: Fact, value: object) -> None:
    """Say how a figure was read where it reads otherwise than it was typed: 60w is 600,000 元, and 3人 just that.

    Of money that was typed without a unit it is always said in which it was taken: 15 = 15 元.
    """
    typed = request.POST.get(fact.name, "").strip()
    if not fact.type.numeric or not isinstance(value, int | Decimal):
        return
    scale = share_scale(fact)
    read = Decimal(value) / (scale or 1)
    is_bare = fact.type is FactType.MONEY and typed[-1:].isdecimal()
    if is_as_typed(typed, read) and not is_bare:
        return
    unit = "%" if scale is not None else unit_words("CNY" if fact.type is FactType.MONEY else fact.unit)
    words = {"fact": text(fact.label), "typed": typed, "figure": f"{number(read)} {unit}".strip()}
    messages.info(request, _("%(fact)s: %(typed)s = %(figure)s") % words)


def is_as_typed(typed: str, read: Decimal) -> bool:
    """Whether a figure was typed in digits as it was read, with or without the word that it is counted in."""
    found = WRITTEN.fullmatch(re.sub(r"[\s,，]", "", narrow(typed)))
    return found is not None and Decimal(found[1]) == read
