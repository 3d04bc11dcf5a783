"""The first lines of a measure that an officer begins, and of a revision of a version in force."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from chuangbao.authoring.domain.drafts import begin_draft, register_measure
from chuangbao.authoring.domain.exchange import load_measure
from chuangbao.authoring.permissions import may_draft
from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.departments import aliases, is_named_in
from chuangbao.policies.domain.overlay import OLDEST_FIRST, PUBLIC
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure
from chuangbao.rules.writing import dump, put_period, put_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.rules.model import Measure

__all__ = ["begin_correction", "begin_measure", "begin_revision", "revisable"]


@transaction.atomic
def begin_measure(*, values: dict[str, str], valid_from: date, actor: Actor) -> MeasureVersion:
    """Begin a measure that is not in the library yet, as a first draft on its clause.

    Raises Refused: ref_taken (field ``ref``), and as ``begin_draft`` does.
    """
    ref = values["ref"]
    if ref in current_pack().measures or RegisteredMeasure.objects.filter(ref=ref).exists():
        raise Refused("ref_taken", _("Another measure has this short name. Choose another."), field="ref")
    measure = register_measure(ref=ref, region=actor.region, department=actor.department, actor=actor)
    return begin_draft(measure=measure, content=first_text(values, valid_from, actor), actor=actor)


def first_text(values: dict[str, str], valid_from: date, actor: Actor) -> str:
    """The text of a new measure: readable from the start, with nothing decided yet."""
    title = {"zh": values["title"], "en": values.get("title_en") or values["title"]}
    measure = {
        "id": values["ref"], "title": title, "subject": values["subject"], "region": actor.region,
        "clauses": [values["clause"]], "themes": pick_codes("theme", {values["kind"]}),
        "departments": pick_codes("department", aliases(actor.department)),
        "versions": [
            {
                "version": f"{values['ref']}-{valid_from.year}", "title": title,
                "valid": {"from": valid_from, "to": None}, "clause": values["clause"], "confirmed": True,
                "conditions": [], "benefit": {"kind": values["kind"], "unit": "none"}, "examples": [],
            }
        ],
    }  # fmt: skip
    return dump(measure)


def pick_codes(name: str, words: Iterable[str]) -> list[str]:
    """The codes of a list of the pack that are among some words."""
    codes = current_pack().codes[name].by_code if name in current_pack().codes else {}
    return sorted(codes.keys() & set(words))


def revisable(measures: Iterable[Measure], actor: Actor) -> set[str]:
    """The ids of those measures that the officer may begin a revision of (起草修订): only they get the button."""
    wanted = {measure.id: measure for measure in measures}
    known = RegisteredMeasure.objects.filter(ref__in=wanted, versions__isnull=False).distinct()
    rows = {row.ref: row for row in known}
    return {ref for ref, measure in wanted.items() if is_ones_own(measure, rows.get(ref), actor)}


def is_ones_own(measure: Measure, row: RegisteredMeasure | None, actor: Actor) -> bool:
    """Whether a measure, or its row in the register, is of the officer's department and area."""
    if row is not None:
        return may_draft.test(actor, row)
    named_here = not measure.departments or is_named_in(actor.department, measure.departments)
    return may_draft.test(actor) and bool(actor.department) and named_here and actor.covers(measure.region)


@transaction.atomic
def begin_revision(*, ref: str, day: date, actor: Actor) -> MeasureVersion:
    """Begin a draft from the version in force on a day (修订); a measure of the files enters the register first.

    Raises Refused: no_measure, no_version, and as ``enter_register`` does; Forbidden, where the actor may not draft.
    """
    measure = current_pack().measures.get(ref)
    if measure is None:
        raise Refused("no_measure", _("There is no such measure."))
    row = enter_register(measure, actor)
    permit(may_draft, actor=actor, row=row)
    holds = Q(stage=Stage.IN_FORCE) | Q(stage=Stage.RETIRED, valid_to__gt=day)
    versions = unscoped(MeasureVersion, because=PUBLIC).filter(holds, measure=row)
    before = (
        versions.exclude(valid_from__gt=day).order_by(OLDEST_FIRST).last() or versions.order_by(OLDEST_FIRST).last()
    )
    if before is None:
        raise Refused("no_version", _("No version of this measure is in force."))
    last = before.valid_to if before.stage == Stage.RETIRED and before.valid_to else day
    text = put_period(before.content, max(day, last) + timedelta(days=1), None)
    return begin_draft(
        measure=row, content=put_value(text, "version", f"{before.name}-{day:%Y%m%d}"), actor=actor, based_on=before
    )


@transaction.atomic
def begin_correction(*, version: MeasureVersion, actor: Actor) -> MeasureVersion:
    """A draft that corrects a published version in place (更正): its text, its name and its days.

    Raises Refused(not_published) for a text that is not, Refused(no_first_day) for one without a first day.
    """
    if version.stage not in {Stage.IN_FORCE, Stage.RETIRED}:
        raise Refused("not_published", _("Only a published version is corrected; this one is written on."))
    if version.valid_from is None:
        raise Refused("no_first_day", _("This version has no first day. Write a revision that begins on a day."))
    content = put_period(version.content, version.valid_from, version.valid_to)
    return begin_draft(measure=version.measure, content=content, actor=actor, based_on=version)


def enter_register(measure: Measure, actor: Actor) -> RegisteredMeasure:
    """Return the measure's row; one that comes from the files is given to the officer's department if it names it.

    Raises Refused: other_department, outside_area, conflict (the files and the register differ).
    """
    row = RegisteredMeasure.objects.filter(ref=measure.id).first()
    if row is not None and row.versions.exists():
        return row
    if measure.departments and not is_named_in(actor.department, measure.departments):
        raise Refused("other_department", _("This measure belongs to another department."))
    if not actor.covers(measure.region):
        raise Refused("outside_area", _("This measure is of another area."))
    found = load_measure(pack=current_pack(), measure=measure)
    if found.conflicts:
        raise Refused("conflict", _("The files and the register differ on this measure; an operator must settle it."))
    row = RegisteredMeasure.objects.get(ref=measure.id)
    row.department = actor.department
    row.save(update_fields=["department"])
    row.versions.update(department=actor.department)
    return row
