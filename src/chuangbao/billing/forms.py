"""The forms of the money of a space."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangbao.billing.domain.contracts import Waiver
from chuangbao.billing.enums import Bearer, ChargeKind, DepositAct, PaymentWay, Unit, WaiverReason
from chuangbao.billing.models import PriceItem
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import money, text
from chuangbao.ui.fields import INPUT, SELECT, day_field, line

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = [
    "ContractForm",
    "DepositForm",
    "EndForm",
    "LineForm",
    "PaymentForm",
    "PriceChangeForm",
    "PriceForm",
    "TakeBackForm",
]

HUNDRED = Decimal(100)
EMPTY = [("", "—")]
CONTRACTED = [choice for choice in ChargeKind.choices if choice[0] not in {ChargeKind.BOOKING, ChargeKind.MATERIAL}]


def money_field(label: Any, **kwargs: Any) -> forms.DecimalField:
    """An amount in yuan, to the cent."""
    widget = forms.NumberInput(attrs=INPUT | {"step": "0.01", "inputmode": "decimal"})
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=0, widget=widget, **kwargs)


def choice_field(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """One of some words."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.Select(attrs=SELECT), **kwargs)


def proof_field(*, required: bool = True) -> forms.FileField:
    """A slip or receipt."""
    return forms.FileField(
        label=_("Slip or receipt"),
        required=required,
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".pdf,.png,.jpg"}),
        help_text=_("A PDF or a picture (.pdf, .png, .jpg), 20 MB at most."),
    )


def known_slip_field() -> forms.BooleanField:
    """Whether a slip that is on record already is meant for this too."""
    return forms.BooleanField(label=_("The slip is on record already: one transfer was for both"), required=False)


def list_measures() -> list[tuple[str, str]]:
    """Return the measures of the pack by their titles, for a subsidy that is one of them."""
    found = [(one.id, text(one.title)) for one in current_pack().measures.values() if not one.model]
    return [("", str(_("None of the library"))), *sorted(found, key=lambda pair: pair[1])]


class PriceForm(forms.Form):
    """A price of the price list."""

    kind = choice_field(_("Kind of charge"), CONTRACTED)
    name = line(_("What it is called"), max_length=80)
    unit = choice_field(_("Price is"), Unit.choices)
    price = money_field(_("Unit price in yuan"))
    first = day_field(_("Holds from"), help_text=_("An earlier price of the same name ends the day before."))
    is_public = forms.BooleanField(label=_("Everybody may see it"), required=False, initial=True)


class EndForm(forms.Form):
    """The last day of something."""

    last = day_field(_("Last day"))


class TakeBackForm(forms.Form):
    """Why something is taken back."""

    reason = line(_("Reason"), max_length=300, help_text=_("The tenant reads it."))


class ContractForm(forms.Form):
    """A contract of a tenant."""

    number = line(_("Number of the contract"), max_length=40)
    first = day_field(_("First day of the contract"))
    last = day_field(
        _("Last day of the contract"), required=False, help_text=_("Leave it empty where no end is agreed.")
    )
    days_to_pay = forms.IntegerField(
        label=_("Days to pay"),
        min_value=0,
        max_value=90,
        initial=10,
        widget=forms.NumberInput(attrs=INPUT),
        help_text=_("A statement is due so many days after it is issued."),
    )
    deposit = money_field(_("Deposit agreed, in yuan"), initial=0)


class WaiverForm(forms.Form):
    """What is waived of a price, why, and who bears it."""

    waived = forms.DecimalField(
        label=_("Share that is waived, in %"),
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=0,
        widget=forms.NumberInput(attrs=INPUT | {"step": "0.01"}),
        help_text=_("0 where nothing is waived; 100 where it is free. It stays on the statement as support received."),
    )
    reason = choice_field(_("Why it is waived"), EMPTY + WaiverReason.choices, required=False)
    bearer = choice_field(_("Who bears it"), EMPTY + Bearer.choices, required=False)
    measure = choice_field(
        _("Measure of the subsidy"),
        list_measures,
        required=False,
        help_text=_("Only for a subsidy: the firm then has it on record as had before."),
    )

    def read_waiver(self) -> Waiver:
        """Return what was filled in of the waiver; the share as a ratio."""
        said = {name: self.cleaned_data[name] for name in ("reason", "bearer", "measure")}
        return Waiver(waived=self.cleaned_data["waived"] / HUNDRED, **said)


class ItemField(forms.ModelChoiceField):
    """A choice of the price list, each with its price."""

    def label_from_instance(self, obj: Any) -> str:
        """Return name and price."""
        return f"{obj.name} {money(obj.price)} {obj.get_unit_display()}"


class LineForm(WaiverForm):
    """A charge of a contract: taken from the price list, or written by hand."""

    item = ItemField(
        label=_("From the price list"),
        queryset=PriceItem.objects.none(),
        required=False,
        empty_label=_("Not from the list"),
        widget=forms.Select(attrs=SELECT),
        help_text=_("Fills in what you leave empty below; the contract keeps this price."),
    )
    kind = choice_field(_("Kind of charge"), EMPTY + CONTRACTED, required=False)
    name = line(_("What it is called"), max_length=80, required=False, help_text=_("Such as: desk A01."))
    unit = choice_field(_("Price is"), EMPTY + Unit.choices, required=False)
    price = money_field(_("Unit price in yuan"), required=False)
    quantity = forms.DecimalField(
        label=_("Quantity"),
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        initial=1,
        widget=forms.NumberInput(attrs=INPUT | {"step": "0.01"}),
        help_text=_("Desks, or m²; 1 for a price by the month."),
    )
    first = day_field(_("Charged from"))
    last = day_field(_("Charged until"), required=False, help_text=_("Leave it empty: to the end of the contract."))
    field_order = ("item", "kind", "name", "unit", "price", "quantity", "first", "last")

    def __init__(self, *args: Any, items: QuerySet[PriceItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("ItemField", self.fields["item"]).queryset = items

    def clean(self) -> dict[str, Any]:
        """Take from the price list what was left empty, and ask for what is in neither."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        item = said.get("item")
        for name in ("kind", "name", "unit", "price"):
            if said.get(name) in {"", None} and name not in self.errors:
                if item is None:
                    self.add_error(name, _("Please fill this in."))
                else:
                    said[name] = getattr(item, name)
        return said

    def read_line(self) -> dict[str, Any]:
        """Return what was filled in of the charge itself."""
        names = ("kind", "name", "unit", "price", "quantity", "first", "last")
        return {name: self.cleaned_data[name] for name in names}


class PriceChangeForm(WaiverForm):
    """Another price of a charge, from a day on."""

    price = money_field(_("New price in yuan"))
    first = day_field(_("Holds from"), help_text=_("The price before it ends the day before."))
    field_order = ("price", "first")


class DepositForm(forms.Form):
    """A movement of the deposit."""

    act = choice_field(_("What is done"), DepositAct.choices)
    amount = money_field(_("Amount in yuan"))
    on = day_field(_("Day it happened"))
    reason = line(
        _("Reason"), max_length=300, required=False, help_text=_("Needed where some is kept back: the tenant reads it.")
    )
    file = proof_field(required=False)
    known_slip = known_slip_field()


class PaymentForm(forms.Form):
    """A payment that came in."""

    amount = money_field(_("Amount in yuan"))
    keeps_rest = forms.BooleanField(label=_("Keep what is more than is owed as credit"), required=False)
    paid_on = day_field(_("Paid on"))
    way = choice_field(_("How it was paid"), PaymentWay.choices)
    file = proof_field()
    known_slip = known_slip_field()
    note = line(_("Remark"), required=False)
