"""The design system as a Django application."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags and static files that every context builds its pages from; no models."""

    name = "chuangbao.ui"
    label = "ui"
