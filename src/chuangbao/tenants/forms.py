"""The forms of tenants: applying, talks, decisions, places and cohorts."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import Organisation
from chuangbao.accounts.models.offices import TELEPHONE
from chuangbao.core.http.forms import hold_against
from chuangbao.tenants.domain.cards import FIELDS
from chuangbao.tenants.domain.entering import find_firm, refuse_days
from chuangbao.tenants.enums import EndCause, FounderOrigin, Ground, Industry, MilestoneKind, ServiceLine, TeamKind
from chuangbao.tenants.models import Cohort, YearCard
from chuangbao.tenants.models.support import MOST_HOURS
from chuangbao.ui.fields import INPUT, SELECT, area, day_field, line

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "AnswerForm",
    "ApplyForm",
    "CardForm",
    "CohortForm",
    "DisputeForm",
    "EmptyForm",
    "EndForm",
    "EnterForm",
    "FoundForm",
    "GraduateForm",
    "LeaveForm",
    "MilestoneForm",
    "NoteForm",
    "OfferForm",
    "PeriodForm",
    "PlaceForm",
    "ReachForm",
    "ServiceForm",
    "SignForm",
    "TalkForm",
    "TeamApplyForm",
    "TickForm",
]

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
        choices=[("", _("Choose")), *FounderOrigin.choices],
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


class EnterForm(forms.Form):
    """A tenant of before: a firm by its code, or a name; since when."""

    code = line(
        _("Unified social credit code of the firm"),
        max_length=24,
        required=False,
        help_text=_("The firm gets a notice and confirms. Leave it empty for a team, or a firm that is not here yet."),
    )
    team_name = line(_("Name of the tenant"), max_length=120, required=False, help_text=_("Where no code is given."))
    team_kind = forms.ChoiceField(
        label=_("Kind of team"),
        choices=TeamKind.choices,
        initial=TeamKind.OTHER,
        required=False,
        widget=forms.Select(attrs=SELECT),
    )
    starts_on = day_field(_("First day in the space"))
    term_ends_on = day_field(_("Term ends on"), required=False)
    project = area(_("Project of the tenant"), max_length=1000, required=False)
    is_virtual = forms.BooleanField(label=_("Virtual: without a desk"), required=False)

    def clean_code(self) -> str:
        """Hold the code against its check digit, and against the firms that are here."""
        code: str = self.cleaned_data["code"]
        if code.strip():
            hold_against(find_firm, code)
        return code

    def clean_starts_on(self) -> date:
        """Hold the first day in its bounds."""
        day: date = self.cleaned_data["starts_on"]
        hold_against(refuse_days, day, None)
        return day


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


class AnswerForm(forms.Form):
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
    industry = forms.ChoiceField(
        label=_("Industry of the tenant"),
        choices=Industry.choices,
        required=False,
        widget=forms.Select(attrs=SELECT),
        help_text=_("Some industries may incubate longer."),
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


class TickForm(forms.Form):
    """Whether a line of a list is done."""

    done = forms.BooleanField(required=False, widget=forms.HiddenInput)


class EmptyForm(forms.Form):
    """A button alone; what the verb refuses is shown above it."""


class OfferForm(forms.Form):
    """An agreement: its days, and what is paid and given in plain words."""

    starts_on = day_field(_("First day in the space"))
    term_ends_on = day_field(_("Term ends on"))
    fees = line(_("Fees"), max_length=300, required=False, help_text=_("Such as: ¥300 a desk and month. Empty: none."))
    services = line(
        _("Services given"),
        max_length=500,
        required=False,
        help_text=_("Empty: those that the space offers to all tenants."),
    )


class SignForm(forms.Form):
    """Confirm the agreement; ``seen`` is the hash of the text on the page."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agreed = forms.BooleanField(label=_("I have read the agreement and confirm it for the tenant."))


class ServiceForm(forms.Form):
    """A service that a tenant received."""

    kind = forms.ChoiceField(label=_("Kind of service"), choices=ServiceLine.choices, widget=forms.Select(attrs=SELECT))
    given_on = day_field(_("Given on"))
    hours = forms.DecimalField(
        label=_("Hours with the tenant"),
        min_value=Decimal("0.5"),
        max_value=MOST_HOURS,
        max_digits=4,
        decimal_places=1,
        required=False,
        widget=forms.NumberInput(attrs=INPUT | {"step": "0.5"}),
        help_text=_("Coaching has hours; other services may."),
    )
    provider = line(_("Who gave it"), max_length=120)
    about = line(_("What it was about"), max_length=500, required=False)


class DisputeForm(forms.Form):
    """What is wrong with a service that was noted."""

    reason = line(_("What is wrong"), max_length=300)


class MilestoneForm(forms.Form):
    """Something to reach."""

    kind = forms.ChoiceField(
        label=_("Kind of milestone"), choices=MilestoneKind.choices, widget=forms.Select(attrs=SELECT)
    )
    title = line(_("In your own words"), max_length=200)
    due_on = day_field(_("Until"), required=False)


class ReachForm(forms.Form):
    """The day on which a milestone was reached."""

    reached_on = day_field(_("Reached on"))


class FoundForm(forms.Form):
    """The firm that a team has founded."""

    organization = forms.ModelChoiceField(
        label=_("Your firm"),
        queryset=Organisation.objects.none(),
        empty_label=_("Nothing chosen"),
        widget=forms.Select(attrs=SELECT),
    )

    def __init__(self, *args: Any, firms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Any]", self.fields["organization"]).queryset = firms


class LeaveForm(forms.Form):
    """Leave the space; a reason is welcome, not needed."""

    reason = line(_("Reason"), max_length=300, required=False, help_text=_("You need not give one."))


class EndForm(AnswerForm):
    """End a tenancy: for which cause, and why."""

    field_order = ("cause", "reason")
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[choice for choice in EndCause.choices if choice[0] != EndCause.SPACE],
        widget=forms.Select(attrs=SELECT),
    )


class GraduateForm(forms.Form):
    """What shows each ground of graduation; at least one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for value, label in Ground.choices:
            self.fields[value] = line(label, max_length=300, required=False, help_text=_("Paper, number, day"))


class CardForm(forms.Form):
    """The yearly card."""

    field_order = ("year", *FIELDS)
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2199, widget=forms.NumberInput(attrs=INPUT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made: dict[str, Any] = fields_for_model(YearCard, fields=FIELDS, widgets={"honours": forms.TextInput})
        for name, field in made.items():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs |= INPUT
            self.fields[name] = field
        self.fields["financed_on"] = day_field(made["financed_on"].label, required=False)
        self.order_fields(self.field_order)


class PeriodForm(forms.Form):
    """A period whose figures are wanted."""

    first = day_field(_("First day of the period"))
    last = day_field(_("Until"))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        given = super().clean() or {}
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", _("The period ends before it begins."))
        return given
