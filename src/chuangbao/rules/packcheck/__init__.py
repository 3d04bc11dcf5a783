"""The check of a region pack (地区包检查): what a law officer wants to know before rules go to people.

Everything that can be found is reported at once, each with file, line, what is wrong and how to mend it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chuangbao.rules.diagnostics import Finding, PackError
from chuangbao.rules.packcheck import cases, catalogue, groups, links, meaning, periods, spans, words
from chuangbao.rules.packcheck.source import Source
from chuangbao.rules.store import load_pack

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Report", "check_pack"]

CHECKS = (catalogue.check, cases.check, groups.check, spans.check, meaning.check)


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, in the order of files and lines, and how much there was to check."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended before the pack is used."""
        return tuple(f for f in self.findings if f.severity == "error")

    @property
    def ok(self) -> bool:
        """Whether the pack can be used."""
        return not self.errors

    def to_dict(self) -> dict[str, object]:
        """The JSON form of the command line."""
        rows = [
            {
                "file": f.file, "line": f.line, "column": f.column, "severity": f.severity,
                "code": f.code, "message": f.message, "hint": f.hint, "clause": f.clause,
                "witnesses": [w.case() for w in f.witnesses],
            }
            for f in self.findings
        ]  # fmt: skip
        return {"ok": self.ok, "counts": self.counts, "findings": rows}


def check_pack(path: Path) -> Report:
    """Check the pack in a folder; never raises for what is wrong inside it."""
    source = Source.read(path)
    findings: list[Finding] = [*source.broken]
    counts = source.counts()
    if not source.broken:
        findings += [*words.check(source), *links.check(source), *periods.check(source)]
    try:
        pack = load_pack(path)
    except PackError as error:
        findings += error.findings
    else:
        # what one parser reads and the other does not is told above; the rest needs both
        checks = () if source.broken else CHECKS
        findings += [finding for check in checks for finding in check(source, pack)]
        counts["examples"] = sum(len(v.examples) for m in pack.measures.values() for v in m.versions)
    findings = tidy(findings, path)
    counts |= {f"{name}s": n for name, n in Counter(f.severity for f in findings).items()}
    return Report(tuple(findings), {"errors": 0, "warnings": 0, **counts})


def tidy(findings: Iterable[Finding], root: Path) -> list[Finding]:
    """One of each, in the order of files and lines, with paths relative to the pack."""
    shown: dict[tuple[str, int, str, str], Finding] = {}
    prefix = f"{root}/"
    for finding in findings:
        file = finding.file.removeprefix(prefix)
        here = replace(finding, file=file)
        shown.setdefault((file, here.line, here.code, here.message), here)
    return [shown[key] for key in sorted(shown)]
