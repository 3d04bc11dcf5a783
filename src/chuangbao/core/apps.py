"""The ground floor of every context, as a Django application."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Regions, transitions, history, files, notices and jobs."""

    name = "chuangbao.core"
    label = "core"

    def ready(self) -> None:
        """Have Django look at the environment wherever it checks itself, and find every ``context.py``."""
        from chuangbao.config import checks  # noqa: F401 - registers itself
        from chuangbao.core.contexts import load_contexts

        load_contexts()
