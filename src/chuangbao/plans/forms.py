"""The forms of plans; all lengths are in millimetres."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.booking.models import Resource
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.forms import CALENDAR, OneLineField
from chuangbao.plans.domain.pictures import TwoPoints
from chuangbao.plans.domain.shapes import MOST_SHAPES
from chuangbao.plans.enums import ShapeKind
from chuangbao.plans.models.shapes import LARGEST, TURNS

if TYPE_CHECKING:
    from decimal import Decimal

    from chuangbao.core.access.actors import Actor
    from chuangbao.plans.models import Floor

__all__ = ["FloorForm", "MomentForm", "PictureForm", "RowForm", "ScaleForm", "ShapeForm"]

TEXT, SELECT = {"class": "form-control", "autocomplete": "off"}, {"class": "form-select"}
MOST = 2**31 - 1
MOST_CORNERS_TEXT = 1000
CORNER = re.compile(r"^\s*(\d{1,6})\s*[,，、/ ]\s*(\d{1,6})\s*$")


class Millimetres(forms.IntegerField):
    """A length in whole millimetres."""

    unit_sign = _("mm")

    def __init__(self, label: Any, *, least: int = 0, most: int = LARGEST, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs=TEXT | {"inputmode": "numeric"})
        super().__init__(label=label, min_value=least, max_value=most, widget=widget, **kwargs)


def count_field(label: Any, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    """Return a whole number."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, widget=forms.NumberInput(attrs=TEXT), **kwargs
    )


class MomentForm(forms.Form):
    """The moment at which a floor is looked at."""

    day = forms.DateField(
        label=_("Day"),
        validators=CALENDAR,
        widget=forms.DateInput(format="%Y-%m-%d", attrs=TEXT | {"type": "date"}),
    )
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(format="%H:%M", attrs=TEXT | {"type": "time"}))


class FloorForm(forms.Form):
    """A floor; ``seen`` is the revision that was on the page."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST, initial=0)
    name = OneLineField(label=_("Name of the floor"), max_length=40, widget=forms.TextInput(attrs=TEXT))
    level = count_field(
        _("Order of the floor"), -20, 200, initial=1, help_text=_("Floors are listed in this order: 1, 2, -1.")
    )
    width_mm = Millimetres(_("Width of the floor"), help_text=_("From wall to wall, as in 24000 for 24 metres."))
    depth_mm = Millimetres(_("Depth of the floor"))
    is_shown = forms.BooleanField(label=_("Visitors see it"), required=False, initial=True)
    shows_picture = forms.BooleanField(label=_("Visitors see the picture, too"), required=False)


class PlacedForm(forms.Form):
    """What a shape is and where it is."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=MOST, initial=0)
    kind = forms.ChoiceField(label=_("Kind of shape"), choices=ShapeKind.choices, widget=forms.Select(attrs=SELECT))
    x_mm = Millimetres(_("From the left"), help_text=_("To the left edge of what is drawn, from that of the floor."))
    y_mm = Millimetres(_("From above"))
    width_mm = Millimetres(_("Width"), least=1, required=False)
    depth_mm = Millimetres(_("Depth"), least=1, required=False)
    turn = forms.TypedChoiceField(
        label=_("Turned by"),
        choices=[(n, f"{n}°") for n in TURNS],
        coerce=int,
        initial=0,
        widget=forms.Select(attrs=SELECT),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for width and depth of what has no corners."""
        found: dict[str, Any] = super().clean() or {}
        for name in ("width_mm", "depth_mm"):
            if (
                not found.get(name)
                and not found.get("points")
                and name not in self.errors
                and "points" not in self.errors
            ):
                self.add_error(name, gettext("Please fill this in."))
            found[name] = found.get(name) or 0
        return found


class ShapeForm(PlacedForm):
    """One shape."""

    field_order = ("seen", "kind", "label", "resource", "x_mm", "y_mm", "width_mm", "depth_mm", "turn", "points")
    label = OneLineField(
        label=_("Label"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_("Short, as on the door or the desk: 301 or A3."),
    )
    resource = forms.ModelChoiceField(
        Resource.objects.none(), label=_("What is booked here"), required=False, widget=forms.Select(attrs=SELECT)
    )
    points = OneLineField(
        label=_("Corners, where it is no rectangle"),
        max_length=MOST_CORNERS_TEXT,
        required=False,
        widget=forms.TextInput(attrs=TEXT),
        help_text=_("In mm from its own upper left corner, one after the other: 0,0; 6000,0; 6000,4000; 0,4000."),
    )

    def __init__(self, *args: Any, actor: Actor, floor: Floor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = visible(Resource, to=actor).filter(venue=floor.venue_id, retired_at=None).order_by("kind", "name")
        self.fields["resource"] = forms.ModelChoiceField(
            rows,
            label=_("What is booked here"),
            required=False,
            empty_label=gettext("Nothing"),
            widget=forms.Select(attrs=SELECT),
            help_text=_("Each thing is drawn once."),
        )
        self.order_fields(self.field_order)

    def clean_points(self) -> list[list[int]]:
        """Read corners such as ``0,0; 6000,0; 6000,4000``. Raises ValidationError where one is none."""
        parts = [part for part in re.split(r"[;；]", self.cleaned_data["points"]) if part.strip()]
        found = [CORNER.match(part) for part in parts]
        if None in found:
            wrong = parts[found.index(None)].strip()
            words = gettext("“%(part)s” is no corner. Write each as 6000,4000 and put ; between them.")
            raise forms.ValidationError(words % {"part": wrong})
        return [[int(one[1]), int(one[2])] for one in found if one]


class RowForm(PlacedForm):
    """A row of equal shapes."""

    letters = OneLineField(
        label=_("Letters before the number"), max_length=20, required=False, widget=forms.TextInput(attrs=TEXT)
    )
    first = count_field(_("First number"), 0, 9999, initial=1)
    count = count_field(_("How many"), 1, MOST_SHAPES, initial=4)
    gap_mm = Millimetres(_("Space between them"), initial=0)
    way = forms.ChoiceField(
        label=_("Which way"),
        choices=[("across", _("Beside each other")), ("down", _("Below each other"))],
        initial="across",
        widget=forms.RadioSelect,
    )
    link = forms.ChoiceField(
        label=_("What is booked here"),
        required=False,
        choices=[
            ("there", _("What is there under its number")),
            ("add", _("The same; what is not there is added")),
            ("", _("Nothing")),
        ],
        initial="there",
        help_text=_("For desks, rooms and machines: desk A1 is what can be booked as A1. Tenants book added desks."),
        widget=forms.Select(attrs=SELECT),
    )


class PictureForm(forms.Form):
    """A picture to draw over."""

    file = forms.FileField(
        label=_("Picture of the floor (PNG or JPEG)"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/png,image/jpeg"}),
        help_text=_("At most 20 MB and 40 million points. Where and by whom it was taken is cut out of it."),
    )


class ScaleForm(forms.Form):
    """The scale of a picture: by two points and their distance, or in mm per pixel."""

    x1 = count_field(_("First point, pixels from the left"), 0, 100_000, required=False)
    y1 = count_field(_("First point, pixels from above"), 0, 100_000, required=False)
    x2 = count_field(_("Second point, pixels from the left"), 0, 100_000, required=False)
    y2 = count_field(_("Second point, pixels from above"), 0, 100_000, required=False)
    distance = forms.DecimalField(
        label=_("Metres between the two points"),
        required=False,
        min_value=0,
        max_value=1000,
        decimal_places=3,
        widget=forms.NumberInput(attrs=TEXT | {"step": "0.001", "inputmode": "decimal"}),
    )
    mm_per_pixel = forms.DecimalField(
        label=_("Or: millimetres per pixel"),
        required=False,
        min_value=0,
        max_value=100_000,
        decimal_places=4,
        widget=forms.NumberInput(attrs=TEXT | {"step": "0.0001", "inputmode": "decimal"}),
        help_text=_("Only where you do not give two points."),
    )
    offset_x_mm = Millimetres(_("Picture begins at, across"), least=-LARGEST, initial=0)
    offset_y_mm = Millimetres(_("Picture begins at, down"), least=-LARGEST, initial=0)

    POINTS = ("x1", "y1", "x2", "y2", "distance")

    def clean(self) -> dict[str, Any]:
        """Ask for all of two points, or for the scale."""
        found: dict[str, Any] = super().clean() or {}
        given = [name for name in self.POINTS if found.get(name) is not None]
        missing = [name for name in self.POINTS if found.get(name) is None and name not in self.errors]
        if given and missing:
            self.add_error(missing[0], gettext("Two points and their distance belong together: fill this in, too."))
        elif not given and not found.get("mm_per_pixel") and not self.errors:
            self.add_error("distance", gettext("Give two points and their distance, or the millimetres per pixel."))
        return found

    def scale(self) -> Decimal | TwoPoints:
        """Return what was filled in."""
        said = self.cleaned_data
        if said["distance"] is None:
            scale: Decimal = said["mm_per_pixel"]
            return scale
        return TwoPoints(*(said[name] for name in self.POINTS))
