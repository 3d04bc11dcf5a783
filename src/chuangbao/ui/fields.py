"""Fields of forms as the house draws them: a line, several lines, a day with the browser's calendar."""

from __future__ import annotations

from typing import Any

from django import forms

from chuangbao.core.http.forms import CALENDAR, ManyLinesField, OneLineField

__all__ = ["INPUT", "SELECT", "area", "day_field", "line"]

INPUT = {"class": "form-control", "autocomplete": "off"}
SELECT = {"class": "form-select"}


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day with the browser's own calendar."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})
    return forms.DateField(label=label, widget=widget, validators=CALENDAR, **kwargs)


def line(label: Any, **kwargs: Any) -> forms.CharField:
    """One line of text."""
    kwargs.setdefault("max_length", 200)
    return OneLineField(label=label, widget=forms.TextInput(attrs=INPUT), **kwargs)


def area(label: Any, rows: int = 4, **kwargs: Any) -> forms.CharField:
    """Several lines of text."""
    return ManyLinesField(label=label, widget=forms.Textarea(attrs={"class": "form-control", "rows": rows}), **kwargs)
