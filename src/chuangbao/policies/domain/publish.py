"""Publishing and retiring a version: the predecessor ends the day before, and no day has two."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.core.refusals import Refused
from chuangbao.core.scope import unscoped
from chuangbao.policies.domain.hands import ended, published
from chuangbao.policies.domain.listing import list_measure
from chuangbao.policies.domain.overlay import move_stamp
from chuangbao.policies.domain.registry import current_pack
from chuangbao.policies.domain.telling import on_version
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure
from chuangbao.policies.states import Stage
from chuangbao.rules.writing import split_versions

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.actors import Actor

__all__ = ["publish_version", "retire_version"]

PUBLISHED = (Stage.IN_FORCE, Stage.RETIRED)
ONE_LINE = "a measure has one line of versions, whoever wrote them"


@transaction.atomic
def publish_version(*, version: MeasureVersion, valid_from: date, actor: Actor) -> MeasureVersion:
    """Put a reviewed version into force from a day on."""
    RegisteredMeasure.objects.select_for_update().get(pk=version.measure_id)  # two versions wait for each other
    end_predecessor(version, valid_from)
    fresh = published(version, valid_from=valid_from, actor=actor)
    if fresh.name and taken(fresh):
        raise Refused("name_taken", _("A published version has this name already: %s") % fresh.name)
    RegisteredMeasure.objects.filter(pk=version.measure_id).update(head=split_versions(fresh.content)[0])
    move_stamp()
    list_measure(fresh.measure)
    on_version(fresh, event="policies.published", day=valid_from, actor=actor)
    return fresh


def taken(version: MeasureVersion) -> bool:
    """Whether another published version goes by the same name; also one of the pack that the register lacks."""
    rows = (
        unscoped(MeasureVersion, because=ONE_LINE).filter(stage__in=PUBLISHED, name=version.name).exclude(pk=version.pk)
    )
    return rows.exists() or version.name in current_pack().versions


def end_predecessor(version: MeasureVersion, valid_from: date) -> None:
    """The version before ends the day before; one that begins on the day or later is an overlap."""
    others = (
        unscoped(MeasureVersion, because=ONE_LINE)
        .filter(measure=version.measure_id, stage__in=PUBLISHED)
        .exclude(pk=version.pk)
    )
    if others.filter(valid_from__gte=valid_from).exists():
        raise Refused("overlap", _("A version that begins on this day or later stands already."), field="valid_from")
    if others.filter(stage=Stage.RETIRED, valid_to__gte=valid_from).exists():
        raise Refused("overlap", _("The retired version still holds on this day."), field="valid_from")
    others.filter(stage=Stage.IN_FORCE, valid_to__isnull=True).update(valid_to=valid_from - timedelta(days=1))
    others.filter(stage=Stage.IN_FORCE, valid_to__gte=valid_from).update(valid_to=valid_from - timedelta(days=1))


@transaction.atomic
def retire_version(*, version: MeasureVersion, valid_to: date, reason: str, actor: Actor) -> MeasureVersion:
    """End a version without a successor (废止)."""
    retired = ended(version, valid_to=valid_to, reason=reason, actor=actor)
    move_stamp()
    list_measure(retired.measure)
    on_version(retired, event="policies.ended", day=valid_to, actor=actor)
    return retired
