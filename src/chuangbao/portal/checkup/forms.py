"""The two small forms beside the questions: how to begin, and as of which day and where."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangbao.facts.forms import day_input
from chuangbao.policies.domain.registry import current_pack
from chuangbao.portal.wording import text

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
    """The province and the places in it."""
    pack, today = current_pack(), date.today()  # noqa: DTZ011 - a list of names, not a legal day
    top = pack.regions.latest(pack.region)
    below = pack.regions.below(pack.region, today)
    return [(r.code, text(r.name)) for r in ([top] if top else []) + list(below)]


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
