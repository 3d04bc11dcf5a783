"""Plans as a Django application."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Plans (平面图)."""

    name = "chuangbao.plans"
    label = "plans"
