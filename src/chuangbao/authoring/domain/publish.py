"""Publishing and retiring a version: the predecessor ends the day before, and no day has two."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.drafts import digest
from chuangbao.authoring.domain.hands import end_text, publish_row, refuse_inverted
from chuangbao.authoring.domain.listing import list_measure
from chuangbao.authoring.domain.telling import on_version
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row, transition
from chuangbao.policies.domain.overlay import move_stamp
from chuangbao.policies.domain.texts import period_of
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure
from chuangbao.rules.writing import put_period, split_versions

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.core.models import Proposal

__all__ = ["AS_WRITTEN", "corrected_by", "publish_version", "retire_version"]

PUBLISHED = (Stage.IN_FORCE, Stage.RETIRED)
ONE_DAY = timedelta(days=1)


class _AsWritten(Enum):
    """Placeholder for the day that the text says."""

    DAY = "as written"


AS_WRITTEN = _AsWritten.DAY
ONE_LINE = "a measure has one line of versions, whoever wrote them"


@transaction.atomic
def publish_version(
    *,
    version: MeasureVersion,
    actor: Actor,
    valid_from: date | None = None,
    valid_to: date | _AsWritten | None = AS_WRITTEN,
    reason: str = "",
    seen: int | None = None,
) -> MeasureVersion:
    """Put a reviewed version into force for the days that its text says (发布), both included.

    The reviewer may confirm other days; the text then says those, so that register row and text stay one truth.
    The version before ends the day before. ``reason`` answers what speaks against the text; it stays on the record;
    ``seen`` is the revision that the reviewer has read.

    A text with the name of the version that it is based on corrects that one in place (更正): it holds for the same
    days, the wrong text leaves the register, and ``reason`` says what was wrong.

    Raises Refused: valid_from_needed, not_readable, end_before_start (valid_to), changed, overlap (valid_from),
    name_taken, other_days (valid_from), reason_needed (reason), what speaks against the text (see ``guards``), and
    what the transition refuses.
    """
    RegisteredMeasure.objects.select_for_update().get(pk=version.measure_id)  # two versions wait for each other
    version = lock_row(version)
    written = period_of(version.content)
    start = valid_from or written[0]
    end = written[1] if isinstance(valid_to, _AsWritten) else valid_to
    if start is None:
        raise Refused("valid_from_needed", _("Please fill this in."), field="valid_from")
    content = write_days(version.content, start, end)
    refuse_inverted(start, end)
    is_correction = make_room(version, start, end, reason=reason, actor=actor)
    fresh = publish_row(
        version,
        valid_from=start,
        valid_to=end,
        actor=actor,
        reason=reason,
        seen=seen,
        content=content,
        content_hash=digest(content),
    )
    if content != version.content:
        record(actor, "set_period", fresh, data={"from": str(start), "to": str(end or "")})
    RegisteredMeasure.objects.filter(pk=version.measure_id).update(head=split_versions(fresh.content)[0])
    move_stamp()
    list_measure(fresh.measure)
    event = "policies.rule_corrected" if is_correction else "policies.published"
    on_version(fresh, event=event, day=start, actor=actor, reason=reason)
    return fresh


def make_room(version: MeasureVersion, start: date, end: date | None, *, reason: str, actor: Actor) -> bool:
    """End the version before, or take the wrong one away; return whether the text is a correction.

    Raises Refused as ``refuse_taken``, ``end_predecessor`` and ``replace_wrong`` do.
    """
    wrong = corrected_by(version)
    if wrong is None:
        refuse_taken(version)
        end_predecessor(version, start, end)
        return False
    replace_wrong(wrong, start, end, reason=reason, actor=actor)
    return True


def corrected_by(version: MeasureVersion) -> MeasureVersion | None:
    """The published version that a text corrects in place: the one that it is based on, where it kept its name."""
    before = version.based_on
    is_correction = before is not None and before.stage in PUBLISHED and version.name == before.name != ""
    return before if is_correction else None


def replace_wrong(wrong: MeasureVersion, start: date, end: date | None, *, reason: str, actor: Actor) -> None:
    """Take a wrong version out of the register, for another text of the very same days.

    Raises Refused(other_days) for other days than those of the wrong one, Refused(reason_needed) without a reason.
    """
    if (start, end) != (wrong.valid_from, wrong.valid_to):
        first, last = (day_words(day) if day else "—" for day in (wrong.valid_from, wrong.valid_to))
        days = {"start": first, "end": last}
        message = _("A correction holds for the days of the version that was wrong: %(start)s to %(end)s.") % days
        field = "valid_from" if start != wrong.valid_from else "valid_to"
        raise Refused("other_days", message, field=field)
    if not reason.strip():
        raise Refused("reason_needed", _("Say what was wrong: those who were told so read it."), field="reason")
    transition(wrong, "correct", actor=actor, reason=reason)


def write_days(content: str, start: date | None, end: date | None) -> str:
    """Return the text with the days that are published.

    Raises Refused: not_readable, where it holds no period.
    """
    try:
        return put_period(content, start, end)
    except ValueError as error:
        raise Refused("not_readable", _("The text cannot be read; return it to be mended.")) from error


def refuse_taken(version: MeasureVersion) -> None:
    """Let a name through that no published version has, nor one of the pack that the register lacks.

    Raises Refused(name_taken).
    """
    rows = unscoped(MeasureVersion, because=ONE_LINE).filter(stage__in=PUBLISHED, name=version.name)
    if version.name and (rows.exclude(pk=version.pk).exists() or version.name in current_pack().versions):
        raise Refused("name_taken", _("A published version has this name already: %s") % version.name)


def end_predecessor(version: MeasureVersion, valid_from: date, valid_to: date | None) -> None:
    """End the version before on the day before ``valid_from``.

    Raises Refused: overlap (field ``valid_from``), where another version is in force within the new period.
    """
    others = (
        unscoped(MeasureVersion, because=ONE_LINE)
        .filter(measure=version.measure_id, stage__in=PUBLISHED)
        .exclude(pk=version.pk)
    )
    later = others.filter(valid_from__gte=valid_from)
    if (later if valid_to is None else later.filter(valid_from__lte=valid_to)).exists():
        raise Refused("overlap", _("Another version begins on this day or later."), field="valid_from")
    if others.filter(stage=Stage.RETIRED, valid_to__gte=valid_from).exists():
        raise Refused("overlap", _("The retired version still holds on this day."), field="valid_from")
    before = others.filter(stage=Stage.IN_FORCE).filter(Q(valid_from__isnull=True) | Q(valid_from__lt=valid_from))
    before.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)).update(valid_to=valid_from - ONE_DAY)


@transaction.atomic
def retire_version(*, version: MeasureVersion, proposal: Proposal, actor: Actor) -> MeasureVersion:
    """End a version without a successor, as a colleague proposed (废止)."""
    retired = end_text(version, proposal=proposal, actor=actor)
    move_stamp()
    list_measure(retired.measure)
    on_version(retired, event="policies.ended", day=date.fromisoformat(proposal.data["valid_to"]), actor=actor)
    return retired
