"""Forms over facts of the catalogue: one field per fact, each in the way a plain person answers it.

Shared by the calculator, the check-up and the pages of facts. "I do not know" is always a possible answer: it is
an empty field.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.core.engine.current import current_engine
from chuangbao.core.http.forms import CALENDAR
from chuangbao.core.localization.formatting import number, unit_words
from chuangbao.core.localization.formatting import text as words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.doubts import list_readings
from chuangbao.facts.domain.figures import read_span
from chuangbao.facts.domain.periods import period_of
from chuangbao.facts.domain.values import (
    LONGEST_FIGURE,
    NONE,
    check_value,
    figure_expected,
    share_scale,
    share_text,
    typed_figure,
    unit_of_figure,
)
from chuangbao.rules.model import FactType

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.core.workflow.transitions import Move
    from chuangbao.facts.domain.doubts import Reading
    from chuangbao.facts.models import Fact as FactRow
    from chuangbao.rules import Engine
    from chuangbao.rules.model import CodeList, Fact, Pack

__all__ = [
    "UNKNOWN",
    "FactsForm",
    "MoveForm",
    "NumberField",
    "RevealForm",
    "StatementForm",
    "UploadForm",
    "day_input",
    "example_words",
    "field_of",
    "write_value",
]

ABSENT = "__absent__"
UNKNOWN = object()
METRES = re.compile(r"\d\s{0,3}m\s*$", re.IGNORECASE)


class NumberField(forms.CharField):
    """A figure as people write it: 200000, 20万, 1,200; 无 where it is known that there is none.

    无 is 0 where a figure always exists.
    With ``percent`` (see ``share_scale``) it is a percentage: 3 and 3% are the same. Where months or years are asked
    for, a span of time is read: 半年, 两年, 18个月.
    """

    def __init__(
        self,
        *args: Any,
        may_be_absent: bool = False,
        percent: Decimal | None = None,
        unit: str = "",
        is_whole: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.may_be_absent, self.percent, self.unit, self.is_whole = may_be_absent, percent, unit, is_whole
        self.unit_sign = unit_words(unit) if percent is None else "%"
        self.readings: tuple[Reading, ...] = ()
        self.max_length = LONGEST_FIGURE  # looked at before the text is; the value is no text any more
        self.widget.attrs.setdefault("maxlength", str(LONGEST_FIGURE))

    def write_share(self, value: Any) -> Any:
        """A kept value as it is typed; what is no figure as it is."""
        if self.percent is None:
            return value
        try:
            return share_text(Decimal(str(value)), self.percent)
        except InvalidOperation:
            return value

    def prepare_value(self, value: Any) -> Any:
        """In words where there is none."""
        return gettext("none") if value == ABSENT else value

    def to_python(self, value: Any) -> Any:
        """Return the exact figure, or None when the field was left empty.

        Raises ValidationError for a text that is too long or no figure.
        """
        text = super().to_python(value)
        if not text:
            return None
        if len(text) > LONGEST_FIGURE:
            raise ValidationError(gettext("A figure has at most %(most)d characters.") % {"most": LONGEST_FIGURE})
        if self.may_be_absent and text.lower() in {ABSENT, *NONE}:
            return ABSENT
        if text.lower() in NONE:
            return Decimal(0)
        span = read_span(text, self.unit)
        found = typed_figure(text, self.percent) if span is None else span
        if found is None or self.is_measured(text):
            raise ValidationError(self.describe_expected())
        return found

    def is_measured(self, text: str) -> bool:
        """Whether an m behind the figure means metres: millions are written so of money alone (1.5m)."""
        return bool(self.unit) and not self.unit.startswith("CNY") and METRES.search(text) is not None

    def describe_expected(self) -> str:
        """What can be written, with an example that fits the unit; and that it may be left out where it may."""
        how = figure_expected(self.unit, self.percent, is_whole=self.is_whole)
        return how if self.required else how + gettext(" Leave it empty if you do not know.")


def choices_of(pack: Pack, fact: Fact) -> list[tuple[str, str]]:
    """The possible answers of a fact with few values."""
    if fact.choices:
        return [(write_value(choice.value), words(choice.label)) for choice in fact.choices]
    if fact.type is FactType.BOOLEAN:
        return [("true", gettext("Yes")), ("false", gettext("No"))]
    listed = pack.codes.get(fact.codes)
    return [(entry.code, words(entry.label)) for entry in listed.codes] if listed else []


def help_of(fact: Fact) -> str:
    """Why it is asked, where the answer is found, and how one looks."""
    told = [
        words(fact.help),
        gettext("Where to find it: %(place)s.") % {"place": words(fact.where)} if fact.where.zh else "",
        example_words(words(fact.example)),
    ]
    return " ".join(part for part in told if part)


def example_words(shown: str) -> str:
    """How an answer looks, a large figure with marks of thousands; empty where there is no example."""
    shown = number(Decimal(shown)) if shown.isdecimal() else shown
    return gettext("For example: %(answer)s.") % {"answer": shown} if shown else ""


def picker(listed: CodeList, last: list[tuple[str, str]], shared: dict[str, Any]) -> forms.Field:
    """A long code list: one field to choose from, by groups; with scripts it is searched by any word."""
    found: list[tuple[str, Any]] = [("", gettext("I do not know"))]
    for group in listed.groups:
        inside = [(c.code, f"{c.code} {words(c.label)}") for c in listed.codes if c.group == group.code]
        found.append((f"{group.code} {words(group.label)}", inside))
    widget = forms.Select(attrs={"class": "form-select", "data-search": gettext("Search by a word or a number")})
    return forms.ChoiceField(choices=[*found, *last], widget=widget, **shared)


def field_of(pack: Pack, fact: Fact) -> forms.Field:
    """The field for one fact."""
    label = words(fact.question) or words(fact.label)
    shared: dict[str, Any] = {"label": label, "required": False, "help_text": help_of(fact)}
    choices = choices_of(pack, fact)
    if fact.type is FactType.CODE and pack.codes[fact.codes].groups:
        return picker(pack.codes[fact.codes], [(ABSENT, gettext("There is none"))] * fact.may_be_absent, shared)
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
        return NumberField(
            may_be_absent=fact.may_be_absent,
            percent=share_scale(fact),
            unit=unit_of_figure(fact),
            is_whole=fact.type is FactType.INTEGER,
            widget=forms.TextInput(attrs=attrs | {"inputmode": "decimal"}),
            **shared,
        )
    return forms.CharField(max_length=200, widget=forms.TextInput(attrs=attrs), **shared)


def day_input() -> forms.DateInput:
    """The browser's own calendar, which wants ISO days."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"})


def write_value(value: object) -> str:
    """A value as a form writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ABSENT if value is None else str(value)


class FactsForm(forms.Form):
    """Some facts of a profile; ``facts()`` gives what was answered, in the shape that the engine takes.

    One that ``asks_back`` asks once whether a bare 15 is 15 yuan or 15万元, where the example is far larger; sent again
    as it was, it is taken as typed.
    """

    required_css_class = "is-required"
    asks_back = False

    def __init__(self, *args: Any, engine: Engine, names: Iterable[str], as_of: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engine, self.as_of, self.names = engine, as_of, tuple(names)
        for name in self.names:
            self.fields[name] = field_of(engine.pack, engine.pack.facts[name])

    def clean(self) -> dict[str, Any]:
        """Let the catalogue look at every answer; what can be written instead is shown beside the field."""
        cleaned = super().clean() or {}
        for name in [name for name in self.names if name in cleaned]:
            value = self.value(name, cleaned[name])
            if value is UNKNOWN:
                continue
            try:
                check_value(self.engine.pack, self.engine.pack.facts[name], value)
            except Refused as refusal:
                self.add_error(name, str(refusal))
        if self.asks_back:
            self.ask_back()
        return cleaned

    def ask_back(self) -> None:
        """Ask about each sum that is hardly meant as it was typed, unless it was asked about before."""
        for name in [name for name in self.names if name in self.cleaned_data]:
            typed, field = str(self.data.get(self.add_prefix(name), "")), self.fields[name]
            if not isinstance(field, NumberField) or self.data.get(f"asked-{name}") == typed:
                continue
            readings = list_readings(self.engine.pack.facts[name], typed, self.example_of(name))
            if readings:
                field.readings = readings
                large, small = (reading.words for reading in readings)
                question = gettext("Do you mean %(large)s or %(small)s?")
                self.add_error(name, question % {"large": large, "small": small})

    def example_of(self, name: str) -> str:
        """How an answer looks, as it is typed: 20万."""
        return self.engine.pack.facts[name].example.zh

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """A kept value as it is typed."""
        value = super().get_initial_for_field(field, field_name)
        return field.write_share(value) if isinstance(field, NumberField) else value

    def facts(self) -> dict[str, object]:
        """What was answered, by fact."""
        given = {name: self.value(name, self.cleaned_data.get(name)) for name in self.names}
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


class StatementForm(FactsForm):
    """One fact with the day or the period it is about, and a proof where there is one."""

    asks_back = True

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, engine=current_engine(), names=[fact.name], as_of=timezone.localdate(), **kwargs)
        self.fact = fact
        if fact.per:
            self.fields["when"] = forms.CharField(label=_("Period"), max_length=20, widget=text_input())
        else:
            self.fields["as_of"] = forms.DateField(
                label=_("True as of"), required=False, widget=day_input(), initial=timezone.localdate()
            )
        self.fields["file"] = forms.FileField(
            label=_("Evidence (.pdf, .png, .jpg)"), required=False, widget=file_input(".pdf,.png,.jpg,.jpeg"),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Something must be said, and the period must be one."""
        cleaned = super().clean()
        if not self.errors and self.fact.name not in self.facts():
            self.add_error(
                self.fact.name, gettext("Say what it is, or leave this page: what is not said stays unknown.")
            )
        if cleaned.get("when"):
            try:
                cleaned["period"] = period_of(self.fact, cleaned["when"])
            except Refused as refusal:
                self.add_error("when", str(refusal))
        return cleaned

    def statement(self) -> dict[str, Any]:
        """What the verb takes."""
        return {
            "name": self.fact.name,
            "value": self.facts().get(self.fact.name),
            "as_of": self.cleaned_data.get("as_of"),
            "period": self.cleaned_data.get("period"),
        }


class MoveForm(forms.Form):
    """What a move of a fact asks for: a reason, or until when a verification holds."""

    def __init__(self, *args: Any, move: Move, row: FactRow, settles: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{move.verb}-{row.pk}-%s")
        super().__init__(*args, **kwargs)
        self.move, self.row = move, row
        if "reason" in move.needs or settles:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=500, widget=text_input())
        if "until" in move.needs:
            year = timezone.localdate() + timedelta(days=365)
            self.fields["until"] = forms.DateField(
                label=_("Holds until"), widget=day_input(), initial=year, validators=CALENDAR
            )


class UploadForm(forms.Form):
    """A workbook or CSV file with facts."""

    file = forms.FileField(
        label=_("A file (.xlsx, .csv)"),
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv"}),
    )


def text_input() -> forms.TextInput:
    """One line."""
    return forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"})


def file_input(accept: str) -> forms.ClearableFileInput:
    """A file of some kinds."""
    return forms.ClearableFileInput(attrs={"class": "form-control", "accept": accept})


class RevealForm(forms.Form):
    """Why sealed values are opened."""

    reason = forms.CharField(
        label=_("Why you need to see them"), max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )  # fmt: skip
