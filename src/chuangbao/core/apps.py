"""What every context stands on, as a Django application."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Regions, transitions, history, files, notices and jobs."""

    name = "chuangbao.core"
    label = "core"
