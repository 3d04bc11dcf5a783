"""Subscribing (订阅) to a theme, a department, a document, a clause or a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.models import Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chuangbao.core.access.actors import Actor

__all__ = ["subscribe", "subscribers", "unsubscribe"]


OWN = "one's own"


@transaction.atomic
def subscribe(*, topic: str, value: str, actor: Actor) -> Subscription:
    """Subscribe a person to a topic; twice is once.

    Raises PermissionDenied without a person; Refused: unknown_topic (field ``value``).
    """
    if actor.person_id is None:
        raise PermissionDenied
    if value not in list_topics(topic):
        raise Refused("unknown_topic", _("There is nothing of this name to subscribe to."), field="value")
    found, _new = unscoped(Subscription, because=OWN).get_or_create(person_id=actor.person_id, topic=topic, value=value)
    return found


def list_topics(topic: str) -> Iterable[str]:
    """What can be subscribed to."""
    pack = current_pack()
    listed = {Subscription.Topic.THEME: "theme", Subscription.Topic.DEPARTMENT: "department"}.get(topic)  # type: ignore[call-overload] # a text that is none of them gives none
    if listed:
        codes = pack.codes.get(listed)
        return codes.by_code if codes else ()
    return {
        "document": pack.documents,
        "measure": pack.measures,
        "clause": {clause.id for document in pack.documents.values() for clause in document.clauses},
    }.get(topic, ())


@transaction.atomic
def unsubscribe(*, topic: str, value: str, actor: Actor) -> None:
    """End a subscription; no error where there is none.

    Raises PermissionDenied without a person.
    """
    if actor.person_id is None:
        raise PermissionDenied
    unscoped(Subscription, because=OWN).filter(person=actor.person_id, topic=topic, value=value).delete()


def subscribers(topics: Mapping[str, Iterable[str]]) -> list[int]:
    """Everybody who wants to hear of one of the topics, once."""
    wanted = Q(pk__in=[])
    for topic, values in topics.items():
        wanted |= Q(topic=topic, value__in=list(values))
    return sorted(
        set(unscoped(Subscription, because="whom to tell").filter(wanted).values_list("person_id", flat=True))
    )
