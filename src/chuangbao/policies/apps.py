"""The policy library as a Django application."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """Documents, clauses, measures and the search over them."""

    name = "chuangbao.policies"
    label = "policies"

    def ready(self) -> None:
        """Register what each actor may see."""
        from chuangbao.policies import scopes  # noqa: F401 - registers itself; the models must be loaded first
