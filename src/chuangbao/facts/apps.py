"""Facts as a Django application."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """What is known of whom, since when and from where."""

    name = "chuangbao.facts"
    label = "facts"

    def ready(self) -> None:
        """Register what each actor may see."""
        from chuangbao.facts import scopes  # noqa: F401 - registers itself; the models must be loaded first
