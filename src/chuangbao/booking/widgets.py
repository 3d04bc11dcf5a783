"""Fields written at once: those of Django ask a template for each field and option, a third of a page of search."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import flatatt
from django.forms.widgets import Input
from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.safestring import SafeString

__all__ = ["PlainDate", "PlainNumber", "PlainSelect", "PlainText", "PlainTime"]


class PlainSelect(forms.Select):
    """A choice whose options are in no groups; ``source`` lists them, which Django would look through one by one."""

    def __init__(self, source: Callable[[], Iterable[tuple[str, str]]], attrs: Any = None) -> None:
        super().__init__(attrs)
        self.source = source

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Write the field with its options."""
        del renderer  # it would ask the templates
        options = write_options(tuple(self.source()), tuple(self.format_value(value)))
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(self.build_attrs(self.attrs, attrs)), options
        )


@lru_cache(maxsize=64)
def write_options(choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...]) -> SafeString:
    """Write the options of a choice; remembered, since the places of a province are many and mostly none is chosen."""
    options = ((key, " selected" if key in chosen else "", label) for key, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', options)


class PlainInput(Input):
    """A field of one line."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Write the field."""
        del renderer  # it would ask the templates
        found = self.get_context(name, value, attrs)["widget"]
        said = {"type": found["type"], "name": name}
        if found["value"] is not None:
            said["value"] = found["value"]
        return format_html("<input{}>", flatatt(said | found["attrs"]))


class PlainText(PlainInput, forms.TextInput):
    """A field for words."""


class PlainDate(PlainInput, forms.DateInput):
    """A field for a day."""


class PlainTime(PlainInput, forms.TimeInput):
    """A field for a time of the day."""


class PlainNumber(PlainInput, forms.NumberInput):
    """A field for a number."""
