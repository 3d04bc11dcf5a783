"""Numbers, money, dates and texts in a reader's words, where the portal has always found them."""

from __future__ import annotations

from chuangbao.core.wording import DASH, day_words, money, number, percent, plain_money, quantity, text, value_words

__all__ = ["DASH", "day_words", "money", "number", "percent", "plain_money", "quantity", "text", "value_words"]
