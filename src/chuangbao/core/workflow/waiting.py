"""Waiting in line (排队候补): what becomes free is offered to the next in line for a term, then to the one after.

One service for rooms, courses and events. A context derives its places from ``PlaceInLine``, gives them the moves of
``line_moves``, and calls ``offer_next`` under its own lock when something becomes free; what is held for whom, and
who may still have it, is the context's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.workflow.transitions import Life, Move, State, transition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from chuangbao.core.workflow.transitions import Predicate, Teller

__all__ = ["IN_LINE", "PlaceInLine", "WaitingStage", "line_moves", "offer_next", "order_line", "stand_before"]


class WaitingStage(State):
    """Where a place in line is (候补状态)."""

    WAITING = "waiting", _("Waits in line")  # 排队中
    OFFERED = "offered", _("Offered, to be accepted")  # 待接受
    ACCEPTED = "accepted", _("Offer accepted")  # 已接受
    TURNED_DOWN = "turned_down", _("Offer turned down")  # 已放弃
    LAPSED = "lapsed", _("Not accepted in time")  # 逾期未接受
    LEFT = "left", _("Left the line")  # 已退出排队


IN_LINE = (WaitingStage.WAITING, WaitingStage.OFFERED)
"""Stages of a place that counts."""
ORDER = ("-priority", "joined_at", "pk")


class PlaceInLine(models.Model):
    """A person waits for something (候补): first come, first served, unless ``priority`` puts a person ahead.

    ``priority`` is raised only with a reason on the record; ``offer_until`` is until when an offer can be accepted.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    stage = models.CharField(max_length=12, choices=WaitingStage.choices, default=WaitingStage.WAITING)
    priority = models.PositiveSmallIntegerField(default=0)
    joined_at = models.DateTimeField(default=timezone.now)
    offer_until = models.DateTimeField(null=True)

    class Meta:
        """Models inherit it."""

        abstract = True


Place = TypeVar("Place", bound=PlaceInLine)


def order_line(rows: QuerySet[Place]) -> QuerySet[Place]:
    """List who waits, the next one first."""
    return rows.filter(stage=WaitingStage.WAITING).order_by(*ORDER)


def stand_before() -> Q:
    """Those who stand in line before the row of an outer query."""
    earlier = Q(joined_at__lt=OuterRef("joined_at")) | Q(joined_at=OuterRef("joined_at"), pk__lt=OuterRef("pk"))
    ahead = Q(priority__gt=OuterRef("priority")) | (Q(priority=OuterRef("priority")) & earlier)
    return Q(stage=WaitingStage.WAITING) & ahead


def offer_next(places: Iterable[Place], offer: Callable[[Place], datetime | None], *, most: int) -> list[Place]:
    """Offer to the next in line, in their order, until ``most`` have an offer; those who were offered something.

    ``offer`` holds what is free for one place and returns until when; None where that one cannot have it now, who then
    keeps the place in line. The caller holds the lock of what is offered.
    """
    given: list[Place] = []
    for place in places:
        if len(given) >= most:
            break
        until = offer(place)
        if until is not None:
            place.offer_until = until
            place.save(update_fields=["offer_until"])
            given.append(transition(place, "offer", actor=SYSTEM))
    return given


def line_moves(*, own: Predicate, system: Predicate, tells: Callable[[str], Teller]) -> Life:
    """Make the moves of a place in line: ``own`` is whose place it is, ``tells`` makes what notifies them of a verb."""
    waiting, offered = WaitingStage.WAITING, WaitingStage.OFFERED
    return Life(
        Move("offer", waiting >> offered, who=system, label=_("Offer it to the next in line"), tells=tells("offer")),
        Move("accept", offered >> WaitingStage.ACCEPTED, who=own, label=_("Accept the offer")),
        Move("turn_down", offered >> WaitingStage.TURNED_DOWN, who=own, label=_("Turn the offer down")),
        Move("leave", waiting >> WaitingStage.LEFT, who=own, label=_("Leave the line")),
        Move(
            "lapse",
            waiting.or_(offered) >> WaitingStage.LAPSED,
            who=system,
            label=_("Let a term pass"),
            tells=tells("lapse"),
        ),
        Move("return", offered >> waiting, who=system, label=_("Put back into line")),
    )
