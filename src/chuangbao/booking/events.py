"""What people are told of booking, and the words of what was done on the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs

__all__: list[str] = []

name_verbs(
    booking__create_venue=_("Registered a venue"),
    booking__update_venue=_("Changed a venue"),
    booking__close_venue=_("Closed a venue"),
    booking__create_resource=_("Added a resource"),
    booking__update_resource=_("Changed a resource"),
    booking__retire_resource=_("Took a resource out of use"),
)
name_kinds(
    booking__venue=Kind(_("Venue"), ("name",)),
    booking__resource=Kind(_("Resource"), ("name",)),
    booking__trainingkind=Kind(_("Safety training"), ("name",)),
)
