"""The workload in our own language: a pack folder that our loader reads and checks as any other."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

import yaml

from population.facts import CODES, FACTS
from population.measures import (
    Absent,
    AnyOf,
    AtLeast,
    AtMost,
    Bands,
    Between,
    BySize,
    ByTrade,
    Either,
    Interest,
    LoanAtMost,
    MonthsUnder,
    OneOf,
    PerHead,
    Relief,
    RentHelp,
    Share,
    ShareOf,
    Since,
    Truth,
)

if TYPE_CHECKING:
    from pathlib import Path

    from population.facts import FactSpec
    from population.measures import Measure

__all__ = ["write"]

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
REGIONS = """\
code,name,name_en,level,parent,from,to,reports_to,statistical_only,has_code
220000,吉林省,Jilin,province,,,,,no,yes
"""


@singledispatch
def text(part: object) -> str:
    """A condition or an amount as an expression of the language."""
    raise TypeError(part)


text.register(AtLeast, lambda c: f"{c.fact} >= {c.limit}")
text.register(AtMost, lambda c: f"{c.fact} <= {c.limit}")
text.register(Between, lambda c: f"{c.fact} BETWEEN {c.low} AND {c.high}")
text.register(Truth, lambda c: c.fact if c.wanted else f"NOT {c.fact}")
text.register(OneOf, lambda c: f"{c.fact} IN ({quoted(c.codes)})")
text.register(MonthsUnder, lambda c: f"MONTHS_SINCE({c.fact}) < {c.months}")
text.register(Since, lambda c: f"{c.fact} >= DATE '{c.day}'")
text.register(AnyOf, lambda c: f"CONTAINS_ANY(groups, {quoted(c.codes)})")
text.register(ShareOf, lambda c: f"{c.part} >= {c.whole} * {c.share}")
text.register(LoanAtMost, lambda c: f"COALESCE(loan, 0) <= {c.limit}")
text.register(Absent, lambda _: "loan IS NULL")
text.register(
    ByTrade, lambda c: f"staff <= CASE WHEN industry IN ({quoted(c.industries)}) THEN {c.within} ELSE {c.outside} END"
)
text.register(Either, lambda c: f"{c.fact} >= {c.limit} OR {c.truth}")
text.register(PerHead, lambda a: f"{a.fact} * {a.rate}")
text.register(Share, lambda a: f"LEAST({a.fact} * {a.rate}, {a.cap})")
text.register(Relief, lambda a: f"taxable_income * 0.25 - taxable_income * {a.half} * {a.reduced}")
text.register(RentHelp, lambda a: f"LEAST(rent_paid * {a.rate}, floor_area * {a.per_area})")
text.register(BySize, lambda a: f"CASE WHEN scale = '{a.scale}' THEN {a.high} ELSE {a.low} END")
text.register(
    Bands,
    lambda a: (
        f"LEAST(taxable_income, {a.first}) * {a.rate}"
        f" + GREATEST(LEAST(taxable_income, {a.second}) - {a.first}, 0) * {a.next_rate}"
    ),
)
text.register(Interest, lambda a: f"COALESCE(loan, 0) * {a.rate} / 12 * {a.months}")


def quoted(codes: tuple[str, ...]) -> str:
    """Codes of a list."""
    return ", ".join(f"'{code}'" for code in codes)


def write(folder: Path, measures: tuple[Measure, ...]) -> Path:
    """Write the pack."""
    files = {
        "pack.yaml": {"id": "population", "title": {"zh": "演示数据"}, "region": "220000", "seed": ""},
        "codes/lists.yaml": [
            {"list": name, "title": {"zh": name}, "codes": [{"code": c, "zh": c, "en": c} for c in codes]}
            for name, codes in CODES.items()
        ],
        "facts/enterprise.yaml": [declared(fact) for fact in FACTS],
        "measures/all.yaml": [entry(measure) for measure in measures],
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(content, Dumper=DUMPER, allow_unicode=True, sort_keys=False), "utf-8")
    (folder / "regions.csv").write_text(REGIONS, "utf-8")
    return folder


def declared(fact: FactSpec) -> dict[str, object]:
    """A fact of the catalogue."""
    found: dict[str, object] = {"name": fact.name, "subject": "enterprise", "type": fact.type}
    found |= {"label": {"zh": fact.name, "en": fact.name}}
    found |= {"unit": fact.unit} if fact.unit else {}
    found |= {"codes": fact.name} if fact.name in CODES else {}
    found |= {"may_be_absent": True} if fact.may_be_absent else {}
    return found


def entry(measure: Measure) -> dict[str, object]:
    """A measure with one version."""
    named = {"zh": measure.id, "en": measure.id}
    listed = [
        {"id": f"c{index}", "zh": text(c), "en": text(c), "when": text(c)} for index, c in enumerate(measure.conditions)
    ]
    benefit = {"kind": "subsidy", "unit": "CNY", "amount": text(measure.amount)}
    version = {"version": f"{measure.id}-1", "title": named, "conditions": listed, "benefit": benefit}
    return {"id": measure.id, "title": named, "subject": "enterprise", "region": "", "versions": [version]}
