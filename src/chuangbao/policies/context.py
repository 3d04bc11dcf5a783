"""What the house must know of the library of policies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.contexts import Context, NavItem

__all__ = ["CONTEXT"]

CONTEXT = Context(
    urls={"policies/": "chuangbao.policies.urls"},
    registers=(
        "events",
        "scopes",
        "personal",
        "desk",
        "domain.overlay",  # lays what is published here over the files of the pack
    ),
    navigation=(
        NavItem(_("Policies"), "policies:library", "books", place=30),
        NavItem(_("Import a file"), "policies:import", "file-upload", place=60),
    ),
    notice_groups={"policies": _("Policies that concern me")},
)
