"""Forms of accounts, organisations and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.models import AdminDuty, MemberRole, Organisation, OrganisationKind, PostDuty
from chuangbao.accounts.states import Standing
from chuangbao.core.forms import CALENDAR, OneLineField
from chuangbao.core.models import Region
from chuangbao.core.scope import visible

if TYPE_CHECKING:
    from django.http import HttpRequest

    from chuangbao.accounts.models import Person
    from chuangbao.core.actors import Actor

__all__ = [
    "AreaForm",
    "ClaimForm",
    "DecisionForm",
    "DutyForm",
    "FoundForm",
    "InviteForm",
    "MeForm",
    "NameForm",
    "PostForm",
    "ReasonForm",
    "RoleForm",
]

TEXT, SELECT, AREA = {"class": "form-control"}, {"class": "form-select"}, {"class": "form-control", "rows": 3}
INDENT = {"province": 0, "prefecture": 1, "county": 2}
PEOPLES_KINDS = [choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.AGENCY]


def region_choices() -> list[tuple[str, str]]:
    """Every unit, indented by its level."""
    return [(r.code, "\u3000" * INDENT.get(r.level, 2) + str(r)) for r in Region.objects.all()]


def region_field(**given: Any) -> forms.ChoiceField:
    """A region of the tree."""
    return forms.ChoiceField(label=_("Region"), choices=region_choices, widget=forms.Select(attrs=SELECT), **given)


def day_field(label: Any) -> forms.DateField:
    """A day with the browser's own calendar."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **TEXT})
    return forms.DateField(label=label, widget=widget, validators=CALENDAR)


class NameForm(forms.Form):
    """What the sign-up asks beside e-mail and password; allauth calls ``signup``."""

    name = OneLineField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name", **TEXT})
    )

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Keep the name, and the language the page was read in."""
        user.name = self.cleaned_data["name"].strip()
        user.language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        user.save(update_fields=["name", "language"])


class FoundForm(forms.Form):
    """Register an organisation."""

    code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, widget=forms.TextInput(attrs=TEXT),
        help_text=_("The 18 characters on the licence. Spaces do not matter."),
    )  # fmt: skip
    name = OneLineField(label=_("Name on the licence"), max_length=160, widget=forms.TextInput(attrs=TEXT))
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=PEOPLES_KINDS, widget=forms.Select(attrs=SELECT))
    region = region_field()


class ClaimForm(forms.Form):
    """Claim an organisation that is registered already."""

    code = forms.CharField(label=_("Unified social credit code"), max_length=40, widget=forms.TextInput(attrs=TEXT))
    reason = forms.CharField(
        label=_("How you belong to it"), max_length=2000, widget=forms.Textarea(attrs=AREA),
        help_text=_("For instance: legal representative, since when. An officer of the place reads this."),
    )  # fmt: skip


class InviteForm(forms.Form):
    """Ask a colleague to join."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs=TEXT))
    role = forms.ChoiceField(
        label=_("Role"), choices=MemberRole.choices, initial=MemberRole.CLERK, widget=forms.Select(attrs=SELECT)
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices, widget=forms.Select(attrs=SELECT))


class ReasonForm(forms.Form):
    """Why; some moves cannot do without."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs=AREA))


class DecisionForm(ReasonForm):
    """An officer's decision on a claim."""

    replace = forms.BooleanField(
        label=_("Whoever holds it now no longer does (the claim disputes theirs)"), required=False
    )


class AreaForm(forms.Form):
    """Narrow the list of organisations."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=160, widget=forms.TextInput(attrs=TEXT))
    kind = forms.ChoiceField(
        label=_("Kind of organisation"), required=False, choices=[("", _("All kinds")), *OrganisationKind.choices],
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip
    stage = forms.ChoiceField(
        label=_("Standing"), required=False, choices=[("", _("All")), *Standing.choices],
        widget=forms.Select(attrs=SELECT),
    )  # fmt: skip


class MeForm(forms.Form):
    """One's own name and language."""

    name = OneLineField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs=TEXT))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.Select(attrs=SELECT))


class PostForm(forms.Form):
    """Appoint an officer."""

    email = forms.EmailField(label=_("E-mail of the account"), widget=forms.EmailInput(attrs=TEXT))
    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Organisation.objects.none(), widget=forms.Select(attrs=SELECT)
    )
    department = OneLineField(label=_("Department"), max_length=80, widget=forms.TextInput(attrs=TEXT))
    region = region_field()
    duties = forms.MultipleChoiceField(label=_("Duties"), choices=PostDuty.choices, widget=forms.CheckboxSelectMultiple)
    start = day_field(_("From"))
    end = day_field(_("To, included"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = visible(Organisation, to=actor).filter(kind=OrganisationKind.AGENCY)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined] # a ModelChoiceField
        self.fields["start"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        """A term ends after it begins."""
        cleaned = super().clean() or {}
        if cleaned.get("start") and cleaned.get("end") and cleaned["end"] < cleaned["start"]:
            self.add_error("end", _("The term would end before it begins."))
        return cleaned


class DutyForm(forms.Form):
    """Appoint an administrator."""

    email = forms.EmailField(label=_("E-mail of the account"), widget=forms.EmailInput(attrs=TEXT))
    kind = forms.ChoiceField(label=_("Duty"), choices=AdminDuty.Kind.choices, widget=forms.Select(attrs=SELECT))
