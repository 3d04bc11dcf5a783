"""What must not be forgotten: checks over all models and declarations, at every start and in the tests.

A column that leads to a person is in the map of personal data or kept as a number for a reason; a model that
refuses to be read without a scope has one; an act on the record has words. They are system checks of Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models

from chuangbao.core.access.row_access import SCOPES
from chuangbao.core.access.scoped_rows import ScopedQuerySet
from chuangbao.core.contexts import list_notice_groups
from chuangbao.core.declarations import look_at_declarations
from chuangbao.core.messaging.notifications import EVENTS
from chuangbao.core.privacy import HOLDINGS, KEPT_AS_NUMBER, PERSONAL_MODELS
from chuangbao.core.storage.encryption import EncryptedTextField

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["claims", "columns_about_people", "look_for_gaps", "require_completeness"]

PERSONAL_FIELDS = (models.EmailField, models.GenericIPAddressField, EncryptedTextField)
"""Kinds of columns that hold personal data wherever they are."""


@register("personal_data")
def look_for_gaps(**_: Any) -> list[CheckMessage]:
    """Return everything that was forgotten."""
    return [*gaps_in_the_map(), *models_without_a_scope(), *events_without_a_group(), *look_at_declarations()]


def require_completeness() -> None:
    """Raise ImproperlyConfigured, with every gap, where something was forgotten."""
    found = look_for_gaps()
    if found:
        raise ImproperlyConfigured("\n".join(f"{message.id}: {message.msg} {message.hint}" for message in found))


def columns_about_people() -> set[str]:
    """Return every column that leads to a person or holds personal data by its kind, as ``app.Model.field``."""
    roots = {settings.AUTH_USER_MODEL, *PERSONAL_MODELS}
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.Field) and leads_to_a_person(field, roots)
    }


def leads_to_a_person(field: models.Field[Any, Any], roots: set[str]) -> bool:
    """Whether a column points to one of the roots, or is of a kind that holds personal data."""
    if field.is_relation:
        target = field.related_model
        return isinstance(target, type) and target._meta.label in roots
    return isinstance(field, PERSONAL_FIELDS)


def claims() -> dict[str, list[str]]:
    """Return for each column who accounts for it: entries of the map, or ``kept as a number``."""
    found: dict[str, list[str]] = {column: ["kept as a number"] for column in KEPT_AS_NUMBER}
    for name, holding in HOLDINGS.items():
        for column in holding.covers:
            found.setdefault(column, []).append(name)
    return found


def gaps_in_the_map() -> Iterator[CheckMessage]:
    """Name the columns that none or more than one accounts for, and claims on columns that do not exist."""
    claimed, known = claims(), columns_about_people()
    for column in sorted(known - set(claimed)):
        yield Error(
            f"{column} leads to a person and is not in the map of personal data.",
            hint="Name it in `covers` of a Holding, or in keep_as_number with the reason.",
            id="chuangbao.E020",
        )
    for column, by in sorted(claimed.items()):
        if len(by) > 1:
            yield Error(f"{column} is accounted for twice: {', '.join(by)}.", hint="Leave one.", id="chuangbao.E021")
        if not exists(column):
            yield Error(f"{column} does not exist.", hint="Correct the map of personal data.", id="chuangbao.E022")


def exists(column: str) -> bool:
    """Whether there is such a column."""
    label, _, name = column.rpartition(".")
    try:
        apps.get_model(label)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return False
    return True


def models_without_a_scope() -> Iterator[CheckMessage]:
    """Name the models that refuse to be read without a scope and have none."""
    for model in apps.get_models():
        if isinstance(model._default_manager.all(), ScopedQuerySet) and model not in SCOPES:
            yield Error(
                f"{model._meta.label} has no scope.",
                hint="Say with @scope what an actor may see of it.",
                id="chuangbao.E023",
            )


def events_without_a_group() -> Iterator[CheckMessage]:
    """Name the events whose group no context declares: no one could choose how to hear of them."""
    groups = list_notice_groups()
    for event in EVENTS.values():
        if event.group not in groups:
            yield Error(
                f"{event.name} is of the group {event.group}, which no context declares.",
                hint="Name it in `notice_groups` of a Context, or take one that is there.",
                id="chuangbao.E024",
            )
