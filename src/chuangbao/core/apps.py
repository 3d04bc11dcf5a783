"""What every context stands on, as a Django application."""

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Regions, transitions, history, files, notices and jobs."""

    name = "chuangbao.core"
    label = "core"

    def ready(self) -> None:
        """Register what each actor may see, and have Django look at the environment wherever it checks itself."""
        from chuangbao.config import checks  # noqa: F401 - registers itself

        # they register; the models come first
        for name in ("completeness", "access.scopes", "storage.quarantine", "workflow.proposals"):
            import_module(f"chuangbao.core.{name}")
