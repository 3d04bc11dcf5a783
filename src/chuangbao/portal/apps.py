"""The portal as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Templates, static files and pages that every visitor meets."""

    name = "chuangbao.portal"
    label = "portal"
