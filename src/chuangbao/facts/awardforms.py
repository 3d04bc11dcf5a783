"""Forms about past grants: one grant as typed, the search of the list, and why one is taken off the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.actors import Capacity
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import text as words
from chuangbao.facts.domain.awardlines import ALL
from chuangbao.facts.forms import day_input, text_input
from chuangbao.facts.models import Award

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__ = ["AwardForm", "WithdrawForm", "measure_choices"]

SELECT = {"class": "form-select"}


def measure_choices() -> list[tuple[str, str]]:
    """The measures of this installation by title; models of other provinces are left out."""
    measures = [measure for measure in current_pack().measures.values() if not measure.model]
    return sorted(((m.id, words(m.title)) for m in measures), key=lambda pair: pair[1])


class AwardForm(forms.Form):
    """One past grant as people type it; the verb reads it like a line of a workbook."""

    measure = forms.ChoiceField(label=_("Measure"), widget=forms.Select(attrs=SELECT))
    subject = forms.CharField(label=_("Code or number of the subject"), max_length=40, required=False)
    granted_on = forms.CharField(
        label=_("Granted on"),
        max_length=20,
        required=False,
        widget=day_input(),
        help_text=_("Leave it empty where there was none, and say below since when the record is complete."),
    )
    amount = forms.CharField(label=_("Amount in yuan"), max_length=40, required=False)
    months = forms.CharField(label=_("For how many months"), max_length=10, required=False)
    period = forms.CharField(
        label=_("For which period"),
        max_length=40,
        required=False,
        help_text=_("Such as 2024, or 2024-01 to 2024-06."),
    )
    level = forms.ChoiceField(label=_("Level of the grant"), required=False, widget=forms.Select(attrs=SELECT))
    everything = forms.BooleanField(
        label=_("This is all that was ever got of this measure; without a day: it was never got"),
        required=False,
    )
    since = forms.CharField(
        label=_("The record of my area for this measure is complete since"),
        max_length=20,
        required=False,
        widget=day_input(),
        help_text=_("Only where every grant since that day is on record."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measure, level = (cast("forms.ChoiceField", self.fields[name]) for name in ("measure", "level"))
        measure.choices = [("", gettext("Choose")), *measure_choices()]
        level.choices = [("", gettext("Not known")), *Award.Level.choices]
        for name in ("everything",) if actor.capacity is Capacity.OFFICER else ("subject", "since"):
            del self.fields[name]
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs.setdefault("class", "form-control")

    def cells(self) -> dict[str, str]:
        """What was typed, by the columns of a workbook."""
        found = {name: str(value).strip() for name, value in self.cleaned_data.items() if name != "everything"}
        return found | ({"since": min(ALL)} if self.cleaned_data.get("everything") else {})


class WithdrawForm(forms.Form):
    """Why a grant is taken off the record."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=text_input())
