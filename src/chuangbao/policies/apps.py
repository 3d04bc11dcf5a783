"""The policy library as a Django application."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """Documents, clauses, measures and the search over them."""

    name = "chuangbao.policies"
    label = "policies"

    def ready(self) -> None:
        """Register what each actor may see, and lay the register over the pack."""
        from chuangbao.core.engine.current import sources
        from chuangbao.policies import desk, personal, proposals, scopes  # noqa: F401 - register themselves; the models must be loaded first
        from chuangbao.policies.domain import batches, bringing, simulate  # noqa: F401 - declares its work to the worker
        from chuangbao.policies.domain.known import known_people
        from chuangbao.policies.domain.overlay import Register
        from chuangbao.policies.domain.runs import working  # noqa: F401 - the worker finds it by its name
        from chuangbao.policies.domain.telling import watchers
        from chuangbao.policies.events import declare

        declare()
        watchers.append(known_people)
        sources.append(Register())
