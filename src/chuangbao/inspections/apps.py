"""Inspections as a Django application."""

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    """Guidance and inspections (指导与检查)."""

    name = "chuangbao.inspections"
    label = "inspections"
