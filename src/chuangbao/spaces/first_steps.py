"""What an operator sets up after registering a space: point, areas, pictures, opening hours and what can be booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangbao.booking.models import OpeningHours, Resource
from chuangbao.core.access.row_access import visible
from chuangbao.core.onward import SetupStep, add_steps
from chuangbao.spaces.models import Site, SpacePicture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["list_first_steps"]


@add_steps("spaces.space")
def list_first_steps(actor: Actor, space: Space) -> Iterator[SetupStep]:
    """List the steps at the main site of a space; the venue of the site has its hours and resources."""
    hours = OpeningHours.objects.filter(venue=OuterRef("venue"), resource=None).order_by()
    resources = visible(Resource, to=actor).filter(venue=OuterRef("venue")).order_by()
    sites = visible(Site, to=actor).filter(space=space, until=None)
    site = sites.annotate(has_hours=Exists(hours), has_resources=Exists(resources)).first()
    if site is None:
        return
    page = reverse("spaces:site", args=[space.pk, site.pk])
    yield SetupStep(_("Point on the map"), f"{page}#point", bool(site.point))
    yield SetupStep(_("Areas by use"), page, site.total_area is not None)
    pictures = visible(SpacePicture, to=actor).filter(space=space)
    yield SetupStep(_("Pictures of the space"), reverse("spaces:pictures", args=[space.pk]), pictures.exists())
    if site.venue_id is not None:
        yield SetupStep(_("Opening hours"), reverse("booking:hours", args=[site.venue_id]), site.has_hours)
        resource = reverse("booking:new-resource", args=[site.venue_id])
        yield SetupStep(_("Desks, rooms and machines to book"), resource, site.has_resources)
