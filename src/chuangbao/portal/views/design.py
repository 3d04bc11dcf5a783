"""The design page (development only): every component in all its states, in one place to look at."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import public
from chuangbao.facts.forms import NumberField, day_input
from chuangbao.rules.answers import ConditionAnswer
from chuangbao.rules.model import Text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

__all__ = ["design"]

LONG = "吉林省延边朝鲜族自治州敦化市大学生返乡创业联合孵化示范基地（省级备案众创空间）有限责任公司"


class SampleForm(forms.Form):
    """One field of each kind."""

    text = forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs={"class": "form-control"}))
    figure = NumberField(label=_("Amount"), widget=forms.TextInput(attrs={"class": "form-control"}))
    day = forms.DateField(label=_("Date"), widget=day_input())
    one = forms.ChoiceField(
        label=_("Kind"), choices=[("a", LONG), ("b", "B"), ("", _("I do not know"))], widget=forms.RadioSelect
    )
    many = forms.MultipleChoiceField(
        label=_("Theme"), choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("Document"),
        max_length=2000,
        help_text=_("To be confirmed"),
        widget=forms.Textarea(attrs={"class": "form-control"}),
    )


def conditions() -> list[ConditionAnswer]:
    """Met, not met and unknown."""
    label = Text(f"从业人数不超过300人：{LONG}", "At most 300 people")
    shared: dict[str, Any] = {"threshold": Decimal(300), "op": "<=", "unit": "person", "clause": "2.6.3"}
    return [
        ConditionAnswer("met", label, verdict=True, value=Decimal(298), distance=Decimal(2), **shared),
        ConditionAnswer("unmet", label, verdict=False, value=Decimal(302), distance=Decimal(2), **shared),
        ConditionAnswer("unknown", label, verdict=None, missing=("employees_avg",), **shared),
    ]


@public
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Show every component of the design system (设计系统).

    Raises Http404 outside development.
    """
    if not settings.DEBUG:
        raise Http404
    wrong = SampleForm({"figure": "abc", "one": "zzz"})
    wrong.is_valid()
    context = {
        "form": SampleForm(),
        "wrong": wrong,
        "conditions": conditions(),
        "page": Paginator(range(400), 10).get_page(7),
        "steps": [
            {"date_text": "2015-03", "title": "国办发〔2015〕9号", "state": "past", "url": "#"},
            {"date_text": "2015-06-08", "title": LONG, "body": "吉政办发〔2015〕31号", "state": "now"},
            {"date_text": "2027-12-31", "title": "—", "state": "future"},
        ],
        "trail": [("首页", "/"), ("政策库", "/policies/"), (LONG, None)],
        "statuses": ["eligible", "not_eligible", "undetermined", "manual", "near"],
        "amounts": [Decimal("0.01"), Decimal(200000), Decimal("200000.01"), None],
        "units": ["CNY", "CNY/year", "person", "m2", "ratio", "working_day"],
        "notices": ["info", "warn", "error", "success"],
        "day": date(2015, 6, 8),
        "long": LONG,
        "marks": ("创业", "孵化"),
    }
    return render(request, "portal/design.html", context)
