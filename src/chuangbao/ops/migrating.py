"""All migrations, in a time that grows with their number and not with its square."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db.migrations.state import ProjectState

from chuangbao.ops.schema_state import settle_before_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["migrate", "reload_only_what_changed"]

FINDING = "_find_reload_model"
"""What Django's state of a project asks for the models to build again (5.2)."""


def migrate() -> None:
    """Bring the database to the newest migration of this program."""
    with settle_before_changes(), reload_only_what_changed():
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def reload_only_what_changed() -> Iterator[None]:
    """Build only the model that an operation changes, instead of every model that is related to it.

    Django builds all of them after each operation, and here nearly every model is related to persons, organisations
    and regions: a new database took 31 s of processor time for 142 migrations, of which 26 went into that. What
    changes the tables needs columns and keys alone; code of a migration (``RunPython``) gets every model built again
    before it runs, as Django does for changes that it puts off itself (``is_delayed``).
    """
    find_related = getattr(ProjectState, FINDING)
    setattr(ProjectState, FINDING, find_changed)
    try:
        yield
    finally:
        setattr(ProjectState, FINDING, find_related)


def find_changed(state: ProjectState, app_label: str, model_name: str, *_delay: bool) -> set[tuple[str, str]]:
    """Name the changed model alone, and remember that the others are older than it."""
    state.is_delayed = True
    return {(app_label, model_name)}
