"""Premises as a Django application."""

from django.apps import AppConfig


class PremisesConfig(AppConfig):
    """Premises (住所)."""

    name = "chuangbao.premises"
    label = "premises"
