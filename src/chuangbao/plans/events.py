"""The words of what was done with plans, on the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs

__all__: list[str] = []

name_verbs(
    plans__create_floor=_("Added a floor"),
    plans__update_floor=_("Changed a floor"),
    plans__remove_floor=_("Removed a floor"),
    plans__add_shapes=_("Drew on a floor"),
    plans__update_shape=_("Changed a shape on a floor"),
    plans__remove_shape=_("Removed a shape from a floor"),
    plans__restore_shape=_("Put a shape back on a floor"),
    plans__move_shapes=_("Moved shapes on a floor"),
    plans__put_picture=_("Put a picture behind a floor"),
    plans__scale_picture=_("Gave a picture its scale"),
    plans__remove_picture=_("Took the picture from a floor"),
)
name_kinds(plans__floor=Kind(_("Floor of a venue"), ("name",)))
