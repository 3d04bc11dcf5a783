"""The forms of tenants: applying, talks, decisions, places and cohorts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models.offices import TELEPHONE
from chuangbao.tenants.enums import FounderOrigin, TeamKind
from chuangbao.tenants.models import Cohort
from chuangbao.ui.fields import INPUT, SELECT, area, day_field, line

__all__ = ["ApplyForm", "CohortForm", "EmptyForm", "NoteForm", "PlaceForm", "ReasonForm", "TalkForm", "TeamApplyForm"]

MOST_MEMBERS, MOST_DESKS, MOST_AREA = 9999, 9999, 100_000
LARGEST = 2**31 - 1


def number_field(label: Any, **kwargs: Any) -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(label=label, widget=forms.NumberInput(attrs=INPUT), **kwargs)


class ApplyForm(forms.Form):
    """Apply for a place: what is planned, with or without a desk, how to be reached."""

    project = area(
        _("What you do or plan"),
        max_length=1000,
        help_text=_("One or two sentences are enough. No business plan is asked for."),
    )
    origin = forms.ChoiceField(
        label=_("Where the founders come from"),
        choices=FounderOrigin.choices,
        initial=FounderOrigin.OTHER,
        widget=forms.Select(attrs=SELECT),
    )
    is_virtual = forms.BooleanField(
        label=_("Virtual: without a desk"),
        required=False,
        help_text=_("You live elsewhere or need no desk: you have all services, and no room is counted for you."),
    )
    phone = line(
        _("Telephone"),
        max_length=40,
        required=False,
        validators=[TELEPHONE],
        help_text=_("For an appointment; only this space reads it."),
    )


class TeamApplyForm(ApplyForm):
    """The same of a person who leads a team that need not be registered."""

    field_order = ("team_name", "team_kind", "members", "project", "origin", "is_virtual", "phone")
    team_name = line(
        _("Name of the team"), max_length=120, help_text=_("No registration is needed. Your own name will do.")
    )
    team_kind = forms.ChoiceField(
        label=_("Kind of team"), choices=TeamKind.choices, initial=TeamKind.TEAM, widget=forms.Select(attrs=SELECT)
    )
    members = number_field(_("Members, the leader included"), min_value=1, max_value=MOST_MEMBERS, initial=1)


class TalkForm(forms.Form):
    """An appointment with an applicant."""

    at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "class": "form-control"}),
    )
    place = line(_("Where, or by which telephone"), max_length=200)


class NoteForm(forms.Form):
    """What was said in a talk."""

    note = area(_("Note of the talk"), max_length=2000, required=False, help_text=_("Only your organisation reads it."))


class ReasonForm(forms.Form):
    """Why; the other side reads it."""

    reason = line(_("Reason"), max_length=300, help_text=_("The other side reads it."))


class CohortForm(forms.Form):
    """A cohort of a space."""

    name = line(_("Name of the cohort"), max_length=80, help_text=_("Such as: spring 2026."))
    starts_on = day_field(_("Begins on"), required=False)
    ends_on = day_field(_("Ends on"), required=False)


class PlaceForm(forms.Form):
    """Where a tenant sits, and its cohort; ``seen`` is the revision that was on the page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST, initial=0)
    is_virtual = forms.BooleanField(label=_("Virtual: without a desk"), required=False)
    desks = number_field(_("Desks"), min_value=0, max_value=MOST_DESKS, required=False)
    area = forms.DecimalField(
        label=_("Area in m²"),
        min_value=0,
        max_value=MOST_AREA,
        max_digits=8,
        decimal_places=2,
        required=False,
        widget=forms.NumberInput(attrs=INPUT),
    )
    cohort = forms.ModelChoiceField(
        label=_("Cohort"),
        queryset=Cohort.objects.none(),
        required=False,
        empty_label=_("No cohort"),
        widget=forms.Select(attrs=SELECT),
    )

    def __init__(self, *args: Any, cohorts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["cohort"]).queryset = cohorts


class EmptyForm(forms.Form):
    """A button alone; what the verb refuses is shown above it."""
