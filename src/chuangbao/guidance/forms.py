"""Forms of questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.core.engine.regions import local_places
from chuangbao.core.localization.formatting import text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AskForm", "SayForm", "place_choices"]

LONGEST = 2000
AREA = {"class": "form-control", "rows": 5}


def place_choices() -> list[tuple[str, str]]:
    """List the places of this installation."""
    return [("", gettext("Choose a place")), *((unit.code, text(unit.name)) for unit in local_places())]


class AskForm(forms.Form):
    """A question to the office of a place."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs=AREA),
        help_text=_("In your own words. Leave out numbers of identity cards and bank cards: nobody needs them here."),
    )
    place = forms.ChoiceField(
        label=_("Your county"), choices=place_choices, widget=forms.Select(attrs={"class": "form-select"})
    )
    attach = forms.BooleanField(
        label=_("Show the office a copy of my check-up"),
        required=False,
        help_text=_("Without what is sensitive. You can take the copy back at any time."),
    )
    along = forms.MultipleChoiceField(
        label=_("Of what is sensitive, the office may also see"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing of it unless you tick it; what hangs on it is then not decided in the copy."),
    )
    measure = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    checkup = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, with_checkup: bool, private: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        """``private`` are the answers that a copy leaves out: the name of each, and what it says."""
        super().__init__(*args, **kwargs)
        if not with_checkup:
            del self.fields["attach"]
        if private:
            cast("forms.MultipleChoiceField", self.fields["along"]).choices = list(private)
        else:
            del self.fields["along"]


class SayForm(forms.Form):
    """What is said in a thread; where to hand it on."""

    text = forms.CharField(
        label=_("What you write"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs=AREA)
    )
    region = forms.ChoiceField(
        label=_("Hand on to the office of"),
        required=False,
        choices=place_choices,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("Only for handing on; say above why."),
    )

    def __init__(self, *args: Any, hands_on: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not hands_on:
            del self.fields["region"]
