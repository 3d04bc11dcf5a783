"""The design system as a Django application."""

from typing import Any, cast

from django.apps import AppConfig
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Templates, tags and static files that every context builds its pages from; no models."""

    name = "chuangbao.ui"
    label = "ui"

    def ready(self) -> None:
        """Let a list in which nothing is chosen say so: Django shows nine dashes, which a screen reader spells out."""
        cast("list[Any]", BLANK_CHOICE_DASH)[:] = [("", _("Nothing chosen"))]
