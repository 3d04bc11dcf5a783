"""The forms of booking."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.domain.closing_off import LONGEST_REASON
from chuangbao.booking.domain.hours import SpecialDays, read_times
from chuangbao.booking.domain.rates import MOST_MINUTES
from chuangbao.booking.domain.resources import RULES
from chuangbao.booking.domain.venues import OFFER_MINUTES
from chuangbao.booking.enums import Audience, HolderGroup, RateDays, Repeat, ResourceKind, Scope
from chuangbao.booking.models import AccessPass, DayKind, Material, Resource, TrainingKind
from chuangbao.booking.widgets import PlainDate, PlainNumber, PlainSelect, PlainText, PlainTime
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.regions import local_places
from chuangbao.core.http.forms import CALENDAR, EmailField, OneLineField
from chuangbao.core.http.requests import read_number
from chuangbao.core.localization.formatting import money, number, text
from chuangbao.core.workflow.refusals import Refused
from chuangbao.ui.fields import FormPart, part_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from django.http import QueryDict

    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor
    from chuangbao.rules.regions import Region as Unit

__all__ = [
    "AdvanceForm",
    "AllowanceForm",
    "BookForm",
    "CloseOffForm",
    "CountForm",
    "FeedForm",
    "HolderForm",
    "HoursForm",
    "LastDayForm",
    "MaterialForm",
    "MoveForm",
    "PassForm",
    "RateForm",
    "ReasonForm",
    "ReceiveForm",
    "ResourceForm",
    "SearchForm",
    "TakeForm",
    "TakeWithForm",
    "TrainingKindForm",
    "VenueChangeForm",
    "VenueForm",
    "WaitForm",
    "next_hour",
    "read_start",
]

LONGEST_PURPOSE = 120
TEXT, SELECT = {"class": "form-control"}, {"class": "form-select"}


def place_choices() -> list[tuple[str, str]]:
    """List the places of this installation."""
    return [("", gettext("Choose a place")), *name_places(get_language() or "", local_places())]


def filter_choices() -> list[tuple[str, str]]:
    """List the same to narrow a search; nothing chosen asks for all of them."""
    return [("", gettext("All")), *place_choices()[1:]]


@lru_cache(maxsize=4)
def name_places(_language: str, places: tuple[Unit, ...]) -> list[tuple[str, str]]:
    """Name places in a language, by their codes."""
    return [(unit.code, text(unit.name)) for unit in places]


def kind_choices() -> list[tuple[str, str]]:
    """List the kinds of resources, with one for all."""
    return [("", gettext("Every kind")), *((kind.value, str(kind.label)) for kind in ResourceKind)]


def day_field(**given: Any) -> forms.DateField:
    """Make a field for a day."""
    widget = PlainDate(format="%Y-%m-%d", attrs={"type": "date", **TEXT})
    return forms.DateField(widget=widget, validators=CALENDAR, **given)


def time_field(**given: Any) -> forms.TimeField:
    """Make a field for a time of the day."""
    return forms.TimeField(widget=PlainTime(format="%H:%M", attrs={"type": "time", **TEXT}), **given)


def number_field(name: str, label: Any, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    """Make a field for a rule that is a number, in its range."""
    least, most = RULES[name]
    widget = forms.NumberInput(attrs=TEXT | {"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, required=required, help_text=help_text, widget=widget
    )


def purpose_field() -> OneLineField:
    """What a booking is for."""
    words = PlainText(attrs=TEXT)
    return OneLineField(label=_("What for"), required=False, max_length=LONGEST_PURPOSE, widget=words)


class VenueForm(forms.Form):
    """A venue."""

    name = OneLineField(label=_("Name of the venue"), max_length=120, widget=forms.TextInput(attrs=TEXT))
    region = forms.ChoiceField(label=_("Region"), choices=place_choices, widget=forms.Select(attrs=SELECT))
    address = OneLineField(label=_("Address of the venue"), max_length=200, widget=forms.TextInput(attrs=TEXT))
    directions = OneLineField(
        label=_("How to get there"), max_length=400, required=False, widget=forms.TextInput(attrs=TEXT)
    )


class VenueChangeForm(VenueForm):
    """A venue, with what matters once people book there."""

    offer_minutes = forms.IntegerField(
        label=_("Minutes to accept an offer"),
        min_value=OFFER_MINUTES[0],
        max_value=OFFER_MINUTES[1],
        help_text=_(
            "So long what becomes free is held for the next person in line. The hours from 22:00 to 8:00 do not count, "
            "unless it begins before they are over."
        ),
        widget=forms.NumberInput(attrs=TEXT | {"inputmode": "numeric"}),
    )


class ResourceForm(forms.Form):
    """A resource and its rules."""

    kind = forms.ChoiceField(
        label=_("Kind of resource"), choices=ResourceKind.choices, widget=forms.Select(attrs=SELECT)
    )
    name = OneLineField(label=_("Name of the resource"), max_length=120, widget=forms.TextInput(attrs=TEXT))
    floor = OneLineField(label=_("Floor"), max_length=20, required=False, widget=forms.TextInput(attrs=TEXT))
    door = OneLineField(label=_("Door"), max_length=40, required=False, widget=forms.TextInput(attrs=TEXT))
    capacity = number_field(
        "capacity",
        _("Capacity"),
        help_text=_("People that a room takes; of hot desks, tools and storage how many can be had at once."),
    )
    features = OneLineField(
        label=_("Equipment"),
        required=False,
        max_length=600,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_("In words with commas between them, such as projector, whiteboard."),
    )
    audience = forms.ChoiceField(label=_("Open to"), choices=Audience.choices, widget=forms.Select(attrs=SELECT))
    needs_approval = forms.BooleanField(label=_("Bookings wait for approval"), required=False)
    training = forms.ModelChoiceField(
        TrainingKind.objects.none(), label=_("Training needed"), required=False, widget=forms.Select(attrs=SELECT)
    )
    new_training = OneLineField(
        label=_("Or add a training"),
        max_length=80,
        required=False,
        help_text=_("Its name, where the list above does not have it yet."),
        widget=forms.TextInput(attrs=TEXT),
    )
    slot_minutes = number_field("slot_minutes", _("Begins and ends on steps of minutes"))
    buffer_before = number_field("buffer_before", _("Minutes to prepare before"))
    buffer_after = number_field("buffer_after", _("Minutes to clear up after"))
    notice_minutes = number_field("notice_minutes", _("Book at least minutes ahead"))
    cancel_minutes = number_field("cancel_minutes", _("Cancel at least minutes ahead"))
    horizon_days = number_field("horizon_days", _("Book at most days ahead"))
    max_minutes = number_field("max_minutes", _("Longest booking in minutes"), required=False)
    weekly_minutes = number_field("weekly_minutes", _("At most minutes a week for each person"), required=False)
    no_show_minutes = number_field("no_show_minutes", _("Released without check-in after minutes"), required=False)
    price_per_hour = forms.DecimalField(
        label=_("Price per hour in yuan"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        widget=forms.NumberInput(attrs=TEXT | {"step": "0.01", "inputmode": "decimal"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = visible(TrainingKind, to=actor).filter(organization=actor.organisation_id)
        self.fields["training"] = forms.ModelChoiceField(
            own,
            label=_("Training needed"),
            required=False,
            empty_label=_("No training needed"),
            widget=forms.Select(attrs=SELECT),
        )

    def list_parts(self) -> list[FormPart]:
        """Group the fields: what it is, who books it, and the rules of time, which few change."""
        names = ("kind", "name", "floor", "door", "capacity", "features")
        whose = ("audience", "needs_approval", "training", "new_training", "price_per_hour")
        times = [name for name in self.fields if name not in {*names, *whose}]
        return [
            part_of(self, gettext("What it is and where"), names),
            part_of(self, gettext("Who may book it, and the price"), whose),
            part_of(self, gettext("Rules of time"), times, is_folded=True),
        ]

    def clean_features(self) -> list[str]:
        """Split the equipment at commas, Chinese ones too."""
        words = self.cleaned_data["features"]
        for mark in "，、；;":
            words = words.replace(mark, ",")
        return [word.strip() for word in words.split(",") if word.strip()]


class HoursForm(forms.Form):
    """The weekly hours, a line for each kind of day, and days with other hours: saved together, so nothing is lost."""

    first = day_field(label=_("First day"), required=False)
    last = day_field(label=_("Last day"), required=False)
    times = OneLineField(
        label=_("Open at"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_("Such as 9:00-12:00; empty where it is closed."),
    )
    reason = OneLineField(label=_("Reason"), required=False, max_length=120, widget=forms.TextInput(attrs=TEXT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in DayKind:
            field = OneLineField(
                label=day.label, required=False, max_length=120, widget=forms.TextInput(attrs=TEXT | {"size": 30})
            )
            self.fields[f"day_{day.value}"] = field

    def list_parts(self) -> list[FormPart]:
        """Group the fields: the week, and days with other hours."""
        week = [f"day_{day.value}" for day in DayKind]
        special = [name for name in self.fields if name not in week]
        return [
            part_of(self, gettext("Weekly hours"), week),
            part_of(self, gettext("Add days with other hours"), special),
        ]

    def clean(self) -> dict[str, Any]:
        """Read all times, so that each wrong one is named beside its field; days need a first one."""
        found: dict[str, Any] = super().clean() or {}
        for name in [name for name in found if name.startswith("day_") or name == "times"]:
            try:
                read_times(found[name], name)
            except Refused as refusal:
                self.add_error(name, str(refusal))
        others = any(found.get(name) for name in ("last", "times", "reason"))
        if others and not found.get("first") and "first" not in self.errors:
            self.add_error("first", gettext("Say which day this is for."))
        return found

    def week(self) -> dict[int, str]:
        """Return what was written, by kind of day; nothing where none of it was sent."""
        days = {day.value: f"day_{day.value}" for day in DayKind}
        is_sent = any(name in self.data for name in days.values())
        return {day: self.cleaned_data[name] for day, name in days.items()} if is_sent else {}

    def special(self) -> SpecialDays | None:
        """Return the days with other hours that are to be noted, if any."""
        names = ("first", "last", "times", "reason")
        return SpecialDays(**{name: self.cleaned_data[name] for name in names}) if self.cleaned_data["first"] else None


class SearchForm(forms.Form):
    """A need and a time."""

    day = day_field(label=_("Day"))
    starts = time_field(label=_("Begins at"))
    ends = time_field(label=_("Ends at"))
    kind = forms.ChoiceField(
        label=_("Kind of resource"), choices=kind_choices, required=False, widget=PlainSelect(kind_choices, SELECT)
    )
    people = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=10000, widget=PlainNumber(attrs=TEXT)
    )
    region = forms.ChoiceField(
        label=_("Region"), choices=filter_choices, required=False, widget=PlainSelect(filter_choices, SELECT)
    )
    features = OneLineField(label=_("Equipment"), required=False, max_length=120, widget=PlainText(attrs=TEXT))

    def clean(self) -> dict[str, Any]:
        """Let no end through that is not after its start; 0:00 is midnight at the end of the day."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("starts") and found.get("ends") and time() != found["ends"] <= found["starts"]:
            self.add_error("ends", gettext("It must end after it begins."))
        return found


class TimeForm(forms.Form):
    """From when to when."""

    day = day_field(label=_("Day"))
    starts = time_field(label=_("Begins at"))
    last_day = day_field(label=_("Last day"), required=False, help_text=_("Only where it ends on a later day."))
    ends = time_field(label=_("Ends at"), help_text=_("0:00 is midnight at the end of the day."))

    def clean(self) -> dict[str, Any]:
        """Let no last day through that is before the first: it is easily left behind where the first is changed."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("day") and found.get("last_day") and found["last_day"] < found["day"]:
            self.add_error("last_day", gettext("It is before the first day. Leave it empty, or choose a later one."))
        return found

    def span(self, zone: ZoneInfo) -> dict[str, datetime]:
        """Return from when to when, in the venue's time zone."""
        said = self.cleaned_data
        last: date = said["last_day"] or said["day"]
        if said["ends"] == time() and not said["last_day"]:
            last += timedelta(days=1)
        return {
            "starts": datetime.combine(said["day"], said["starts"], zone),
            "ends": datetime.combine(last, said["ends"], zone),
        }


def repeat_choices() -> list[tuple[str, str]]:
    """List how a booking may be repeated, once first."""
    return [("", gettext("Only once")), *((one.value, str(one.label)) for one in Repeat)]


class BookForm(TimeForm):
    """A time, what for, and how often."""

    people = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=10000, initial=1, widget=PlainNumber(attrs=TEXT)
    )
    purpose = purpose_field()
    repeat = forms.ChoiceField(
        label=_("Repeated"), choices=repeat_choices, required=False, widget=PlainSelect(repeat_choices, SELECT)
    )
    until = day_field(label=_("Repeated until"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for the last day of what is repeated."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("repeat") and not found.get("until") and "until" not in self.errors:
            self.add_error("until", gettext("Say until when it is repeated."))
        return found


class WaitForm(TimeForm):
    """A time that is taken, and what else would do."""

    any_start = forms.BooleanField(label=_("Any time on this day would do, as long as it is as long"), required=False)
    any_of_kind = forms.BooleanField(label=_("Any other of the same kind in this venue would do"), required=False)
    people = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=10000, initial=1, widget=forms.NumberInput(attrs=TEXT)
    )
    purpose = purpose_field()


class AdvanceForm(forms.Form):
    """Why a place is put ahead in line."""

    reason = OneLineField(label=_("Reason"), max_length=120, required=False, widget=forms.TextInput(attrs=TEXT))


class CloseOffForm(TimeForm):
    """What is closed off, when and why."""

    reason = OneLineField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.TextInput(attrs=TEXT))

    def __init__(self, *args: Any, actor: Actor, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible(Resource, to=actor).filter(venue=venue, retired_at=None)
        self.fields["resources"] = forms.ModelMultipleChoiceField(
            rows.order_by("kind", "name"), label=_("Resources"), widget=forms.CheckboxSelectMultiple
        )


class TrainingKindForm(forms.Form):
    """A training that the organisation gives."""

    name = OneLineField(label=_("Name of the training"), max_length=80, widget=forms.TextInput(attrs=TEXT))
    months = forms.IntegerField(
        label=_("Valid for months"), required=False, min_value=1, max_value=600, widget=forms.NumberInput(attrs=TEXT)
    )
    how = OneLineField(
        label=_("How to get the training"),
        required=False,
        max_length=300,
        help_text=_("Who is refused for want of it reads this: when it is held, and where to ask."),
        widget=forms.TextInput(attrs=TEXT),
    )


class HolderForm(forms.Form):
    """Who held a training."""

    email = EmailField(label=_("E-mail of the person's account"), widget=forms.EmailInput(attrs=TEXT))
    held_on = day_field(label=_("Training held on"))


class PassForm(forms.Form):
    """An organisation that is admitted."""

    code = OneLineField(label=_("Unified social credit code"), max_length=30, widget=forms.TextInput(attrs=TEXT))
    ends_on = day_field(label=_("Until and with the day"), required=False)


def group_choices(every: Any) -> list[tuple[str, str]]:
    """List the groups of holders, after a word for all or none."""
    return [("", str(every)), *((group.value, str(group.label)) for group in HolderGroup)]


class RateForm(forms.Form):
    """A price by the hour of a group."""

    group = forms.ChoiceField(label=_("Whom it is for"), required=False, widget=forms.Select(attrs=SELECT))
    kind = forms.ChoiceField(
        label=_("Kind of resource"), choices=kind_choices, required=False, widget=forms.Select(attrs=SELECT)
    )
    days = forms.ChoiceField(label=_("On which days"), choices=RateDays.choices, widget=forms.Select(attrs=SELECT))
    opens = time_field(label=_("Only from"), required=False, help_text=_("Empty: all day."))
    closes = time_field(label=_("Only until"), required=False, help_text=_("Empty: to the end of the day."))
    price = forms.DecimalField(
        label=_("Price per hour in yuan"),
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        widget=forms.NumberInput(attrs=TEXT | {"step": "0.01", "inputmode": "decimal"}),
    )
    first = day_field(label=_("Holds from"), help_text=_("An earlier price for the same ends the day before."))
    field_order = ("group", "kind", "resource", "days", "opens", "closes", "price", "first")

    def __init__(self, *args: Any, actor: Actor, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible(Resource, to=actor).filter(venue=venue, retired_at=None).order_by("kind", "name", "pk")
        self.fields["resource"] = forms.ModelChoiceField(
            rows,
            label=_("Or one resource alone"),
            required=False,
            empty_label=gettext("All that can be booked"),
            widget=forms.Select(attrs=SELECT),
        )
        cast("forms.ChoiceField", self.fields["group"]).choices = group_choices(gettext("Everybody"))
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Return times of the day as minutes since midnight."""
        found: dict[str, Any] = super().clean() or {}
        for name in ("opens", "closes"):
            at = found.get(name)
            found[name] = None if at is None else at.hour * 60 + at.minute
        if found["closes"] == 0:
            found["closes"] = None
        return found


class AllowanceForm(forms.Form):
    """What is free each month for a group."""

    group = forms.ChoiceField(label=_("Whom it is for"), choices=HolderGroup.choices, widget=forms.Select(attrs=SELECT))
    kind = forms.ChoiceField(
        label=_("Kind of resource"), choices=kind_choices, required=False, widget=forms.Select(attrs=SELECT)
    )
    minutes = forms.IntegerField(
        label=_("Free minutes each month"),
        min_value=1,
        max_value=MOST_MINUTES,
        help_text=_("600 are ten hours. Each firm, team or person of the group has them for itself."),
        widget=forms.NumberInput(attrs=TEXT | {"inputmode": "numeric"}),
    )
    first = day_field(label=_("From the month of this day"))


def quantity_field(label: Any, *, least: str = "0.01") -> forms.DecimalField:
    """Make a field for a quantity of a material."""
    widget = forms.NumberInput(attrs=TEXT | {"step": "0.01", "inputmode": "decimal"})
    return forms.DecimalField(
        label=label, min_value=Decimal(least), max_value=1_000_000, decimal_places=2, widget=widget
    )


class MaterialForm(forms.Form):
    """A material."""

    name = OneLineField(label=_("Name of the material"), max_length=80, widget=forms.TextInput(attrs=TEXT))
    unit = OneLineField(
        label=_("Counted in"),
        max_length=12,
        help_text=_("Such as: roll, sheet, gram."),
        widget=forms.TextInput(attrs=TEXT),
    )
    price = forms.DecimalField(
        label=_("Price for one in yuan"),
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        widget=forms.NumberInput(attrs=TEXT | {"step": "0.01", "inputmode": "decimal"}),
    )
    low = forms.DecimalField(
        label=_("Order more at"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        help_text=_("At so many and fewer it stands on your workbench. Empty: never."),
        widget=forms.NumberInput(attrs=TEXT | {"step": "0.01", "inputmode": "decimal"}),
    )


class ReceiveForm(forms.Form):
    """What has arrived."""

    quantity = quantity_field(_("Quantity"))
    reason = OneLineField(label=_("Remark"), required=False, max_length=200, widget=forms.TextInput(attrs=TEXT))


class CountForm(forms.Form):
    """What was counted."""

    counted = quantity_field(_("Counted"), least="0")
    reason = OneLineField(
        label=_("Reason of a difference"), required=False, max_length=200, widget=forms.TextInput(attrs=TEXT)
    )


class HolderField(forms.ModelChoiceField):
    """A choice of who is admitted to a venue."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name of the firm or person."""
        return str(obj.for_organization or obj.person)


class TakeForm(forms.Form):
    """What is handed out to whom at the counter."""

    def __init__(self, *args: Any, actor: Actor, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible(AccessPass, to=actor).filter(venue=venue, resource=None)
        rows = rows.select_related("for_organization", "person").order_by("for_organization__name", "pk")
        self.fields["whom"] = HolderField(
            rows,
            label=_("Who takes it"),
            required=False,
            empty_label=gettext("Our own use"),
            widget=forms.Select(attrs=SELECT),
        )
        self.fields["quantity"] = quantity_field(_("Quantity"))
        self.fields["reason"] = OneLineField(
            label=_("What for"),
            required=False,
            max_length=200,
            help_text=_("Needed for your own use."),
            widget=forms.TextInput(attrs=TEXT),
        )


class MaterialField(forms.ModelChoiceField):
    """A choice of materials, each with its price and what is there."""

    def label_from_instance(self, obj: Any) -> str:
        """Return name, price and stock."""
        said = {"name": obj.name, "price": money(obj.price), "unit": obj.unit, "left": number(obj.stock)}
        return gettext("%(name)s · %(price)s for a %(unit)s · %(left)s there") % said


class TakeWithForm(forms.Form):
    """What is taken with a booking."""

    def __init__(self, *args: Any, actor: Actor, venue: Venue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible(Material, to=actor).filter(venue=venue, retired_at=None).order_by("name", "pk")
        self.fields["material"] = MaterialField(
            rows, label=_("Material"), empty_label=_("Nothing chosen"), widget=forms.Select(attrs=SELECT)
        )
        self.fields["quantity"] = quantity_field(_("Quantity"))


class LastDayForm(forms.Form):
    """The last day of something."""

    last = day_field(label=_("Last day"))


class FeedForm(forms.Form):
    """A foreign calendar."""

    content = forms.FileField(label=_("Calendar file (.ics)"), widget=forms.FileInput(attrs=TEXT))


class MoveForm(TimeForm):
    """A new time, of one booking or of more of its series."""

    scope = forms.ChoiceField(
        label=_("Which bookings of the series"), choices=Scope.choices, initial=Scope.THIS, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, in_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_series:
            del self.fields["scope"]


class ReasonForm(forms.Form):
    """Why a booking moves on; its transitions say where a reason is needed."""

    reason = OneLineField(label=_("Reason"), max_length=120, required=False, widget=forms.TextInput(attrs=TEXT))


def next_hour() -> datetime:
    """Return the hour that a search begins with: the next but one."""
    now = timezone.localtime()
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)


def read_start(asked: QueryDict, resource: Resource) -> dict[str, object]:
    """Return what the address of a free time names, for the form to begin with: time, people, purpose."""
    zone, found = resource.venue.clock, []
    for name in ("starts", "ends"):
        try:
            moment = parse_datetime(asked.get(name, ""))
        except ValueError:
            moment = None
        in_reach = moment is not None and moment.tzinfo is not None and MINYEAR < moment.year < MAXYEAR
        found.append(moment.astimezone(zone) if moment and in_reach else None)
    starts, ends = found
    if starts is None:
        starts = next_hour().astimezone(zone)
    if ends is None or ends <= starts:
        ends = starts + timedelta(minutes=max(resource.slot_minutes, 60))
    start: dict[str, object] = {"day": starts.date(), "starts": starts.time(), "ends": ends.time(), "people": 1}
    if ends.date() != starts.date() and (ends - timedelta(seconds=1)).date() != starts.date():
        start["last_day"] = ends.date()
    people = read_number(asked.get("people", ""))
    start["purpose"] = asked.get("purpose", "")[:LONGEST_PURPOSE]
    return start | ({"people": people} if people else {})
