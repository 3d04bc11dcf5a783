"""Money (人民币): exact yuan with cents, and one rounding, half away from zero (四舍五入)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

__all__ = ["CENT", "MoneyField", "yuan"]

CENT = Decimal("0.01")


def yuan(value: Decimal | int | str) -> Decimal:
    """Return an amount in yuan rounded to the cent, half away from zero.

    Raises TypeError for a float, which is not exact.
    """
    if isinstance(value, float):
        raise TypeError("an amount of money is never a float; give a Decimal, an int or a text")
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


class MoneyField(models.DecimalField):  # type: ignore[type-arg] # generic in the stubs alone
    """A column of yuan with cents (numeric(18, 2))."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(max_digits=18, decimal_places=2)
        super().__init__(*args, **kwargs)
