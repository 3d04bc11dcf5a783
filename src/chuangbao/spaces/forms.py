"""The forms of spaces."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.forms import day_field, optional_day, region_field, region_filter
from chuangbao.accounts.models.offices import TELEPHONE
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.forms import EmailField, ManyLinesField, OneLineField
from chuangbao.core.http.points import PointForm
from chuangbao.core.localization.formatting import text
from chuangbao.spaces.domain.registering import FIELDS
from chuangbao.spaces.domain.sites import SITE_FIELDS
from chuangbao.spaces.enums import (
    ChainStage,
    EndReason,
    NewTag,
    OfferKind,
    ProjectKind,
    ProjectStage,
    RecognitionAct,
    RecognitionLevel,
    SpaceKind,
)
from chuangbao.spaces.models import Offer, Project, Site, Space
from chuangbao.spaces.models.recognitions import SCHEMES
from chuangbao.spaces.models.sites import AREAS

__all__ = [
    "AltForm",
    "AreaSpacesForm",
    "ClaimForm",
    "CloseForm",
    "EndRecognitionForm",
    "MergeForm",
    "MilestoneForm",
    "NewTagsForm",
    "OfferForm",
    "PictureForm",
    "ProjectForm",
    "ProjectReasonForm",
    "ProjectSearchForm",
    "ReachForm",
    "RecognitionForm",
    "RegisterForm",
    "SearchForm",
    "SiteForm",
    "SpaceForm",
    "TransferForm",
]

TEXT, SELECT, AREA = {"class": "form-control"}, {"class": "form-select"}, {"class": "form-control", "rows": 4}
LARGEST = 2**31 - 1
LINES = ("name", "industry", "hours")
HINTS: dict[str, Any] = {
    "phone": _("Everybody can read it: give the number of the desk, not that of a person."),
    "email": _("Everybody can read it: give the address of the desk, not that of a person."),
    "hours": _("Such as: weekdays 8:30–17:30."),
    "website": _("Such as https://example.org"),
    "latitude": _("Degrees, such as 43.88680"),
    "longitude": _("Degrees, such as 125.32450"),
    "total_area": _("In m². Fill in all five, or leave all five empty; the four parts make the whole."),
}


def choose(choices: list[tuple[str, Any]], empty: Any) -> list[tuple[str, Any]]:
    """Return choices with an empty one before them."""
    return [("", empty), *choices]


def fields_of_space(*names: str) -> dict[str, Any]:
    """Return the fields of a space by the model, as this house shows them."""
    widgets: dict[str, Any] = {name: forms.TextInput(attrs=TEXT) for name in (*LINES, "phone")}
    widgets["introduction"] = forms.Textarea(attrs=AREA)
    classes: dict[str, Any] = dict.fromkeys((*LINES, "phone"), OneLineField)
    made: dict[str, Any] = fields_for_model(
        Space,
        fields=[name for name in names if name != "email"],
        widgets=widgets,
        field_classes=classes,
        help_texts={name: HINTS[name] for name in names if name in HINTS},
    )
    if "phone" in made:
        made["phone"].validators.append(TELEPHONE)
    if "email" in names:
        made["website"] = forms.URLField(
            label=_("Web page"),
            max_length=300,
            required=False,
            assume_scheme="https",
            widget=forms.URLInput(attrs=TEXT),
            help_text=HINTS["website"],
        )
        made["email"] = EmailField(
            label=_("E-mail of the desk"),
            required=False,
            widget=forms.EmailInput(attrs=TEXT),
            help_text=HINTS["email"],
        )
    return made


def kind_field() -> forms.ChoiceField:
    """Return the choice of a kind; nothing is chosen beforehand."""
    return forms.ChoiceField(
        label=_("Kind of space"),
        choices=lambda: choose(SpaceKind.choices, gettext("Choose")),
        widget=forms.Select(attrs=SELECT),
    )


class RegisterForm(forms.Form):
    """Register a space: what people need to find it; everything else comes later."""

    field_order = ("name", "kind", "region", "address", "phone", "hours", "introduction")
    kind = kind_field()
    region = region_field()
    address = OneLineField(label=_("Street address"), max_length=200, widget=forms.TextInput(attrs=TEXT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of_space("name", "phone", "hours", "introduction"))
        self.order_fields(self.field_order)


class SpaceForm(forms.Form):
    """What the register says of a space; ``seen`` is the revision that was on the page."""

    field_order = ("seen", *FIELDS)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST, initial=0)
    kind = kind_field()
    chain = forms.ChoiceField(
        label=_("Stage in the chain"),
        required=False,
        choices=lambda: choose(ChainStage.choices, gettext("As the kind says")),
        widget=forms.Select(attrs=SELECT),
    )
    region = region_field()
    opened_on = optional_day(_("Opened on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(fields_of_space("name", "industry", "introduction", "phone", "email", "hours"))
        self.order_fields(self.field_order)


class SiteForm(PointForm):
    """A site: where it is and its areas by use; ``seen`` is the revision that was on the page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST, initial=0)
    region = region_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = [name for name in SITE_FIELDS if name != "region"]
        lines = ("name", "address", "route")
        made: dict[str, Any] = fields_for_model(
            Site,
            fields=written,
            widgets={name: forms.TextInput(attrs=TEXT) for name in written},
            field_classes=dict.fromkeys(lines, OneLineField),
            help_texts={name: HINTS[name] for name in ("latitude", "longitude", "total_area")},
        )
        for name in AREAS:
            made[name].unit_sign = "m²"
        self.fields.update(made)
        self.order_fields(["seen", "name", "region", "address", "route", "latitude", "longitude", *AREAS])


class OfferForm(forms.Form):
    """Something that a space offers."""

    kind = forms.ChoiceField(
        label=_("Kind of offer"),
        choices=lambda: choose(OfferKind.choices, gettext("Choose")),
        widget=forms.Select(attrs=SELECT),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = ("name", "description", "price")
        hints: Any = {"price": _("Such as: 300 yuan a month. Leave it empty where it costs nothing extra.")}
        made: dict[str, Any] = fields_for_model(
            Offer,
            fields=(*lines, "is_online"),
            widgets={name: forms.TextInput(attrs=TEXT) for name in lines},
            field_classes=dict.fromkeys(lines, OneLineField),
            help_texts=hints,
        )
        self.fields.update(made)


class AltForm(forms.Form):
    """What a picture shows, for who cannot see it."""

    alt = OneLineField(
        label=_("What the picture shows"),
        max_length=200,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_("Read aloud to who cannot see it, such as: twelve desks in rows under high windows."),
    )


class PictureForm(AltForm):
    """A picture of a space."""

    file = forms.FileField(
        label=_("Picture (PNG or JPEG)"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/png,image/jpeg"}),
        help_text=_("At most 20 MB and 40 million points. It is drawn anew, without where and by whom it was taken."),
    )


class NewTagsForm(forms.Form):
    """What is new in a space, with what shows it; one left empty is not claimed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for tag in NewTag:
            self.fields[tag.value] = OneLineField(
                label=tag.label, required=False, max_length=300, widget=forms.TextInput(attrs=TEXT)
            )


def reason_field(label: Any) -> OneLineField:
    """Return a field that says why; the verb says where it is needed."""
    return OneLineField(label=label, max_length=300, required=False, widget=forms.TextInput(attrs=TEXT))


class CloseForm(forms.Form):
    """On which day a space closes, and why."""

    last_day = optional_day(_("Last day"))
    reason = reason_field(_("Why it closes"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].help_text = gettext(
            "Empty: today. A later day is announced, and whom it concerns told."
        )


class MergeForm(forms.Form):
    """Into which space of the same organisation another is merged, and why."""

    into = forms.ChoiceField(label=_("Into which space"), required=False, widget=forms.Select(attrs=SELECT))
    reason = reason_field(_("Why they are merged"))

    def __init__(self, *args: Any, others: list[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["into"]
        field.choices = choose([(str(row.pk), row.name) for row in others], gettext("Choose"))


class TransferForm(forms.Form):
    """To which organisation a space is handed on."""

    code = OneLineField(label=_("Its unified social credit code"), max_length=40, widget=forms.TextInput(attrs=TEXT))
    note = reason_field(_("Note to the other organisation"))


class RecognitionForm(forms.Form):
    """A filing or recognition as its document says it."""

    scheme = forms.ChoiceField(label=_("Scheme"), widget=forms.Select(attrs=SELECT))
    number = OneLineField(label=_("Number of the document"), max_length=60, widget=forms.TextInput(attrs=TEXT))
    since = day_field(_("From"))
    until = optional_day(_("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["scheme"]
        field.choices = choose(scheme_choices(), gettext("Choose"))
        self.fields["until"].help_text = gettext("Leave it empty where the document names no end.")


def scheme_choices() -> list[tuple[str, Any]]:
    """Return the schemes of the pack in their groups: act and level."""
    listed = current_pack().codes.get(SCHEMES)
    if listed is None:
        return []
    return [
        (text(group.label), [(code.code, text(code.label)) for code in listed.codes if code.group == group.code])
        for group in listed.groups
    ]


class EndRecognitionForm(forms.Form):
    """When and why a filing or recognition ended."""

    until = day_field(_("Its last day"))
    reason = forms.ChoiceField(
        label=_("Why it ended"),
        choices=lambda: choose(EndReason.choices, gettext("Choose")),
        widget=forms.Select(attrs=SELECT),
    )
    note = reason_field(_("Document or note"))


class SearchForm(forms.Form):
    """Narrow the directory of spaces."""

    q = forms.CharField(
        label=_("Name, street or pinyin"), required=False, max_length=80, widget=forms.TextInput(attrs=TEXT)
    )
    kind = forms.ChoiceField(
        label=_("Kind of space"),
        required=False,
        choices=lambda: choose(SpaceKind.choices, gettext("All")),
        widget=forms.Select(attrs=SELECT),
    )
    region = region_filter()
    recognised = forms.ChoiceField(
        label=_("Filed or recognised"),
        required=False,
        choices=lambda: [
            ("", gettext("All")),
            *RecognitionAct.choices,
            *((level.value, level.label) for level in RecognitionLevel),
        ],
        widget=forms.Select(attrs=SELECT),
    )
    offer = forms.ChoiceField(
        label=_("Offers"),
        required=False,
        choices=lambda: choose(OfferKind.choices, gettext("All")),
        widget=forms.Select(attrs=SELECT),
    )


class AreaSpacesForm(SearchForm):
    """Narrow and sort the spaces of an area."""

    stage = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=lambda: [
            ("", gettext("In operation")),
            ("ended", gettext("Closed or merged")),
            ("all", gettext("All")),
        ],
        widget=forms.Select(attrs=SELECT),
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=lambda: [
            ("", gettext("By name")),
            ("new", gettext("Newest first")),
            ("region", gettext("By region")),
            ("area", gettext("Largest first")),
        ],
        widget=forms.Select(attrs=SELECT),
    )


def project_kind_field(empty: Any, *, required: bool = True) -> forms.ChoiceField:
    """Return the choice of a kind of project."""
    return forms.ChoiceField(
        label=_("Kind of project"),
        required=required,
        choices=lambda: choose(ProjectKind.choices, empty),
        widget=forms.Select(attrs=SELECT),
    )


class ProjectForm(forms.Form):
    """What an officer writes of a street or park; ``seen`` is the revision that was on the page."""

    field_order = (
        "seen",
        "kind",
        "name",
        "region",
        "industry",
        "industry_codes",
        "introduction",
        "started_on",
        "addresses",
        "boundary",
        "is_demonstration",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=LARGEST, initial=0)
    kind = project_kind_field(_("Choose"))
    region = region_field()
    started_on = optional_day(_("Started on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = ("introduction", "addresses", "boundary")
        lines = ("name", "industry", "industry_codes")
        hints: Any = {
            "industry": _("For a specialised park. Such as: mineral water, medicine."),
            "industry_codes": _("Codes of GB/T 4754, such as 15 1522. With them the share of the industry is counted."),
            "addresses": _("One street or building a line. Spaces with such an address are suggested as members."),
            "boundary": _("One point a line, at least three, such as 43.88680,125.32450. Leave it empty if unknown."),
        }
        widgets: dict[str, Any] = {name: forms.TextInput(attrs=TEXT) for name in lines}
        widgets |= {name: forms.Textarea(attrs=AREA) for name in texts}
        made: dict[str, Any] = fields_for_model(
            Project,
            fields=(*lines, *texts, "is_demonstration"),
            widgets=widgets,
            field_classes=dict.fromkeys(lines, OneLineField) | dict.fromkeys(texts, ManyLinesField),
            help_texts=hints,
        )
        self.fields.update(made)
        self.order_fields(self.field_order)


class ProjectSearchForm(forms.Form):
    """Narrow and sort the register of streets and parks."""

    q = forms.CharField(
        label=_("Name, street or industry"), required=False, max_length=80, widget=forms.TextInput(attrs=TEXT)
    )
    kind = project_kind_field(_("All"), required=False)
    region = region_filter()
    stage = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=lambda: choose(ProjectStage.choices, gettext("All")),
        widget=forms.Select(attrs=SELECT),
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=lambda: [
            ("", gettext("Running first")),
            ("region", gettext("By region")),
            ("members", gettext("Most spaces first")),
            ("late", gettext("Most overdue milestones first")),
        ],
        widget=forms.Select(attrs=SELECT),
    )


class MilestoneForm(forms.Form):
    """A milestone of a project."""

    title = OneLineField(label=_("Milestone"), max_length=120, widget=forms.TextInput(attrs=TEXT))
    due_on = day_field(_("To be reached by"))


class ReachForm(forms.Form):
    """Since when a milestone is reached."""

    reached_on = day_field(_("Reached on"))
    evidence = OneLineField(
        label=_("What shows it"),
        max_length=300,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_("A document with its number, or what can be seen there."),
    )


class ClaimForm(forms.Form):
    """Which space of its operator belongs to a project."""

    space = forms.ChoiceField(label=_("Space"), widget=forms.Select(attrs=SELECT))
    note = reason_field(_("Why it belongs there"))

    def __init__(self, *args: Any, spaces: list[Space], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["space"]
        field.choices = choose([(str(row.pk), row.name) for row in spaces], gettext("Choose"))


class ProjectReasonForm(forms.Form):
    """A reason, where one is needed."""

    reason = reason_field(_("Reason"))
