"""The two small forms beside the questions: how to begin, and as of which day and where."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.checkup.lifeform import RadioSelect, list_choices
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import text
from chuangbao.facts.forms import FactsForm, day_input
from chuangbao.rules.interview import NONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.regions import Region

__all__ = ["DayForm", "QuestionForm", "StartForm"]

FIRST_DAY = date(2006, 1, 1)
LAST_DAY = date(2099, 12, 31)
RADIOS = {"who", "want"}


def audience_choices() -> list[tuple[str, str]]:
    """Who one can be."""
    return [(a.id, text(a.label)) for a in current_pack().audiences] + [(NONE, str(_("None of these")))]


def want_choices() -> list[tuple[str, str]]:
    """What one can want."""
    return [(w.id, text(w.label)) for w in current_pack().wants] + [(NONE, str(_("Everything")))]


def region_choices() -> list[tuple[str, str]]:
    """The province and the places in it, down to the county of an enterprise."""
    pack, today = current_pack(), timezone.localdate()
    below: dict[str, list[Region]] = {}
    units = filter(None, (pack.regions.at(code, today) for code in pack.regions.periods))
    for unit in sorted(units, key=attrgetter("code")):
        below.setdefault(unit.parent, []).append(unit)
    top = pack.regions.latest(pack.region)
    found = [(top.code, text(top.name))] if top else []
    for city in below.get(pack.region, []):
        found.append((city.code, text(city.name)))
        found += [(county.code, f"\u3000{text(county.name)}") for county in below.get(city.code, [])]
    return found


class StartForm(forms.Form):
    """Who you are, what you want and where: the first group of questions, with nothing chosen beforehand."""

    use_required_attribute = False

    who = forms.ChoiceField(
        label=_("Who are you?"),
        choices=audience_choices,
        widget=RadioSelect,
        error_messages={"required": _("Choose one; where nothing fits, choose “none of these”.")},
    )
    want = forms.ChoiceField(
        label=_("What do you want most?"),
        choices=want_choices,
        widget=RadioSelect,
        error_messages={"required": _("Choose one; “everything” shows all of it.")},
    )
    region = forms.ChoiceField(
        label=_("Where is it, or where will it be?"),
        required=False,
        choices=region_choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("The county or district; some measures are for one place only."),
    )

    def __init__(self, data: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        """Take an empty answer, as pages opened before this one sent it, for none of these."""
        said = (
            None
            if data is None
            else {name: data[name] or (NONE if name in RADIOS else "") for name in self.base_fields if name in data}
        )
        super().__init__(said, **kwargs)

    def clean(self) -> dict[str, Any]:
        """None of these is nothing that a check-up keeps."""
        cleaned = super().clean() or {}
        return {name: "" if value == NONE else value for name, value in cleaned.items()}


class QuestionForm(FactsForm):
    """One question about a fact: nothing is chosen beforehand, and not to know is a button of its own."""

    use_required_attribute = False  # what is wrong is said here, in the language of the page
    asks_back = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
            field.error_messages["required"] = _("Answer the question, or press “I do not know”.")
            if isinstance(field, forms.ChoiceField) and field.widget.__class__ is forms.RadioSelect:  # no check boxes
                field.choices = [choice for choice in list_choices(field) if choice[0]]
                field.widget = RadioSelect(choices=field.choices)

    def clean(self) -> dict[str, Any]:
        """None of these and one of these cannot both be true."""
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            if isinstance(value, list) and NONE in value and len(value) > 1:
                self.add_error(name, _("Either tick what applies, or “none of these”: not both."))
        return cleaned


class DayForm(forms.Form):
    """The day and the place to judge for."""

    as_of = forms.DateField(label=_("As of"), widget=day_input())
    region = forms.ChoiceField(
        label=_("Place"), choices=region_choices, widget=forms.Select(attrs={"class": "form-select"})
    )

    def clean_as_of(self) -> Any:
        """Return a day that rules can be judged for.

        Raises ValidationError outside 2006 to 2099.
        """
        day = self.cleaned_data["as_of"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Choose a day from 2006 to 2099."))
        return day
