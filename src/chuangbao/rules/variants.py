"""A version with some things changed (方案): figures, conditions, formula, period, scope. Nothing is written anywhere.

What is wanted comes as plain texts, as a form or a file has them, so that it can be kept and tried again later.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from chuangbao.rules import check
from chuangbao.rules.diagnostics import Finding, RuleError
from chuangbao.rules.engine import parameter_day
from chuangbao.rules.loader import scope_of
from chuangbao.rules.model import Condition, FactType, ParameterValue, Text
from chuangbao.rules.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chuangbao.rules.model import Measure, Pack, Parameter, Version

__all__ = ["ADDED", "VariantError", "Wanted", "altered", "as_text", "live_values"]

ADDED = "added-here"


class VariantError(ValueError):
    """What cannot be had, by the place where it was asked for."""

    def __init__(self, findings: Mapping[str, Finding]) -> None:
        """``findings``: by ``p-NAME-REGION``, ``c-ID`` or ``amount``."""
        self.findings = dict(findings)
        super().__init__("; ".join(f"{place}: {finding.message}" for place, finding in self.findings.items()))


@dataclass(frozen=True)
class Wanted:
    """What differs from the version as it is; what is not named stays.

    ``parameters``: values by name and region; ``conditions``: expressions by id, empty to drop one; ``added``: one
    more; ``valid_from`` and ``valid_to``: days, empty for an open end.
    """

    parameters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    added: str = ""
    amount: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    region: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Wanted:
        """From what ``kept`` gave; keys of another time are ignored."""
        return cls(**{name: kept[name] for name in cls.__dataclass_fields__ if name in kept})

    def kept(self) -> dict[str, Any]:
        """As plain data: only what is said."""
        blank = Wanted()
        return {n: getattr(self, n) for n in self.__dataclass_fields__ if getattr(self, n) != getattr(blank, n)}


def live_values(version: Version, day: date) -> Iterator[tuple[Parameter, ParameterValue]]:
    """Each parameter's values on a day: one for all, or one for each region that has its own."""
    when = parameter_day(version, day)
    for parameter in version.parameters.values():
        newest = {v.region: v for v in parameter.values if v.start <= when}
        yield from ((parameter, value) for value in newest.values())


def as_text(value: object) -> str:
    """A value as one types it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction) and value.denominator != 1:
        from chuangbao.rules.tree import Num
        from chuangbao.rules.unparse import number

        return number(Num(value))
    return "" if value is None else str(value)


def altered(pack: Pack, measure: Measure, version: Version, wanted: Wanted, day: date) -> Measure:
    """The measure with one version, changed as wanted; ``day`` says which values of its parameters are meant.

    Raises VariantError with everything that cannot be had.
    """
    findings: dict[str, Finding] = {}
    parameters = {n: moved(p, version, wanted, day, findings) for n, p in version.parameters.items()}
    scope = scope_of(pack.facts, pack.rows, pack.codes)
    scope = scope.with_names({n: check.kind_of_fact(p) for n, p in parameters.items()})
    conditions = tuple(conditions_of(version, wanted, scope, findings))
    for line in version.benefit.lines:
        scope = scope.with_names({line.id: check.check(line.value, scope, FactType.DECIMAL)})
    sound(wanted.amount, "amount", FactType.DECIMAL, scope, findings)
    if findings:
        raise VariantError(findings)
    new = replace(
        version,
        parameters=parameters,
        conditions=conditions,
        benefit=replace(version.benefit, text=wanted.amount or version.benefit.text),
        valid_from=day_of(wanted.valid_from, version.valid_from),
        valid_to=day_of(wanted.valid_to, version.valid_to),
    )
    return replace(measure, versions=(new,), region=wanted.region or measure.region, model=False)


def day_of(wanted: str | None, stands: date | None) -> date | None:
    """A day that was asked for, none where it was left empty, or the one that stands."""
    return stands if wanted is None else date.fromisoformat(wanted) if wanted else None


def moved(parameter: Parameter, version: Version, wanted: Wanted, day: date, findings: dict[str, Finding]) -> Parameter:
    """A parameter with its values of the day replaced."""
    asked = wanted.parameters.get(parameter.name, {})
    live = {v.region: v for p, v in live_values(version, day) if p.name == parameter.name}
    values = list(parameter.values)
    for region, text in asked.items():
        if region not in live:
            continue
        try:
            new = read_value(parameter.type, text)
        except ValueError:
            findings[f"p-{parameter.name}-{region}"] = Finding("", 0, 0, "type", f"'{text}' is no {parameter.type}")
            continue
        values[values.index(live[region])] = replace(live[region], value=new)
    return replace(parameter, values=tuple(values))


def read_value(kind: FactType, text: str) -> object:
    """A value of a parameter from its text.

    Raises ValueError where it is none.
    """
    if kind is FactType.BOOLEAN:
        return {"true": True, "false": False}[text] if text in {"true", "false"} else int("")
    if kind is FactType.DATE:
        return date.fromisoformat(text)
    if not kind.numeric:
        return text
    figure = Fraction(text)
    return figure.numerator if figure.denominator == 1 else figure


def conditions_of(
    version: Version, wanted: Wanted, scope: check.Scope, findings: dict[str, Finding]
) -> Iterator[Condition]:
    """The conditions that stay, changed or not, and the one that comes."""
    for condition in version.conditions:
        text = wanted.conditions.get(condition.id, condition.text)
        if text and sound(text, f"c-{condition.id}", FactType.BOOLEAN, scope, findings):
            yield replace(condition, text=text)
    if wanted.added and sound(wanted.added, f"c-{ADDED}", FactType.BOOLEAN, scope, findings):
        yield Condition(ADDED, Text(wanted.added, wanted.added), wanted.added)


def sound(text: str, place: str, kind: FactType, scope: check.Scope, findings: dict[str, Finding]) -> bool:
    """Whether an expression holds together; an empty one does."""
    try:
        if text:
            check.check(parse(text), scope, kind)
    except RuleError as error:
        findings[place] = error.findings[0]
        return False
    return True
