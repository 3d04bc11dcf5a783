"""Resources (资源): adding, changing and retiring them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.booking.domain.bookings import call_off_upcoming
from chuangbao.booking.domain.locks import lock_resources
from chuangbao.booking.domain.rules import span_words
from chuangbao.booking.domain.venues import check_texts, lock_open, permit_keeping, save_named
from chuangbao.booking.domain.waiting import end_line, list_ended, offer_free_time
from chuangbao.booking.enums import SHARED, UPCOMING, Audience, ResourceKind
from chuangbao.booking.models import Booking, Resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.localization.money import yuan
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row

if TYPE_CHECKING:
    from chuangbao.booking.models import Venue
    from chuangbao.core.access.actors import Actor

__all__ = ["RULES", "create_resource", "retire_resource", "update_resource"]

RULES = {
    "buffer_before": (0, 1440),
    "buffer_after": (0, 1440),
    "notice_minutes": (0, 525600),
    "cancel_minutes": (0, 525600),
    "max_minutes": (5, 525600),
    "slot_minutes": (5, 1440),
    "horizon_days": (1, 1100),
    "no_show_minutes": (5, 1440),
    "weekly_minutes": (5, 10080),
    "capacity": (1, 10000),
}
"""The least and the most of every rule that is a number."""
MAY_BE_EMPTY = {"max_minutes", "no_show_minutes", "weekly_minutes"}
TEXTS = {"floor", "door"}
OTHERS = {"kind", "name", "audience", "needs_approval", "training", "price_per_hour", "features"}
MOST_FEATURES, LONGEST_FEATURE, DEAREST = 20, 30, Decimal(1_000_000)


@transaction.atomic
def create_resource(*, actor: Actor, venue: Venue, kind: str, name: str, **rules: Any) -> Resource:
    """Add something that can be booked to an open venue; ``rules`` are further fields of a resource.

    Raises Forbidden where the actor does not manage the venue's organisation, TypeError for a field that a resource
    does not have; Refused: venue_closed, name_needed (name), name_taken (name), no_kind (kind), no_audience
    (audience), out_of_range (the rule), no_training (training), too_many_features (features).
    """
    place = lock_open(venue, actor)
    row = Resource(venue=place, area=place.region_id)
    apply_rules(row, {"kind": kind, "name": name, **rules})
    save_named(row, _("There is a resource of this name in the venue already. Choose another name."))
    record(actor, "booking.create_resource", row, data={"venue": place.pk})
    return row


@transaction.atomic
def update_resource(*, actor: Actor, resource: Resource, **changes: Any) -> Resource:
    """Change what a resource is or by which rules it is booked; bookings that were made stay as they are.

    Raises Forbidden, TypeError, and Refused as ``create_resource`` does, further retired, gone, places_taken
    (capacity).
    """
    lock_resources(resource.pk)
    row = lock_in_use(resource, actor)
    apply_rules(row, changes)
    check_places(row)
    save_named(row, _("There is a resource of this name in the venue already. Choose another name."))
    record(actor, "booking.update_resource", row, data={"fields": sorted(changes)})
    offer_free_time(row.pk)
    return row


@transaction.atomic
def retire_resource(*, actor: Actor, resource: Resource) -> Resource:
    """Take a resource out of use; what was booked is called off, and people are noticed.

    Raises Forbidden; Refused: retired, gone.
    """
    lock_resources(resource.pk)
    row = lock_in_use(resource, actor)
    call_off_upcoming(actor=actor, resources=[row.pk], reason=_("It is out of use."))
    row.retired_at = timezone.now()
    row.save(update_fields=["retired_at"])
    end_line(list_ended(resource=row))
    record(actor, "booking.retire_resource", row)
    return row


def check_places(row: Resource) -> None:
    """Keep the places that are booked, and a room as large as its bookings ask for; the first one is named.

    Raises Refused: places_taken (capacity).
    """
    held = unscoped(Booking, because="whether a place is booked").filter(resource=row, stage__in=UPCOMING)
    held = held.filter(ends__gt=timezone.now()).order_by("starts")
    if held.filter(place__gt=row.places).exists():
        words = _("More places are booked than this leaves. Call those bookings off first.")
        raise Refused("places_taken", words, field="capacity")
    larger = held.filter(people__gt=row.capacity) if row.kind == ResourceKind.ROOM else held.none()
    if first := larger.first():
        said = {"n": larger.count(), "people": first.people, "time": span_words(first.starts, first.ends, row)}
        words = _("%(n)d bookings are for more people, such as %(time)s for %(people)d. Call those bookings off first.")
        raise Refused("places_taken", words % said, field="capacity")


def lock_in_use(resource: Resource, actor: Actor) -> Resource:
    """Lock a resource that is in use, for its operator. Raises Forbidden; Refused: retired, gone."""
    row = lock_row(resource)
    permit_keeping(actor, row)
    if row.retired_at is not None:
        raise Refused("retired", _("This resource is out of use. Add a new one."))
    return row


def apply_rules(row: Resource, given: dict[str, Any]) -> None:
    """Write checked values into a resource. Raises Refused and TypeError as ``create_resource`` does."""
    if unknown := set(given) - set(RULES) - TEXTS - OTHERS:
        raise TypeError(f"a resource has no {', '.join(sorted(unknown))} to set")
    if "name" in given:
        given = given | check_texts(name=given["name"])
    check_choices(given)
    check_numbers(given)
    if "training" in given:
        check_training(row, given["training"])
    if "features" in given:
        given = given | {"features": check_features(given["features"])}
    for name in TEXTS & set(given):
        given = given | {name: given[name].strip()}
    for name, value in given.items():
        setattr(row, name, value)
    row.places = row.capacity if row.kind in SHARED else 1


def check_choices(given: dict[str, Any]) -> None:
    """Let kinds and audiences through that there are. Raises Refused: no_kind (kind), no_audience (audience)."""
    if "kind" in given and given["kind"] not in ResourceKind.values:
        raise Refused("no_kind", _("Choose what kind of resource it is."), field="kind")
    if "audience" in given and given["audience"] not in Audience.values:
        raise Refused("no_audience", _("Choose to whom the resource is open."), field="audience")


def check_numbers(given: dict[str, Any]) -> None:
    """Hold numbers and the price in their ranges. Raises Refused: out_of_range (the field)."""
    for name, (least, most) in RULES.items():
        value = given.get(name)
        if name not in given or (value is None and name in MAY_BE_EMPTY):
            continue
        if not isinstance(value, int) or not least <= value <= most:
            words = _("Give a number from %(least)d to %(most)d.") % {"least": least, "most": most}
            raise Refused("out_of_range", words, field=name)
    price = given.get("price_per_hour")
    if price is not None:
        if not 0 <= price <= DEAREST:
            words = _("Give a price from 0 to 1,000,000 yuan.")
            raise Refused("out_of_range", words, field="price_per_hour")
        given["price_per_hour"] = yuan(price)


def check_training(row: Resource, training: Any) -> None:
    """Let no training through but the operator's own. Raises Refused: no_training (training)."""
    if training is not None and training.organization_id != row.venue.organization_id:
        raise Refused("no_training", _("Choose a training that your organisation gives."), field="training")


def check_features(words: list[str]) -> list[str]:
    """Return equipment in words, each once. Raises Refused: too_many_features (features)."""
    found = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(found) > MOST_FEATURES or any(len(word) > LONGEST_FEATURE for word in found):
        raise Refused(
            "too_many_features", _("Give at most 20 pieces of equipment of 30 characters each."), field="features"
        )
    return found
