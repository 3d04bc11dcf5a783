"""Forms with a point on the map: two numbers in degrees, written or pasted as people have them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms

from chuangbao.core.localization.width import narrow

__all__ = ["PointForm", "read_point"]

BETWEEN = re.compile(r"[\s,，;；、°度NnEe北东纬经:：]+")
DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,20})?")
EACH = ("latitude", "longitude")
EXACT = Decimal("0.00001")
"""About a metre."""


def read_point(latitude: str, longitude: str) -> tuple[str, str]:
    """Return latitude and longitude in degrees of what was written in two fields, or pasted as a pair into one.

    In China each longitude is larger than each latitude, so that the order tells itself. What is not two numbers comes
    back as it was, for the fields to say what is wrong.
    """
    found = [part for part in BETWEEN.split(narrow(f"{latitude} {longitude}")) if part]
    if len(found) != len(EACH) or not all(map(DEGREES.fullmatch, found)):
        return latitude, longitude
    north, east = sorted((Decimal(part).quantize(EXACT, ROUND_HALF_UP) for part in found), key=abs)
    return f"{north.normalize():f}", f"{east.normalize():f}"


class PointForm(forms.Form):
    """A form with the fields ``latitude`` and ``longitude``, which a pair in one of them fills both."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data:
            latitude, longitude = (data.get(name) or "" for name in EACH)
            data = data.copy()
            data["latitude"], data["longitude"] = read_point(latitude, longitude)
        super().__init__(data, *args, **kwargs)
