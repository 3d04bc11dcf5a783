"""The forms of premises and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.http.forms import hold_against
from chuangbao.core.localization.formatting import day_words
from chuangbao.premises.domain.letters import read_licensee_code, refuse_odd_day
from chuangbao.premises.enums import MailKind, TryMeans
from chuangbao.spaces.models import Site
from chuangbao.ui.fields import INPUT, SELECT, day_field, line

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "CeilingForm",
    "ContactForm",
    "HandOverForm",
    "IndustryForm",
    "LetterForm",
    "LicenceForm",
    "LookupForm",
    "LostForm",
    "MailForm",
    "NameForm",
    "OfficeForm",
    "PremiseForm",
    "RevokeForm",
    "SendBackForm",
    "TryForm",
]

MOST_LICENCES = 9999


def ceiling_field() -> forms.IntegerField:
    """How many licences a premise takes."""
    return forms.IntegerField(
        label=_("Licences at most"),
        required=False,
        min_value=1,
        max_value=MOST_LICENCES,
        widget=forms.NumberInput(attrs=INPUT),
        help_text=_("Leave it empty where there is no ceiling."),
    )


class SiteField(forms.ModelChoiceField):
    """A choice of sites, each by its space and address."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the space and the address."""
        return f"{obj.space.name} · {obj.address}"


class PremiseForm(forms.Form):
    """Open a premise: which site, which room."""

    site = SiteField(
        label=_("Site"),
        queryset=Site.objects.none(),
        empty_label=_("Nothing chosen"),
        widget=forms.Select(attrs=SELECT),
    )
    room = line(
        _("Room or desk"), max_length=80, help_text=_("As it is to be written in the licence, such as 301-A12.")
    )
    ceiling = ceiling_field()

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("SiteField", self.fields["site"]).queryset = sites


class CeilingForm(forms.Form):
    """How many licences a premise takes at most."""

    ceiling = ceiling_field()


def industry_field() -> forms.CharField:
    """The code of an industry, typed by its digits or by its name."""
    return line(
        _("Industry beside the words"),
        max_length=60,
        required=False,
        help_text=_(
            "For the statistics: two or four digits of GB/T 4754—2017, or the name. "
            "The words of the business stay as they are."
        ),
    )


class LetterForm(forms.Form):
    """A letter of consent: for whom, until when."""

    licensee = line(
        _("Name of the firm"), max_length=120, help_text=_("The whole name as it is or will be registered.")
    )
    licensee_code = line(
        _("Unified social credit code"),
        max_length=40,
        required=False,
        help_text=_("Leave it empty where the firm has no licence yet."),
    )
    applicant = line(
        _("Who applies: person or agent"),
        max_length=40,
        required=False,
        help_text=_(
            "Sealed. It is counted when many firms at one address come from one applicant; nothing is refused."
        ),
    )
    business = line(
        _("Business in its own words"),
        max_length=200,
        required=False,
        help_text=_("Terms of new trades are fine: any business is open that the law does not forbid."),
    )
    industry_code = industry_field()
    valid_until = day_field(_("Valid until"))

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_until"].help_text = _("At most until %s.") % day_words(latest)

    def clean_licensee_code(self) -> str:
        """Hold the code against its check digit."""
        return str(hold_against(read_licensee_code, self.cleaned_data["licensee_code"]))

    def clean_valid_until(self) -> date:
        """Hold the last day in its bounds."""
        day: date = self.cleaned_data["valid_until"]
        hold_against(refuse_odd_day, day, timezone.localdate())
        return day


class IndustryForm(forms.Form):
    """The industry of a letter, noted or corrected after it was issued."""

    industry_code = industry_field()


class LicenceForm(forms.Form):
    """The licence that a firm got at this address."""

    licensee_code = line(_("Unified social credit code"), max_length=40)
    licensed_on = day_field(_("Licence issued on"))


class RevokeForm(forms.Form):
    """Why a letter is revoked."""

    reason = line(_("Reason"), max_length=300, help_text=_("The firm and whoever looks the letter up read it."))


class LookupForm(forms.Form):
    """What is typed from a letter to look it up."""

    number = line(_("Number of the letter"), max_length=40, help_text=_("Such as 2026-00012-0003."))
    check = line(_("Check code"), max_length=20, help_text=_("Eight letters and digits beside the QR code."))


class NameForm(forms.Form):
    """A firm's name to compare with that of the letter."""

    name = line(_("Name of the firm that shows it to you"), max_length=120)


class ContactForm(forms.Form):
    """Who is reached at a firm."""

    contact = line(_("Contact person"), max_length=40)
    phone = line(_("Telephone of the contact"), max_length=20)


class MailForm(forms.Form):
    """Mail that came for a firm."""

    mail_kind = forms.ChoiceField(label=_("Kind of mail"), choices=MailKind.choices, widget=forms.Select(attrs=SELECT))
    received_on = day_field(_("Received on"))
    sender = line(_("Sender"), max_length=120, help_text=_("As on the envelope: the office, the court or the firm."))


class HandOverForm(forms.Form):
    """To whom mail was handed over."""

    left_on = day_field(_("Handed over on"))
    handed_to = line(
        _("To whom"), max_length=40, help_text=_("The name of who took it and signed. It is sealed and erased later.")
    )


class SendBackForm(forms.Form):
    """When mail was sent back."""

    left_on = day_field(_("Sent back on"))


class TryForm(forms.Form):
    """A try to reach a firm."""

    tried_on = day_field(_("Tried on"))
    means = forms.ChoiceField(label=_("By which means"), choices=TryMeans.choices, widget=forms.Select(attrs=SELECT))
    is_reached = forms.BooleanField(
        label=_("The firm answered"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    try_note = line(_("What came of it"), max_length=200, required=False)


class LostForm(forms.Form):
    """What the office should know of a firm that cannot be reached."""

    lost_note = line(_("What the office should know"), max_length=300, required=False)


class OfficeForm(forms.Form):
    """What the office did."""

    office_note = line(
        _("What the office did"), max_length=300, help_text=_("The space and the firm read it, such as a list entered.")
    )
