"""Fields of forms as the house draws them: a line, several lines, a day with a calendar; and parts of long forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from chuangbao.core.http.forms import CALENDAR, ManyLinesField, OneLineField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import BoundField

__all__ = ["INPUT", "SELECT", "FormPart", "area", "day_field", "line", "part_of"]

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


@dataclass(frozen=True, slots=True)
class FormPart:
    """Fields of a long form that belong together, under a title; ``is_folded`` until one of them is wrong."""

    title: str
    fields: list[BoundField]
    is_folded: bool


def part_of(form: forms.Form, title: str, names: Iterable[str], *, is_folded: bool = False) -> FormPart:
    """Return a part of a form, for ``ui/form_parts.html``."""
    fields = [form[name] for name in names]
    return FormPart(title, fields, is_folded and not any(field.errors for field in fields))
