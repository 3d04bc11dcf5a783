"""The first pages of a check-up: what people know of themselves, in their words (先说生活).

Which questions there are, and which facts follow from the answers, is said by the pack (``interview.yaml``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext

from chuangbao.checkup.models import CheckUpAnswer
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import text
from chuangbao.facts.forms import FactsForm
from chuangbao.rules.interview import NONE, Interview

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from chuangbao.checkup.models import CheckUp
    from chuangbao.rules import Engine
    from chuangbao.rules.interview import LifePage, LifeQuestion, Lived
    from chuangbao.rules.model import Pack

__all__ = [
    "PREFIX",
    "LifeForm",
    "LifeRow",
    "RadioSelect",
    "find_pending",
    "initial_of",
    "is_life",
    "life_of",
    "list_rows",
    "name_of",
    "tells_sensitive",
]

PREFIX = "life."
UNSAID = "unknown"
State = CheckUpAnswer.State


def name_of(question: str) -> str:
    """The name under which the answer of a question of life is kept."""
    return f"{PREFIX}{question}"


def is_life(row: CheckUpAnswer) -> bool:
    """Whether an answer is one of life, and not a fact."""
    return row.fact.startswith(PREFIX)


def life_of(checkup: CheckUp, rows: Iterable[CheckUpAnswer]) -> dict[str, str | frozenset[str]]:
    """What was said of life, in the engine's shape; what was left open is left out."""
    kinds = {question.name: question.kind for question in current_interview().questions}
    found: dict[str, str | frozenset[str]] = {"who": checkup.who or NONE}
    for row in rows:
        name = row.fact.removeprefix(PREFIX)
        if is_life(row) and row.state == State.GIVEN and name in kinds:
            many = frozenset(code for code in row.value.split(",") if code and code != NONE)
            found[name] = many if kinds[name] == "many" else row.value
    return found


def current_interview() -> Interview:
    """The interview of the pack in use."""
    return current_pack().interview or Interview()


def find_pending(lived: Lived, rows: Iterable[CheckUpAnswer]) -> LifePage | None:
    """Return the first page with an unanswered question whose fact is not known."""
    said = {row.fact for row in rows}
    known = lived.profile.given
    for page in lived.pages:
        if any(q.name not in known and q.name not in said and name_of(q.name) not in said for q in page.questions):
            return page
    return None


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
    example = gettext("For example: %(answer)s.") % {"answer": text(question.example)} if question.example.zh else ""
    return " ".join(part for part in (text(question.help), example) if part)


class LifeRow:
    """One answer of life beside its question, as the list of answers shows it."""

    def __init__(self, page: LifePage, question: LifeQuestion, row: CheckUpAnswer) -> None:
        self.page, self.question, self.row = page, question, row

    @property
    def words(self) -> str:
        """The answer in words."""
        if self.row.state == State.UNKNOWN:
            return gettext("I do not know")
        labels = {option.id: text(option.label) for option in self.question.options}
        said = [labels.get(code, gettext("None of these")) for code in self.row.value.split(",")]
        return gettext(", ").join(said)


def list_rows(lived: Lived, rows: Iterable[CheckUpAnswer]) -> list[LifeRow]:
    """The answers of life, in the order of their questions."""
    said = {row.fact: row for row in rows}
    pairs = [(page, question) for page in lived.pages for question in page.questions]
    return [LifeRow(page, q, said[name_of(q.name)]) for page, q in pairs if name_of(q.name) in said]


def tells_sensitive(pack: Pack, row: CheckUpAnswer) -> bool:
    """Whether an answer of life says something sensitive, such as the groups one belongs to."""
    questions: Mapping[str, LifeQuestion] = {q.name: q for q in (pack.interview.questions if pack.interview else ())}
    question = questions.get(row.fact.removeprefix(PREFIX))
    return question is None or any(pack.facts[name].sensitive for o in question.options for name in o.facts)
