"""What booking holds of a person, why and for how long: its part of the map of personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import WHY, erase_rows, export_rows
from chuangbao.booking.domain.holders import claim_trainings
from chuangbao.booking.domain.pricing import give_back_minutes
from chuangbao.booking.enums import UPCOMING, BookingStage
from chuangbao.booking.models import AccessPass, AllowanceUse, Booking, Feed, Series, StockEntry, Training, Waiting
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import Holding, holds_personal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__: list[str] = []


def unname_bookings(person: int) -> int:
    """Cancel what is to come and take the person and the purpose off the rest; that something was used stays."""
    rows = unscoped(Booking, because=WHY).filter(person=person)
    coming = rows.filter(stage__in=UPCOMING, quote__free_minutes__gt=0).select_related("resource")
    for row in coming.order_by("resource__venue", "pk"):
        give_back_minutes(row)
    rows.filter(stage__in=UPCOMING).update(stage=BookingStage.CANCELLED)
    unscoped(Series, because=WHY).filter(person=person).update(person=None)
    return rows.update(person=None, purpose="")


def unname_materials(person: int) -> int:
    """Take the person off the ledger of materials; what was moved and charged stays."""
    rows = unscoped(StockEntry, because=WHY)
    rows.filter(recorded_by=person).update(recorded_by=None)
    return rows.filter(person=person).update(person=None)


EXPORTED = export_rows(Training, "person", "kind__name", "held_on", "ends_on", "email")
ERASED = erase_rows(Training, "person")


def export_trainings(person: int) -> Iterable[Mapping[str, object]]:
    """Give the trainings of a person, those too that were put on record before there was an account."""
    claim_trainings(person)
    return EXPORTED(person)


def erase_trainings(person: int) -> int:
    """Erase the trainings of a person, those too that were put on record before there was an account."""
    claim_trainings(person)
    return ERASED(person)


holds_personal(
    Holding(
        "bookings",
        _("What you booked"),
        _("So that the venue knows who uses what when"),
        _("Until you erase it; that the time was used stays, without your name"),
        export_rows(Booking, "person", "resource__name", "starts", "ends", "stage", "purpose", "people", "price"),
        unname_bookings,
        covers=("booking.Booking.person", "booking.Series.person"),
    ),
    Holding(
        "free_minutes",
        _("What you used of what is free each month"),
        _("So that what is free is shared out as the venue promised"),
        _("Until you erase it"),
        export_rows(AllowanceUse, "person", "allowance__venue__name", "month", "granted", "used"),
        erase_rows(AllowanceUse, "person"),
        covers=("booking.AllowanceUse.person",),
    ),
    Holding(
        "materials",
        _("Materials that you took or put on record"),
        _("So that they are charged to who took them"),
        _("Until you erase it; the movement stays, without your name"),
        export_rows(StockEntry, "person", "material__name", "act", "change", "amount", "at", "reason"),
        unname_materials,
        covers=("booking.StockEntry.person", "booking.StockEntry.recorded_by"),
    ),
    Holding(
        "places_in_line",
        _("What you wait in line for"),
        _("So that you are offered what becomes free"),
        _("Until you erase it"),
        export_rows(Waiting, "person", "venue__name", "resource__name", "window", "stage", "purpose", "joined_at"),
        erase_rows(Waiting, "person"),
        covers=("booking.Waiting.person",),
    ),
    Holding(
        "trainings",
        _("Safety trainings that you hold"),
        _("So that you may use machines that ask for them"),
        _("Until you erase it"),
        export_trainings,
        erase_trainings,
        covers=("booking.Training.person", "booking.Training.email"),
    ),
    Holding(
        "calendar_addresses",
        _("The secret address of your calendar of bookings"),
        _("So that your calendar program can read them"),
        _("Until you erase it or make another"),
        export_rows(Feed, "person", "created_at"),
        erase_rows(Feed, "person"),
        covers=("booking.Feed.person",),
    ),
    Holding(
        "access_passes",
        _("Where you may book what is not open to everybody"),
        _("So that you may book it"),
        _("Until you erase it"),
        export_rows(AccessPass, "person", "venue__name", "resource__name", "begins_on", "ends_on"),
        erase_rows(AccessPass, "person"),
        covers=("booking.AccessPass.person",),
    ),
)
