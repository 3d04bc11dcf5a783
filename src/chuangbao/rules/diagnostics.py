"""Errors that are worth reading: where, what is wrong, the nearest right name, and a mended example."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

__all__ = ["FactError", "FactProblem", "Finding", "PackError", "RuleError", "Witness", "nearest"]


WIDE = 1 << 20  # a case stays on its line


@dataclass(frozen=True, slots=True)
class Witness:
    """A profile that shows what a finding says, with what the engine answers it: a worked case as one writes it."""

    name: str
    version: str
    as_of: date
    region: str
    facts: Mapping[str, object]
    status: str
    amount: Decimal | None = None

    def case(self) -> dict[str, object]:
        """Return the case as it is written under ``examples`` in YAML or JSON."""
        expect = {"status": self.status} | ({} if self.amount is None else {"amount": plain(self.amount)})
        facts = {name: plain(value) for name, value in self.facts.items()}
        return {"name": self.name, "as_of": self.as_of, "region": self.region, "facts": facts, "expect": expect}

    def __str__(self) -> str:
        """One line of YAML."""
        import yaml  # late: a start from the cache reads no YAML

        text = yaml.safe_dump(self.case(), default_flow_style=True, allow_unicode=True, sort_keys=False, width=WIDE)
        return text.rstrip()


def plain(value: object) -> object:
    """What YAML and JSON know: exact numbers become whole or decimal ones."""
    if isinstance(value, Fraction | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a pack: file, position (1-based; 0 where unknown), a short code, message and mending.

    ``witnesses`` are profiles that show it, where it is about what a rule does to someone.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    clause: str = ""
    severity: str = "error"
    witnesses: tuple[Witness, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        """One line for a terminal."""
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        clause = f" (clause {self.clause})" if self.clause else ""
        return f"{where}: {self.code}: {self.message}{clause}" + (f" — {self.hint}" if self.hint else "")

    def at(self, file: str, line: int, column: int = 1) -> Finding:
        """The same finding at a known place; a column inside the expression is kept as an offset."""
        return replace(self, file=file, line=line + max(self.line - 1, 0), column=max(self.column, 1) - 1 + column)


class RuleError(Exception):
    """An expression that the language refuses; carries its findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings; the message is the first of them."""
        self.findings = tuple(findings)
        super().__init__("\n".join(str(f) for f in self.findings))


class PackError(RuleError):
    """A pack that cannot be loaded."""


@dataclass(frozen=True, slots=True)
class FactProblem:
    """A value given for a fact that cannot be used: what is wrong, and the nearest right name or form."""

    fact: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.fact}: {self.message}" + (f" ({self.suggestion})" if self.suggestion else "")


class FactError(Exception):
    """Facts that cannot be used; carries one problem per fact."""

    def __init__(self, problems: Iterable[FactProblem]) -> None:
        """Keep the problems; the message lists them all."""
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like ``name``, or the empty string where none is near."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""
