"""Facts as a Django application."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """What is known of whom, since when and from where."""

    name = "chuangbao.facts"
    label = "facts"

    def ready(self) -> None:
        """Register what each actor may see, and what waits for them."""
        from chuangbao.facts import desk, personal, readings, scopes  # noqa: F401 - register themselves; the models must be loaded first
