"""Forms of the mobile phone: the number, and the code that was sent to it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.domain.mobiles import DIGITS

__all__ = ["MobileCodeForm", "MobileForm"]


class MobileForm(forms.Form):
    """A mobile number, as people write it."""

    number = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        help_text=_("11 digits, such as 138 0000 0000; a number of the mainland."),
        widget=forms.TextInput(
            attrs={"class": "form-control", "type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}
        ),
    )


class MobileCodeForm(forms.Form):
    """The six digits of the message, and whether all news should come by SMS as well."""

    code = forms.CharField(
        label=_("Code of the message"),
        max_length=20,
        help_text=_("Six digits, in the newest message."),
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "size": DIGITS,
            }
        ),
    )
    everything = forms.BooleanField(
        label=_("Tell me of everything by SMS as well; I can choose for each kind later."), required=False
    )
