"""Forms of accounts, organisations and posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.models import fields_for_model
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.safestring import mark_safe
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.directory import departments
from chuangbao.accounts.domain.consents import give_consent
from chuangbao.accounts.domain.offices import FIELDS
from chuangbao.accounts.models import AdminDuty, MemberRole, Office, Organisation, OrganisationKind
from chuangbao.accounts.models.offices import TELEPHONE
from chuangbao.accounts.states import Standing
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import KINDS
from chuangbao.core.contexts import list_duties
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import covered_regions, local_places
from chuangbao.core.http.forms import CALENDAR, EmailField, OneLineField
from chuangbao.core.http.points import PointForm
from chuangbao.core.localization.formatting import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from chuangbao.accounts.models import Membership, Person
    from chuangbao.core.access.actors import Actor

__all__ = [
    "AreaForm",
    "ClaimForm",
    "ConsentForm",
    "CorrectForm",
    "DecisionForm",
    "DepartmentForm",
    "DissolveForm",
    "DutyForm",
    "EndForm",
    "FoundForm",
    "HandOverForm",
    "InviteForm",
    "MeForm",
    "NameForm",
    "NewOfficeForm",
    "OfficeForm",
    "OfficesForm",
    "PostForm",
    "ReasonForm",
    "RecordForm",
    "RoleForm",
]

TEXT, SELECT, AREA = {"class": "form-control"}, {"class": "form-select"}, {"class": "form-control", "rows": 3}
INDENT = {"province": 0, "prefecture": 1, "county": 2}
PEOPLES_KINDS = [choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.AGENCY]


def region_choices() -> list[tuple[str, str]]:
    """List the places of this installation, indented by their level; nothing is chosen for anybody."""
    return [("", gettext("Choose a place")), *list_places()]


def list_places(*, with_zones: bool = False) -> list[tuple[str, str]]:
    """List the places of this installation, indented by their level; see ``local_places``."""
    units = local_places(with_zones=with_zones)
    return [(unit.code, "\u3000" * INDENT.get(unit.level, 2) + text(unit.name)) for unit in units]


def region_field(**given: Any) -> forms.ChoiceField:
    """A place of this installation."""
    return forms.ChoiceField(label=_("Region"), choices=region_choices, widget=forms.Select(attrs=SELECT), **given)


def region_filter() -> forms.ChoiceField:
    """A place to narrow a list to; nothing chosen asks for all of them."""
    return forms.ChoiceField(
        label=_("Region"),
        required=False,
        choices=lambda: [("", gettext("All")), *list_places(with_zones=True)],
        widget=forms.Select(attrs=SELECT),
    )


def day_field(label: Any) -> forms.DateField:
    """A day with the browser's own calendar."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **TEXT})
    return forms.DateField(label=label, widget=widget, validators=CALENDAR)


def optional_day(label: Any) -> forms.DateField:
    """A day that may be left out."""
    field = day_field(label)
    field.required = False
    return field


def kind_choices() -> list[tuple[str, str]]:
    """Every kind of thing that acts happen to."""
    named = sorted((str(kind.label), name) for name, kind in KINDS.items())
    return [("", gettext("All")), *((name, label) for label, name in named)]


LEGAL = format_lazy(
    '<a href="{terms}" target="_blank">{terms_words}</a> · <a href="{privacy}" target="_blank">{privacy_words}</a>',
    terms=reverse_lazy("accounts:legal", args=["terms"]), terms_words=_("Terms of use"),
    privacy=reverse_lazy("accounts:legal", args=["privacy"]), privacy_words=_("Privacy notice"),
)  # fmt: skip


def consent_field() -> forms.BooleanField:
    """Make the box of agreement: never ticked beforehand, with the way to both texts."""
    return forms.BooleanField(
        label=_("I have read the terms of use and the privacy notice and agree to them"),
        help_text=lazy(mark_safe, str)(LEGAL),
        error_messages={"required": _("Tick the box if you agree. Without agreement no account can be kept.")},
    )


class ConsentForm(forms.Form):
    """Agree to the versions in force."""

    agree = consent_field()


class NameForm(forms.Form):
    """What the sign-up asks beside e-mail and password; allauth calls ``signup``."""

    field_order = ("email", "name", "password1", "password2", "agree")

    name = OneLineField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name", **TEXT})
    )

    agree = consent_field()
    account_already_exists = False
    """What allauth, whose form this one becomes a part of, finds out about the address."""

    def clean(self) -> dict[str, Any]:
        """Take as long for an address that has an account as for a new one, whose password is hashed."""
        cleaned = super().clean() or {}
        if self.account_already_exists:
            make_password(str(cleaned.get("password1", "")))
        return cleaned

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Keep the name, the language the page was read in, and that the person agrees to the texts in force."""
        user.name = self.cleaned_data["name"].strip()
        user.language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
        user.save(update_fields=["name", "language"])
        give_consent(person=user, language=user.language)


class FoundForm(forms.Form):
    """Register an organisation."""

    code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, widget=forms.TextInput(attrs=TEXT),
        help_text=_("The 18 characters on the licence. Spaces do not matter."),
    )  # fmt: skip
    name = OneLineField(label=_("Name on the licence"), max_length=160, widget=forms.TextInput(attrs=TEXT))
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=PEOPLES_KINDS, widget=forms.Select(attrs=SELECT))
    region = region_field()


class CorrectForm(forms.Form):
    """Correct what an organisation was registered with, as long as no one has verified it."""

    name = OneLineField(label=_("Name on the licence"), max_length=160, widget=forms.TextInput(attrs=TEXT))
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=PEOPLES_KINDS, widget=forms.Select(attrs=SELECT))
    region = region_field()


class HandOverForm(forms.Form):
    """Choose who owns the organisation from now on."""

    membership = forms.ChoiceField(label=_("New owner"), widget=forms.Select(attrs=SELECT))

    def __init__(self, *args: Any, members: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["membership"]
        field.choices = [("", gettext("Choose a member")), *((str(row.pk), str(row.person)) for row in members)]


class DissolveForm(forms.Form):
    """Give up an organisation on this platform."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=AREA))
    sure = forms.BooleanField(label=_("I understand that nobody can act for it here any more"))


class ClaimForm(forms.Form):
    """Claim an organisation that is registered already."""

    code = forms.CharField(label=_("Unified social credit code"), max_length=40, widget=forms.TextInput(attrs=TEXT))
    reason = forms.CharField(
        label=_("How you belong to it"), max_length=2000, widget=forms.Textarea(attrs=AREA),
        help_text=_("For instance: legal representative, since when. An officer of the place reads this."),
    )  # fmt: skip


class InviteForm(forms.Form):
    """Ask a colleague to join."""

    email = EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs=TEXT))
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


class RecordForm(forms.Form):
    """Narrow the record."""

    start = optional_day(_("From day"))
    end = optional_day(_("To day, included"))
    person = forms.CharField(
        label=_("Person: name or e-mail"), required=False, max_length=254, widget=forms.TextInput(attrs=TEXT)
    )
    act = forms.CharField(label=_("Act, in words"), required=False, max_length=60, widget=forms.TextInput(attrs=TEXT))
    kind = forms.ChoiceField(
        label=_("Kind of thing"), required=False, choices=kind_choices, widget=forms.Select(attrs=SELECT)
    )
    about = forms.CharField(
        label=_("Thing: its name or number"), required=False, max_length=160, widget=forms.TextInput(attrs=TEXT)
    )


class MeForm(forms.Form):
    """Name and language of the person who is signed in."""

    name = OneLineField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs=TEXT))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.Select(attrs=SELECT))


class PostForm(forms.Form):
    """Appoint an officer."""

    email = EmailField(label=_("E-mail of the account"), widget=forms.EmailInput(attrs=TEXT))
    agency = forms.ModelChoiceField(
        label=_("Agency"),
        queryset=Organisation.objects.none(),
        empty_label=_("Nothing chosen"),
        widget=forms.Select(attrs=SELECT),
    )
    department = OneLineField(
        label=_("Section of the agency"), max_length=80, widget=forms.TextInput(attrs=TEXT),
        help_text=_("Such as 综合科. Which policies the officer writes follows from the agency, not from the section."),
    )  # fmt: skip
    region = forms.ChoiceField(
        label=_("Area of the post"), widget=forms.Select(attrs=SELECT),
        help_text=_("Within the area of the agency. A whole province needs a second administrator to confirm it."),
    )  # fmt: skip
    duties = forms.MultipleChoiceField(
        label=_("Duties"), choices=lambda: list_duties().items(), widget=forms.CheckboxSelectMultiple
    )
    start = day_field(_("From"))
    end = day_field(_("To, included"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agencies = visible(Organisation, to=actor).filter(kind=OrganisationKind.AGENCY)
        self.fields["agency"].queryset = agencies  # type: ignore[attr-defined] # a ModelChoiceField
        self.fields["start"].initial = timezone.localdate()
        served = {code for agency in agencies for code in covered_regions(agency.region_id)}
        areas = [(code, label) for code, label in region_choices() if code in served]
        self.fields["region"].choices = [("", _("Choose")), *areas]  # type: ignore[attr-defined] # a choice field

    def clean(self) -> dict[str, Any]:
        """A term ends after it begins."""
        cleaned = super().clean() or {}
        if cleaned.get("start") and cleaned.get("end") and cleaned["end"] < cleaned["start"]:
            self.add_error("end", _("The term would end before it begins."))
        return cleaned


class DutyForm(forms.Form):
    """Appoint an administrator."""

    email = EmailField(label=_("E-mail of the account"), widget=forms.EmailInput(attrs=TEXT))
    kind = forms.ChoiceField(
        label=_("Duty"), choices=[("", _("Choose")), *AdminDuty.Kind.choices], widget=forms.Select(attrs=SELECT)
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs=AREA),
        help_text=_("Needed where a second administrator confirms it."),
    )


class DepartmentForm(forms.Form):
    """Which department an agency is."""

    code = forms.ChoiceField(label=_("Department"), widget=forms.Select(attrs=SELECT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = current_pack().codes.get("department")
        known = [(code.code, text(code.label)) for code in (listed.codes if listed else ())]
        self.fields["code"].choices = [("", _("Choose")), *known]  # type: ignore[attr-defined] # a choice field


class OfficesForm(forms.Form):
    """Narrow the directory of offices."""

    q = forms.CharField(
        label=_("Name, work or street"), required=False, max_length=80, widget=forms.TextInput(attrs=TEXT)
    )
    region = forms.ChoiceField(
        label=_("County"),
        required=False,
        choices=lambda: [("", gettext("Choose a place")), *list_places(with_zones=True)],
        widget=forms.Select(attrs=SELECT),
    )
    department = forms.ChoiceField(
        label=_("Department"),
        required=False,
        choices=lambda: [("", gettext("All")), *departments()],
        widget=forms.Select(attrs=SELECT),
    )


class OfficeForm(PointForm):
    """What an entry of the directory says; ``seen`` is the revision that was on the page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, initial=0)
    online_address = forms.URLField(
        label=_("Address of the online entrance"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs=TEXT),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = [name for name in FIELDS if name != "online_address"]
        lines = [name for name in written if name not in {"latitude", "longitude"}]
        hints: dict[str, Any] = {
            "hours": _("Such as: weekdays 8:30–11:30 and 13:00–16:30."),
            "latitude": _("Degrees, such as 43.88680"),
            "longitude": _("Degrees, such as 125.32450"),
        }
        asked: dict[str, Any] = fields_for_model(
            Office,
            fields=written,
            widgets={name: forms.TextInput(attrs=TEXT) for name in written},
            field_classes=dict.fromkeys(lines, OneLineField),
            help_texts=hints,
        )
        asked["phone"].validators.append(TELEPHONE)
        for name, most in (("latitude", 90), ("longitude", 180)):
            asked[name].validators += [MinValueValidator(-most), MaxValueValidator(most)]
        self.fields.update(asked)
        self.order_fields(["region", "department", *FIELDS])


class NewOfficeForm(OfficeForm):
    """An office that the directory lacks, within the own area."""

    region = region_field()
    department = forms.ChoiceField(
        label=_("Department"),
        choices=lambda: [("", gettext("Choose")), *departments()],
        widget=forms.Select(attrs=SELECT),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = [(code, label) for code, label in region_choices() if not code or actor.covers(code)]
        field: Any = self.fields["region"]
        field.choices = inside


class EndForm(forms.Form):
    """Why power is taken."""

    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs=AREA))
