"""Adding a worked case (算例) by answering questions: the facts that the version asks, and what must come out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.http.forms import CALENDAR
from chuangbao.facts.forms import UNKNOWN, FactsForm, NumberField, day_input, write_value
from chuangbao.policies.domain.texts import read_text
from chuangbao.rules import tree
from chuangbao.rules.loader import v_nodes
from chuangbao.rules.writing import items_of, put_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.rules.model import Version

__all__ = ["CaseForm", "case_values", "with_case", "without_case"]

STATUSES = (("eligible", _("You qualify")), ("not_eligible", _("Not at present")), ("undetermined", _("Undecided")))


class CaseForm(FactsForm):
    """One worked case; it is inside the form of the version, where its empty fields must not stop a save."""

    use_required_attribute = False

    def __init__(self, *args: Any, content: str, **kwargs: Any) -> None:
        version = read_text(content).version
        self.day = (version.valid_from if version else None) or timezone.localdate()
        names = list(dict.fromkeys(asked(version))) if version else []
        super().__init__(*args, engine=current_engine(), names=names, as_of=self.day, **kwargs)
        self.content, self.asked = content, names
        attrs = {"class": "form-control", "autocomplete": "off"}
        self.fields["name_"] = forms.CharField(
            label=_("Name of the case"), max_length=80, widget=forms.TextInput(attrs=attrs)
        )
        self.fields["day_"] = forms.DateField(
            label=_("As of"), initial=self.day, widget=day_input(), validators=CALENDAR
        )
        self.fields["status_"] = forms.ChoiceField(
            label=_("What must come out"), choices=STATUSES, widget=forms.Select(attrs={"class": "form-select"})
        )
        self.fields["amount_"] = NumberField(
            label=_("The amount that must come out"),
            required=False,
            percent=percent_of(version),
            widget=forms.TextInput(attrs=attrs),
            help_text=_("Leave it empty where the case is not about the amount."),
        )

    def value(self, name: str, cleaned: Any) -> object:
        """Fields of the case itself are no facts."""
        return UNKNOWN if name.endswith("_") else super().value(name, cleaned)

    def example(self) -> dict[str, Any]:
        """The case as the text keeps it."""
        expect: dict[str, Any] = {"status": self.cleaned_data["status_"]}
        if self.cleaned_data["amount_"] is not None:
            expect["amount"] = plain(self.cleaned_data["amount_"])
        facts = {name: plain(value) for name, value in self.facts().items()}
        return {
            "name": self.cleaned_data["name_"],
            "as_of": self.cleaned_data["day_"],
            "facts": facts,
            "expect": expect,
        }


def percent_of(version: Version | None) -> Decimal | None:
    """What one percent of the benefit is kept as; None where the benefit is no share."""
    return Decimal("0.01") if version is not None and version.benefit.unit == "ratio" else None


def plain(value: object) -> object:
    """A value as YAML writes it: whole numbers without a point, others as they are."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return sorted(value) if isinstance(value, set | frozenset) else value


def asked(version: Version) -> Iterator[str]:
    """The facts of the catalogue that a version reads, derived ones by what they come from."""
    facts = current_pack().facts
    for node in v_nodes(version):
        yield from (name for name in tree.names(node) if name in facts)


def with_case(content: str, example: dict[str, Any]) -> str:
    """The text with one more worked case."""
    return put_items(content, "examples", [*items_of(content, "examples"), example])


def without_case(content: str, place: int) -> tuple[str, dict[str, Any] | None]:
    """The text without one of its worked cases, and that case; the text as it is where it has no such case."""
    cases = items_of(content, "examples")
    if not 0 <= place < len(cases):
        return content, None
    return put_items(content, "examples", cases[:place] + cases[place + 1 :]), cases[place]


def case_values(example: dict[str, Any]) -> dict[str, Any]:
    """A worked case of the text as the form shows it."""
    expect = example.get("expect") or {}
    facts = {
        name: sorted(map(str, value)) if isinstance(value, list | set | frozenset) else write_value(value)
        for name, value in (example.get("facts") or {}).items()
        if value is not None
    }
    own = {
        "name_": example.get("name"),
        "day_": example.get("as_of"),
        "status_": expect.get("status"),
        "amount_": expect.get("amount"),
    }
    return facts | {name: value for name, value in own.items() if value is not None}
