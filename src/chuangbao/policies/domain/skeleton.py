"""The first lines of a measure that an officer begins, and of a revision of a version in force."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from chuangbao.core.access import permit
from chuangbao.core.refusals import Refused
from chuangbao.core.scope import unscoped
from chuangbao.policies.domain.departments import aliases, named
from chuangbao.policies.domain.drafts import begin_draft, register_measure
from chuangbao.policies.domain.exchange import load_measure
from chuangbao.policies.domain.overlay import OLDEST_FIRST, PUBLIC
from chuangbao.policies.domain.registry import current_pack
from chuangbao.policies.models import MeasureVersion, RegisteredMeasure
from chuangbao.policies.permissions import may_draft
from chuangbao.policies.states import Stage
from chuangbao.rules.writing import dump, put_period, put_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chuangbao.core.actors import Actor
    from chuangbao.rules.model import Measure

__all__ = ["begin_measure", "begin_revision"]


@transaction.atomic
def begin_measure(*, values: dict[str, str], valid_from: date, actor: Actor) -> MeasureVersion:
    """A measure that is not in the library yet, as a first draft on its clause."""
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
        "clauses": [values["clause"]], "themes": listed("theme", {values["kind"]}),
        "departments": listed("department", aliases(actor.department)),
        "versions": [
            {
                "version": f"{values['ref']}-{valid_from.year}", "title": title,
                "valid": {"from": valid_from, "to": None}, "clause": values["clause"], "confirmed": True,
                "conditions": [], "benefit": {"kind": values["kind"], "unit": "none"}, "examples": [],
            }
        ],
    }  # fmt: skip
    return dump(measure)


def listed(name: str, words: Iterable[str]) -> list[str]:
    """The codes of a list of the pack that are among some words."""
    codes = current_pack().codes[name].by_code if name in current_pack().codes else {}
    return sorted(codes.keys() & set(words))


@transaction.atomic
def begin_revision(*, ref: str, day: date, actor: Actor) -> MeasureVersion:
    """A draft from the version in force on a day (修订); a measure of the files enters the register first."""
    measure = current_pack().measures.get(ref)
    if measure is None:
        raise Refused("no_measure", _("There is no such measure."))
    row = in_register(measure, actor)
    permit(may_draft, actor=actor, row=row)
    versions = unscoped(MeasureVersion, because=PUBLIC).filter(measure=row, stage=Stage.IN_FORCE)
    before = (
        versions.exclude(valid_from__gt=day).order_by(OLDEST_FIRST).last() or versions.order_by(OLDEST_FIRST).last()
    )
    if before is None:
        raise Refused("no_version", _("No version of this measure is in force."))
    text = put_period(before.content, day + timedelta(days=1), None)
    return begin_draft(
        measure=row, content=put_value(text, "version", f"{before.name}-{day:%Y%m%d}"), actor=actor, based_on=before
    )


def in_register(measure: Measure, actor: Actor) -> RegisteredMeasure:
    """The measure's row; one that comes from the files is given to the officer's department if it names it."""
    row = RegisteredMeasure.objects.filter(ref=measure.id).first()
    if row is not None and row.versions.exists():
        return row
    if measure.departments and not named(actor.department, measure.departments):
        raise Refused("other_department", _("This measure belongs to another department."))
    found = load_measure(pack=current_pack(), measure=measure)
    if found.conflicts:
        raise Refused("conflict", _("The files and the register differ on this measure; an operator must settle it."))
    row = RegisteredMeasure.objects.get(ref=measure.id)
    row.department = actor.department
    row.save(update_fields=["department"])
    row.versions.update(department=actor.department)
    return row
