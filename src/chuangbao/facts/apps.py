"""Facts as a Django application."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """What is known of whom, since when and from where."""

    name = "chuangbao.facts"
    label = "facts"
