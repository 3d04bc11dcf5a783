"""Spaces as a Django application."""

from django.apps import AppConfig


class SpacesConfig(AppConfig):
    """Spaces (众创空间)."""

    name = "chuangbao.spaces"
    label = "spaces"
