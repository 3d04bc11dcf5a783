"""Read measures: versions, parameters, named conditions, benefit formulas, worked examples."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import check
from chuangbao.rules.catalogue import SUBJECTS, checked, day, expression, one_of, text
from chuangbao.rules.families import read_group, read_tax
from chuangbao.rules.grants import Grant, grant_of, is_decidable
from chuangbao.rules.kinds import KINDS
from chuangbao.rules.model import (
    PERIODS,
    Benefit,
    Check,
    Condition,
    Example,
    Explanation,
    FactType,
    FirstStep,
    Line,
    Measure,
    Paper,
    Version,
)
from chuangbao.rules.parameters import read_parameters
from chuangbao.rules.windows import read_window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Group
    from chuangbao.rules.yamlfile import Map

__all__ = ["KINDS", "read_measure"]

EXPLAINABLE = (  # what the analysis finds
    "both_due", "cliff", "dead_branch", "gap_in_bands", "implied", "impossible_example", "negative_amount", "never",
    "no_amount", "not_decided", "parameter_gap", "past_validity",
)  # fmt: skip
STATUSES = ("eligible", "not_eligible", "undetermined")
Findings = list["Finding"]


def read_measure(
    entry: Map, scope: check.Scope, findings: Findings, groups: Mapping[str, Group] | None = None
) -> Measure:
    """One measure with all its versions; ``groups`` are those that the pack declares."""
    versions = tuple(read_version(v, scope, findings, groups or {}) for v in entry.maps("versions"))
    if not versions:
        findings.append(entry.finding("versions", "versions", "a measure has at least one version"))
    return Measure(
        id=entry.text("id"),
        title=text(entry.get("title")),
        subject=one_of(entry, "subject", SUBJECTS, findings),
        region=entry.text("region"),
        versions=versions,
        clauses=entry.texts("clauses"),
        themes=entry.texts("themes"),
        audience=entry.texts("audience"),
        wants=entry.texts("wants"),
        departments=entry.texts("departments"),
        reach=read_reach(entry, findings),
        model=entry.get("model") is True,
        file=entry.file,
        explained=tuple(read_explanation(e, findings) for e in entry.maps("explained")),
        aliases=entry.texts("aliases"),
    )


def read_explanation(entry: Map, findings: Findings) -> Explanation:
    """One finding of the analysis that is meant; without a reason it explains nothing."""
    reason = text(entry)
    if not (reason.zh and reason.en):
        message = "an explanation says why, in both languages"
        findings.append(entry.finding("code", "reason", message, "explained: [{code: …, zh: …, en: …}]"))
    code = one_of(entry, "code", EXPLAINABLE, findings)
    return Explanation(code, reason, entry.texts("about"), entry.texts("versions"), entry.text("clause"))


def read_reach(entry: Map, findings: Findings) -> Fraction:
    """A share of the audience; all of it where nothing is said."""
    reach = entry.get("reach", 1)
    if isinstance(reach, int | Fraction) and 0 < reach <= 1:
        return Fraction(reach)
    findings.append(entry.finding("reach", "percentage", f"'{reach}' is no share of the audience", "reach: 0.2"))
    return Fraction(1)


def read_version(entry: Map, scope: check.Scope, findings: Findings, groups: Mapping[str, Group]) -> Version:
    """One version; its names are the facts and its own parameters."""
    parameters = read_parameters(entry, findings)
    scope = scope.with_names({name: check.kind_of_fact(p) for name, p in parameters.items()})
    conditions = [read_condition(c, entry.text("clause"), scope, findings) for c in entry.maps("conditions")]
    known = tuple(c for c in conditions if c is not None)
    valid = entry.map("valid")
    return Version(
        version=entry.text("version"),
        title=text(entry.get("title")),
        valid_from=day(valid, "from", findings),
        valid_to=day(valid, "to", findings),
        benefit=read_benefit(entry.map("benefit"), scope, findings, groups),
        number=entry.text("number"),
        issuer=entry.text("issuer"),
        date_text=entry.text("date"),
        decree_period=entry.text("decree_period"),
        document_refs=entry.texts("documents_ref"),
        confidence=entry.text("confidence"),
        confirmed=entry.get("confirmed") is True,
        unconfirmed=text(entry.get("unconfirmed")),
        source=entry.text("source"),
        basis=entry.texts("basis"),
        aliases=entry.texts("aliases"),
        notes=text(entry.get("notes")),
        channel=text(entry.get("channel")),
        mode=entry.text("mode"),
        grant=read_grant(entry, findings),
        decidable=is_decidable(known, parameters),
        clause=entry.text("clause"),
        manual=text(entry["manual"]) if entry.get("manual") else None,
        parameters=parameters,
        conditions=known,
        checks=tuple(read_check(c) for c in entry.maps("checks")),
        excludes=entry.texts("excludes"),
        exclusion_source=text(entry.get("exclusion_source")),
        group=read_group(entry, scope, groups, parameters, findings),
        deadline=text(entry.get("deadline")),
        first_steps=tuple(read_first_step(step, scope, findings) for step in entry.maps("first_steps")),
        window=read_window(entry, scope, findings),
        documents=tuple(Paper(text(d), d.text("from_fact")) for d in entry.maps("documents")),
        examples=tuple(read_example(e, findings) for e in entry.maps("examples")),
        hash=content_hash(entry),
        file=entry.file,
    )


def read_grant(entry: Map, findings: Findings) -> Grant:
    """How the benefit is granted: as the version says, else as its mode or its kind does."""
    if entry.get("grant") is not None:
        return Grant(one_of(entry, "grant", [str(grant) for grant in Grant], findings))
    return grant_of(entry.text("mode"), entry.map("benefit").text("kind"), manual=bool(entry.get("manual")))


def read_condition(entry: Map, clause: str, scope: check.Scope, findings: Findings) -> Condition | None:
    """One named condition."""
    node = expression(entry, "when", findings)
    checked(entry, "when", node, scope, findings, FactType.BOOLEAN)
    if node is None:
        return None
    return Condition(
        entry.text("id"),
        text(entry),
        entry.expression("when"),
        entry.text("clause") or clause,
        entry.text("article"),
        entry.text("confidence"),
        text(entry.get("note")),
    )


def read_check(entry: Map) -> Check:
    """One thing that only a person can judge."""
    return Check(
        text(entry), entry.text("id"), entry.text("article"), entry.text("confidence"), text(entry.get("note"))
    )


def read_first_step(entry: Map, scope: check.Scope, findings: Findings) -> FirstStep:
    """One thing to get before one applies."""
    if entry.get("lacking") is not None:
        checked(entry, "lacking", expression(entry, "lacking", findings), scope, findings, FactType.BOOLEAN)
    return FirstStep(text(entry), entry.expression("lacking"))


def read_benefit(entry: Map, scope: check.Scope, findings: Findings, groups: Mapping[str, Group]) -> Benefit:
    """Kind, unit, working and formula."""
    kind = one_of(entry, "kind", KINDS, findings)
    lines: list[Line] = []
    for item in entry.maps("lines"):
        node = expression(item, "value", findings)
        found = checked(item, "value", node, scope, findings, FactType.DECIMAL)
        if node is not None:
            lines.append(Line(item.text("id"), text(item), item.expression("value")))
            scope = scope.with_names({item.text("id"): found or check.NUMBER})
    amount = expression(entry, "amount", findings) if entry.get("amount") is not None else None
    found = checked(entry, "amount", amount, scope, findings, FactType.DECIMAL)
    unit = read_unit(entry, findings)
    if found is not None and found.type is FactType.MONEY and not unit.startswith("CNY"):
        findings.append(
            entry.finding("unit", "unit", f"the formula gives money, the unit says {unit}", "write unit: CNY")
        )
    formula = entry.expression("amount") if amount is not None else ""
    tax = read_tax(entry, groups, findings)
    note, whose, in_words = (text(entry.get(key)) for key in ("note", "whose", "in_words"))
    return Benefit(kind, unit, formula, tuple(lines), note, tax, whose, in_words)


def read_unit(entry: Map, findings: Findings) -> str:
    """What the amount is counted in; ``per`` says how often money comes, where the unit does not."""
    unit, per = entry.text("unit") or "none", entry.text("per")
    if unit.startswith("CNY") and unit not in PERIODS:
        hint = f"one of {', '.join(PERIODS)}"
        findings.append(entry.finding("unit", "unit", f"'{unit}' is no unit of money", hint))
    if not per:
        return unit
    per = one_of(entry, "per", list(PERIODS.values()), findings)
    named = next(name for name, period in PERIODS.items() if period == per)
    if unit not in {"CNY", named}:
        message = f"the unit says {unit}, per says {per}"
        findings.append(entry.finding("per", "unit", message, f"write unit: {named} alone"))
    return named


def read_example(entry: Map, findings: Findings) -> Example:
    """One worked case."""
    expect = entry.map("expect")
    amount = expect.get("amount")
    return Example(
        name=entry.text("name"),
        as_of=day(entry, "as_of", findings),
        facts=dict(entry.map("facts")),
        status=one_of(expect, "status", STATUSES, findings),
        amount=Fraction(amount) if isinstance(amount, (int, Fraction)) else None,
        has_amount="amount" in expect,
        region=entry.text("region"),
    )


def content_hash(entry: Mapping[str, object]) -> str:
    """The version's own fingerprint, whatever the order and layout of its file."""
    plain = json.dumps(entry, sort_keys=True, ensure_ascii=False, default=plain_value)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def plain_value(value: object) -> str:
    """Numbers and dates as text."""
    return (
        value.isoformat()
        if isinstance(value, date)
        else str(Decimal(str(float(value))) if isinstance(value, Fraction) else value)
    )
