"""The two small forms beside the questions: how to begin, and as of which day and where."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangbao.facts.forms import day_input
from chuangbao.policies.domain.registry import current_pack
from chuangbao.portal.wording import text

if TYPE_CHECKING:
    from chuangbao.rules.regions import Region

__all__ = ["DayForm", "StartForm"]

FIRST_DAY = date(2006, 1, 1)
LAST_DAY = date(2099, 12, 31)


def audience_choices() -> list[tuple[str, str]]:
    """Who one can be."""
    return [(a.id, text(a.label)) for a in current_pack().audiences] + [
        ("", str(_("None of these, or I would rather not say")))
    ]


def want_choices() -> list[tuple[str, str]]:
    """What one can want."""
    return [(w.id, text(w.label)) for w in current_pack().wants] + [("", str(_("Everything")))]


def region_choices() -> list[tuple[str, str]]:
    """The province and the places in it, down to the county in which an enterprise stands."""
    pack, today = current_pack(), date.today()  # noqa: DTZ011 - a list of names, not a legal day
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
    """Who you are and what you want."""

    who = forms.ChoiceField(label=_("Who are you?"), required=False, choices=audience_choices, widget=forms.RadioSelect)
    want = forms.ChoiceField(
        label=_("What do you want most?"), required=False, choices=want_choices, widget=forms.RadioSelect
    )


class DayForm(forms.Form):
    """The day and the place to judge for."""

    as_of = forms.DateField(label=_("As of"), widget=day_input())
    region = forms.ChoiceField(
        label=_("Place"), choices=region_choices, widget=forms.Select(attrs={"class": "form-select"})
    )

    def clean_as_of(self) -> Any:
        """A day that rules can be judged for."""
        day = self.cleaned_data["as_of"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Choose a day from 2006 to 2099."))
        return day
