"""What is not yet a row, in the words that its row will have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from chuangbao.billing.domain.statements import describe_part as part_of
from chuangbao.billing.models import Charge
from chuangbao.billing.sheet import describe_part

if TYPE_CHECKING:
    from chuangbao.billing.domain.charging import DraftCharge
    from chuangbao.billing.domain.proration import Part

register = template.Library()


@register.simple_tag
def draft_words(charge: DraftCharge, part: Part) -> str:
    """The arithmetic of a part of a charge that will be made."""
    return describe_part(part_of(Charge(), charge, part))
