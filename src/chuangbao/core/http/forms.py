"""Between a form and a verb: what the verb refuses is shown beside its field, and nothing typed is lost."""

from __future__ import annotations

import unicodedata
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import BaseForm


__all__ = [
    "CALENDAR",
    "REFUSED",
    "EmailField",
    "ManyLinesField",
    "OneLineField",
    "attempt",
    "attempt_filled",
    "hold_against",
    "one_line",
]

REFUSED: ContextVar[list[BaseForm] | None] = ContextVar("refused forms", default=None)
"""The forms that were refused while one request was answered, for the page that says so; None outside of one."""

CALENDAR = (MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2199, 12, 31)))
"""The days that a date field takes: beyond them the day before or after one may not exist."""
LONGEST_EMAIL = 254
SPACES, UNSEEN = {"Cc", "Zl", "Zp"}, {"Cf"}
JOINERS = {"\u200c", "\u200d", "\u180e"}  # some scripts are not written without them


def drop_unseen(text: str) -> str:
    """Return a text without marks that cannot be seen, such as those that turn the direction of what follows."""
    return "".join(c for c in text if c in JOINERS or unicodedata.category(c) not in UNSEEN)


def one_line(text: str) -> str:
    """A name or a subject on one line, without what cannot be seen: letters and lists are made of it."""
    seen = drop_unseen(text)
    return " ".join("".join(" " if unicodedata.category(c) in SPACES else c for c in seen).split())


class OneLineField(forms.CharField):
    """A name: what was pasted with line ends or invisible marks is taken without them."""

    def to_python(self, value: object) -> str:
        """Flattened; a null character is left for the field's own check to refuse."""
        text = str(super().to_python(value) or "")
        return text if "\x00" in text else one_line(text)


class ManyLinesField(forms.CharField):
    """A text of several lines: what cannot be seen is left out, so that it reads the same for both sides."""

    def to_python(self, value: object) -> str:
        """Without invisible marks; lines stay as they are."""
        return drop_unseen(str(super().to_python(value) or ""))


class EmailField(forms.EmailField):
    """An e-mail address, as long as the columns that keep one take it; Django's own field takes more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_EMAIL)
        super().__init__(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Done:
    """A verb was carried out; ``row`` is what it gave."""

    row: Any


def attempt(form: BaseForm, verb: Callable[..., Any], /, **given: Any) -> Done | None:
    """Run a verb for a valid form; None where the form, or the verb, says no.

    A refusal that names a field of the form is shown beside it, any other at the form's top; the page is then
    answered with 422.
    """
    if form.is_valid():
        try:
            return Done(verb(**given))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    if (refused := REFUSED.get()) is not None:
        refused.append(form)
    return None


def hold_against(check: Callable[..., Any], /, *given: Any) -> Any:
    """Return what a check of a verb gives, for the ``clean_`` of a field: several wrong fields are then said at once.

    Raises ValidationError with its words where it refuses.
    """
    try:
        return check(*given)
    except Refused as refusal:
        raise forms.ValidationError(str(refusal), code=refusal.code) from refusal


def attempt_filled(form: BaseForm, verb: Callable[..., Any], /, **given: Any) -> Done | None:
    """The same for a verb that takes what was filled in, field by field, beside what is ``given``."""
    return attempt(form, verb, **given, **(form.cleaned_data if form.is_valid() else {}))
