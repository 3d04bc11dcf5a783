"""A form over facts of the catalogue: one field per fact, each in the way a plain person answers it.

Shared by the calculator and the check-up. "I do not know" is always a possible answer: it is an empty field.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.rules import FactError
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.rules import Engine
    from chuangbao.rules.model import Fact, Pack

__all__ = ["FactsForm", "field_of", "stored"]

ABSENT = "__absent__"
NUMBER = re.compile(r"^\s*¥?\s*(-?[\d,，]*\.?\d+)\s*(%|万元|万|亿元|亿|元)?\s*$")
SCALE = {
    "%": Decimal("0.01"),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "亿": Decimal(10**8),
    "亿元": Decimal(10**8),
}


class NumberField(forms.CharField):
    """A figure as people write it: 200000, 20万, 1,200, 70%."""

    def to_python(self, value: Any) -> Any:
        """The exact figure, or None when the field was left empty."""
        text = super().to_python(value)
        if not text:
            return None
        found = NUMBER.match(text.translate(str.maketrans("０１２３４５６７８９．％", "0123456789.%")))
        try:
            figure = Decimal(found[1].replace(",", "").replace("，", "")) if found else None
        except InvalidOperation:
            figure = None
        if figure is None:
            raise ValidationError(
                gettext("Write a figure, such as 200000 or 20万; or leave it empty if you do not know.")
            )
        return figure * SCALE.get(found[2] or "", Decimal(1)) if found else None


def words(content: Any) -> str:
    """A bilingual text in the reader's language."""
    return str(content.get(get_language() or "zh-hans"))


def choices_of(pack: Pack, fact: Fact) -> list[tuple[str, str]]:
    """The possible answers of a fact with few values."""
    if fact.choices:
        return [(stored(choice.value), words(choice.label)) for choice in fact.choices]
    if fact.type is FactType.BOOLEAN:
        return [("true", gettext("Yes")), ("false", gettext("No"))]
    listed = pack.codes.get(fact.codes)
    return [(entry.code, words(entry.label)) for entry in listed.codes] if listed else []


def field_of(pack: Pack, fact: Fact) -> forms.Field:
    """The field for one fact."""
    label = words(fact.question) or words(fact.label)
    shared: dict[str, Any] = {"label": label, "required": False, "help_text": words(fact.help)}
    choices = choices_of(pack, fact)
    if fact.type is FactType.CODES:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **shared)
    if choices:
        extra = [(ABSENT, gettext("There is none"))] if fact.may_be_absent else []
        every = [*choices, *extra, ("", gettext("I do not know"))]
        return forms.ChoiceField(choices=every, widget=forms.RadioSelect, **shared)
    if fact.type is FactType.DATE:
        return forms.DateField(widget=day_input(), **shared)
    attrs = {"class": "form-control", "autocomplete": "off"}
    if fact.type.numeric:
        return NumberField(widget=forms.TextInput(attrs=attrs | {"inputmode": "decimal"}), **shared)
    return forms.CharField(max_length=200, widget=forms.TextInput(attrs=attrs), **shared)


def day_input() -> forms.DateInput:
    """The browser's own calendar, which wants ISO days."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


def stored(value: object) -> str:
    """A value as a form writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ABSENT if value is None else str(value)


class FactsForm(forms.Form):
    """Some facts of a profile; ``facts()`` gives what was answered, in the shape that the engine takes."""

    required_css_class = "is-required"

    def __init__(self, *args: Any, engine: Engine, names: Iterable[str], as_of: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engine, self.as_of = engine, as_of
        for name in names:
            self.fields[name] = field_of(engine.pack, engine.pack.facts[name])

    def clean(self) -> dict[str, Any]:
        """Let the engine's own door look at every answer; its complaint stands beside the field."""
        cleaned = super().clean() or {}
        for name in list(cleaned):
            value = self.value(name, cleaned[name])
            if value is UNKNOWN:
                continue
            try:
                self.engine.profile({name: value}, as_of=self.as_of)
            except FactError as error:
                self.add_error(name, "; ".join(problem.message for problem in error.problems))
        return cleaned

    def facts(self) -> dict[str, object]:
        """What was answered, by fact."""
        given = {name: self.value(name, self.cleaned_data.get(name)) for name in self.fields}
        return {name: value for name, value in given.items() if value is not UNKNOWN}

    def value(self, name: str, cleaned: Any) -> object:
        """One answer in the engine's shape; UNKNOWN when nothing was said."""
        if cleaned in {None, ""} if not isinstance(cleaned, list) else not cleaned:
            return UNKNOWN
        if cleaned == ABSENT:
            return None
        fact = self.engine.pack.facts[name]
        if fact.type is FactType.BOOLEAN:
            return cleaned == "true"
        if isinstance(cleaned, str) and fact.type.numeric:
            return Decimal(cleaned)
        if isinstance(cleaned, Decimal) and cleaned == cleaned.to_integral_value():
            return int(cleaned)
        return cleaned


UNKNOWN = object()


class ImportForm(forms.Form):
    """A document to read: a file, or its text."""

    file = forms.FileField(
        label=_("A file (.txt, .docx, .pdf, .html)"), required=False,
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".txt,.docx,.pdf,.html,.htm"}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("or its text"), required=False, max_length=2_000_000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 8}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two is needed."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if not file and not (cleaned.get("text") or "").strip() and not self.errors:
            raise ValidationError(gettext("Choose a file or paste a text."))
        if file and file.size > LARGEST:
            self.add_error("file", gettext("The file is larger than 10 MB. Save it without pictures and try again."))
        return cleaned


LARGEST = 10 * 1024 * 1024
