"""A page of life as a form (先说生活), and what was said as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext

from chuangbao.checkup.domain.life import UNSAID, name_of
from chuangbao.checkup.models import CheckUpAnswer
from chuangbao.core.localization.formatting import text
from chuangbao.facts.forms import FactsForm, NumberField, example_words
from chuangbao.rules.interview import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.rules import Engine
    from chuangbao.rules.interview import LifePage, LifeQuestion, Lived

__all__ = ["LifeForm", "LifeRow", "RadioSelect", "initial_of", "list_choices", "list_rows"]

State = CheckUpAnswer.State
FEW = 2
"""Sensitive answers of a question that are named where none of them was chosen."""


def initial_of(page: LifePage, rows: Iterable[CheckUpAnswer]) -> dict[str, object]:
    """The answers so far, as the form of a page shows them; nothing is chosen beforehand."""
    said = {row.fact: row for row in rows}
    found: dict[str, object] = {}
    for question in page.questions:
        row = said.get(name_of(question.name))
        if row is not None:
            value = UNSAID if row.state == State.UNKNOWN else row.value
            found[question.name] = value.split(",") if question.kind == "many" else value
    return found


class LifeForm(FactsForm):
    """One page of life: each question in its own words; none of these and I do not know are answers like others."""

    use_required_attribute = False
    asks_back = True

    def __init__(self, *args: Any, page: LifePage, who: str, engine: Engine, as_of: date, **kwargs: Any) -> None:
        facts = [question.name for question in page.questions if question.kind == "fact"]
        super().__init__(*args, engine=engine, names=facts, as_of=as_of, **kwargs)
        self.page = page
        plain = dict(self.fields)
        self.fields.clear()
        for question in page.questions:
            if question.kind == "fact":
                self.fields[question.name] = reword_field(plain[question.name], question)
            else:
                self.fields[question.name] = life_field(question, who)

    def example_of(self, name: str) -> str:
        """How an answer looks, by the question of life, else by the fact."""
        asked = next((question.example.zh for question in self.page.questions if question.name == name), "")
        return asked or super().example_of(name)

    def answers(self) -> dict[str, str | None]:
        """The answers of life as rows keep them; None for what is left open."""
        found: dict[str, str | None] = {}
        for question in self.page.questions:
            if question.kind != "fact":
                said = self.cleaned_data[question.name]
                value = ",".join(said) if isinstance(said, list) else said
                found[question.name] = None if value == UNSAID else value
        return found


def list_choices(field: forms.ChoiceField) -> list[tuple[str, str]]:
    """Return the values of a field with their words; our fields have no groups of choices."""
    return [(str(value), label) for value, label in cast("Iterable[Any]", field.choices)]


def reword_field(field: forms.Field, question: LifeQuestion) -> forms.Field:
    """The field of a fact in the words of the interview, with nothing chosen beforehand."""
    field.label = text(question.label)
    field.help_text = help_of(question) or field.help_text
    if isinstance(field, NumberField):
        field.help_text += gettext(" Leave it empty if you do not know.")
    if isinstance(field, forms.ChoiceField) and field.widget.__class__ is forms.RadioSelect:  # no check boxes
        field.choices = [(value, label) for value, label in list_choices(field) if value] + [
            ("", gettext("I do not know"))
        ]
        field.widget = RadioSelect(choices=field.choices)
    return field


class RadioSelect(forms.RadioSelect):
    """Radio buttons of which none is chosen at first: an empty value is an answer, not the first."""

    def format_value(self, value: Any) -> Any:
        """No value is no choice."""
        return [] if value is None else super().format_value(value)


class GroupsField(forms.MultipleChoiceField):
    """Several answers, or none of these; never both."""

    def clean(self, value: Any) -> list[str]:
        """Return the ticked groups.

        Raises ValidationError where “none of these” or “rather not say” is ticked beside another.
        """
        found: list[str] = super().clean(value)
        if len(found) > 1 and {NONE, UNSAID} & set(found):
            message = gettext("Either tick what applies, or “none of these”: not both.")
            raise forms.ValidationError(message, code="both")
        return found


def life_field(question: LifeQuestion, who: str) -> forms.Field:
    """The field of one question of life; something has to be chosen, and everybody finds an answer."""
    choices = [(option.id, text(option.label)) for option in question.options_for(who)]
    choices += [(NONE, gettext("None of these")), (UNSAID, gettext("I do not know, or would rather not say"))]
    shared: dict[str, Any] = {"label": text(question.label), "help_text": help_of(question), "choices": choices}
    if question.kind == "many":
        wrong = {"required": gettext("Tick what applies; where nothing does, tick “none of these”.")}
        return GroupsField(widget=forms.CheckboxSelectMultiple, error_messages=wrong, **shared)
    wrong = {"required": gettext("Choose one; where nothing fits, choose “none of these”.")}
    return forms.ChoiceField(widget=RadioSelect, error_messages=wrong, **shared)


def help_of(question: LifeQuestion) -> str:
    """What helps to answer, and how an answer looks."""
    example = example_words(text(question.example))
    return " ".join(part for part in (text(question.help), example) if part)


class LifeRow:
    """One answer of life beside its question, as the list of answers shows it."""

    def __init__(self, page: LifePage, question: LifeQuestion, row: CheckUpAnswer, who: str) -> None:
        self.page, self.question, self.row, self.who = page, question, row, who

    @property
    def words(self) -> str:
        """The answer in words."""
        if self.row.state == State.UNKNOWN:
            return gettext("I do not know")
        labels = {option.id: text(option.label) for option in self.question.options}
        said = [labels.get(code, gettext("None of these")) for code in self.row.value.split(",")]
        return gettext(", ").join(said)

    @property
    def sensitive_words(self) -> str:
        """What of the answer a shared copy leaves out, in words: that nothing of it was chosen is left out too."""
        if self.question.kind != "many":
            return self.words
        chosen = self.row.value.split(",")
        options = [option for option in self.question.options_for(self.who) if option.sensitive]
        said = [text(option.label) for option in options if option.id in chosen]
        named = [text(option.label) for option in options[:FEW]]
        what = gettext(", ").join([*named, "…"] if len(options) > FEW else named)
        return gettext(", ").join(said) or gettext("that you ticked none of: %(what)s") % {"what": what}


def list_rows(lived: Lived, rows: Iterable[CheckUpAnswer], who: str) -> list[LifeRow]:
    """List the answers of life of one kind of visitor (``who``), in the order of their questions."""
    said = {row.fact: row for row in rows}
    pairs = [(page, question) for page in lived.pages for question in page.questions]
    return [LifeRow(page, q, said[name_of(q.name)], who) for page, q in pairs if name_of(q.name) in said]
