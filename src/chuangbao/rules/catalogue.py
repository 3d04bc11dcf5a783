"""Read the ground of a pack: code lists, facts, rows, relations and regions."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import check, parse, tree
from chuangbao.rules.diagnostics import Finding, RuleError, nearest
from chuangbao.rules.model import Choice, Code, CodeList, Fact, FactType, ParameterValue, Relation, RowKind, Text
from chuangbao.rules.regions import Region, RegionTree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from chuangbao.rules.yamlfile import Map

__all__ = ["SUBJECTS", "expression", "read_codes", "read_fact", "read_regions", "read_rows", "text"]

SUBJECTS = ("person", "enterprise", "space", "institution", "investor", "agency")
WAYS = ("time", "deed", "once", "nothing")  # how a fact can change
Findings = list[Finding]
MOST_FINDINGS = 400
"""After so many, expressions are no longer read: looking for the nearest right name takes its time."""


def text(value: object) -> Text:
    """Both languages; a bare string is Chinese."""
    if isinstance(value, dict):
        return Text(str(value.get("zh") or ""), str(value.get("en") or ""))
    return Text("" if value is None else str(value))


def day(entry: Map, key: str, findings: Findings) -> date | None:
    """A calendar day or nothing."""
    value = entry.get(key)
    if value is None or isinstance(value, date):
        return value
    findings.append(entry.finding(key, "date", f"'{value}' is no calendar day", "write 2015-06-08"))
    return None


def expression(entry: Map, key: str, findings: Findings) -> tree.Node | None:
    """A parsed expression; its findings are moved to their place in the file."""
    if len(findings) >= MOST_FINDINGS:
        return None
    try:
        return parse.parse(entry.expression(key))
    except RuleError as error:
        findings += moved(entry, key, error)
        return None


def moved(entry: Map, key: str, error: RuleError) -> Findings:
    """The findings of an expression at their place in the file."""
    line, column = entry.place(key)
    base = entry.finding(key, "", "")
    return [replace(f.at(entry.file, line, column), clause=base.clause) for f in error.findings]


def checked(
    entry: Map, key: str, node: tree.Node | None, scope: check.Scope, findings: Findings, expected: FactType | None
) -> check.Kind | None:
    """Type-check an expression at its place in the file."""
    if node is None:
        return None
    read = (entry.expression(key), expected)
    if read in scope.held:
        return scope.held[read]
    try:
        scope.held[read] = check.check(node, scope, expected)
        return scope.held[read]
    except RuleError as error:
        findings += moved(entry, key, error)
        return None


def read_codes(entry: Map) -> CodeList:
    """One code list."""
    codes, groups = (
        tuple(Code(c.text("code"), text(c), c.text("icon"), c.text("group")) for c in entry.maps(key))
        for key in ("codes", "groups")
    )
    return CodeList(entry.text("list"), text(entry.get("title")), codes, entry.text("source"), groups)


def one_of(entry: Map, key: str, allowed: Sequence[str], findings: Findings) -> str:
    """A value from a closed list; otherwise the error names the nearest right one."""
    value = entry.text(key)
    if value not in allowed:
        guess = nearest(value, allowed)
        hint = f"did you mean {guess}?" if guess else f"one of {', '.join(allowed)}"
        findings.append(entry.finding(key, key, f"'{value}' is not a known {key}", hint))
        return allowed[0]
    return value


def read_fact(entry: Map, codes: Mapping[str, CodeList], findings: Findings) -> Fact:
    """One fact of the catalogue (its derivation is checked later, when all names are known)."""
    kind = FactType(one_of(entry, "type", list(FactType), findings))
    listed = entry.text("codes")
    if kind in {FactType.CODE, FactType.CODES} and listed not in codes:
        guess = nearest(listed, codes)
        findings.append(
            entry.finding("codes", "code_list", f"there is no code list '{listed}'", f"did you mean {guess}?")
        )
    limits = entry.map("range")
    low, high = limits.get("min"), limits.get("max")
    return Fact(
        name=entry.text("name"),
        subject=one_of(entry, "subject", SUBJECTS, findings),
        type=kind,
        label=text(entry.get("label")),
        unit=entry.text("unit") or ("CNY" if kind is FactType.MONEY else ""),
        codes=listed,
        minimum=Fraction(low) if isinstance(low, (int, Fraction)) else default_range(kind)[0],
        maximum=Fraction(high) if isinstance(high, (int, Fraction)) else default_range(kind)[1],
        earliest=low if isinstance(low, date) else None,
        latest=high if isinstance(high, date) else None,
        per=entry.text("per"),
        use=entry.text("use") or "last_closed",
        may_be_absent=entry.get("may_be_absent") is True,
        sensitive=entry.get("sensitive") is True,
        shareable=entry.get("shareable") is True,
        help=text(entry.get("help")),
        question=text(entry.get("question")),
        choices=tuple(Choice(c.get("value"), text(c), c.text("icon")) for c in entry.maps("choices")),
        value_text=entry.expression("value") if derivation(entry, findings) else "",
        source=entry.text("source"),
        group=entry.text("group"),
        by=one_of(entry, "by", WAYS, findings) if entry.get("by") is not None else WAYS[-1],
        since=entry.text("since"),
        where=text(entry.get("where")),
        example=text(entry.get("example")),
        aliases=entry.texts("aliases"),
        figures=read_figures(entry, kind, findings),
    )


def read_figures(entry: Map, kind: FactType, findings: Findings) -> tuple[ParameterValue, ...]:
    """The dated values of a fact that the pack knows by itself; it has no derivation beside them."""
    if entry.get("values") and entry.get("value") is not None:
        findings.append(entry.finding("values", "figures", "a fact has a derivation or dated values", "keep one"))
    return read_values(entry, entry.text("name"), kind, findings)


def read_values(entry: Map, name: str, kind: FactType, findings: Findings) -> tuple[ParameterValue, ...]:
    """Dated values, oldest first; each is of the type that is declared."""
    values = [
        ParameterValue(day(v, "from", findings) or date.min, v.get("value"), v.text("region"), v.text("source"))
        for v in entry.maps("values")
    ]
    for place, dated in zip(entry.maps("values"), values, strict=True):
        number = isinstance(dated.value, int | Fraction) and not isinstance(dated.value, bool)
        if kind.numeric and not number:
            message = f"parameter '{name}' is a {kind}, its value '{dated.value}' is no number"
            findings.append(place.finding("value", "type", message, "write the figure without unit or quotes"))
    values.sort(key=lambda v: v.start)
    return tuple(values)


def derivation(entry: Map, findings: Findings) -> tree.Node | None:
    """How a fact is worked out; nothing where it is not, or where its text cannot be read."""
    return expression(entry, "value", findings) if entry.get("value") is not None else None


def default_range(kind: FactType) -> tuple[Fraction | None, Fraction | None]:
    """A ratio runs from 0 to 1."""
    return (Fraction(0), Fraction(1)) if kind is FactType.RATIO else (None, None)


def read_rows(entry: Map, codes: Mapping[str, CodeList], findings: Findings) -> RowKind:
    """One kind of rows with its typed columns."""
    subject = one_of(entry, "subject", SUBJECTS, findings)
    columns = {}
    for column in entry.maps("columns"):
        column.setdefault("subject", subject)
        columns[column.text("name")] = read_fact(column, codes, findings)
    return RowKind(entry.text("rows"), subject, text(entry.get("label")), columns)


def read_relation(entry: Map, findings: Findings) -> Relation:
    """One to-one relation."""
    return Relation(
        entry.text("name"), one_of(entry, "from", SUBJECTS, findings), one_of(entry, "to", SUBJECTS, findings)
    )


def read_regions(path: Path) -> RegionTree:
    """The tree from its CSV file."""
    found: dict[str, list[Region]] = {}
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row["code"], []).append(region(row))
    return RegionTree({code: tuple(units) for code, units in found.items()})


def region(row: Mapping[str, str]) -> Region:
    """One line of the CSV file."""
    return Region(
        code=row["code"],
        name=Text(row["name"], row.get("name_en") or ""),
        level=row["level"],
        parent=row.get("parent") or "",
        valid_from=date.fromisoformat(row["from"]) if row.get("from") else None,
        valid_to=date.fromisoformat(row["to"]) if row.get("to") else None,
        reports_to=row.get("reports_to") or "",
        statistical_only=row.get("statistical_only") == "yes",
        has_code=row.get("has_code") != "no",
    )
