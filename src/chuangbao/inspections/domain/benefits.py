"""What a tenant of a space gets (入驻可享政策): measures that hold for a young small firm there, by the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.rules.answers import Status

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Measure, Version
    from chuangbao.spaces.models import Space

__all__ = ["AVERAGE", "Benefit", "list_benefits"]

THEME, CARRIER, ENTERPRISE = "space", "makerspace", "enterprise"
AVERAGE: dict[str, object] = {
    "is_resident_enterprise": True,
    "restricted_industry": False,
    "is_micro_small": True,
    "is_legal_person": True,
    "is_small_scale": True,
    "firm_age_years": 1,
    "host_consents": True,
    "needs_own_premises": False,
    "business_active": True,
    "on_bad_list": False,
    "dishonest_firm": False,
    "is_listed": False,
    "is_sole": False,
    "startup_or_ecommerce": True,
    "employees_avg": 8,
    "assets_avg": 1_000_000,
    "taxable_income": 100_000,
    "vat_quarterly": True,
    "quarter_sales": 200_000,
}
"""A young small firm in a space as an example; its figures are said on the page."""


@dataclass(frozen=True, slots=True)
class Benefit:
    """A measure with what the rules say of the example firm."""

    measure: Measure
    version: Version
    answer: Answer

    @property
    def until(self) -> date | None:
        """The last day on which the version is in force; None where it has none."""
        return self.version.valid_to


def list_benefits(space: Space) -> tuple[list[Benefit], list[Benefit]]:
    """Return the measures that hold for the example firm in a space, and those about spaces that may.

    Measures for the operators of spaces are left out.
    """
    day, pack, engine = timezone.localdate(), current_pack(), current_engine()
    facts = {name: value for name, value in AVERAGE.items() if name in pack.facts}
    if "registered_on" in pack.facts:
        facts["registered_on"] = day - relativedelta(years=1)
    answers = engine.judge_all(engine.profile(facts, as_of=day, region=space.region_id))
    holds, may = [], []
    for answer in answers:
        measure = pack.measures[answer.measure]
        version = measure.version_at(day)
        if measure.subject != ENTERPRISE or version is None or measure.audience == (CARRIER,):
            continue
        if answer.status == Status.ELIGIBLE:
            holds.append(Benefit(measure, version, answer))
        elif answer.status == Status.UNDETERMINED and THEME in measure.themes:
            may.append(Benefit(measure, version, answer))
    return holds, may
