"""The roof as a Django application."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages that belong to no context: home, map, workbench, design, errors, files for devices, the demonstration."""

    name = "chuangbao.portal"
    label = "roof"
    """The label ``portal`` is that of the check-up's tables; the roof has none."""
