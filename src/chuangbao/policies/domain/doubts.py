"""What speaks against a text before it reaches the public (发布前检查): some refuses, some needs a written reason.

Shown while the text is written, at submission and at publication; the reason that is given stays on the record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.localization.formatting import text as words
from chuangbao.policies.findings import finding_words, subject_words
from chuangbao.rules import tree
from chuangbao.rules.analysis import contradictions, findings
from chuangbao.rules.loader import v_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chuangbao.rules.model import Document, Fact, Measure, Pack, Version

__all__ = ["Doubt", "Weight", "document_day", "doubts_of"]

DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")


class Weight(StrEnum):
    """What a doubt asks for."""

    REFUSES = "refuses"
    REASON = "reason"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that speaks against a text: a code, what it asks for, words, and the line where it has one."""

    code: str
    weight: Weight
    words: str
    line: int = 0


def doubts_of(content: str, measure: Measure, *, before: Measure | None = None) -> list[Doubt]:
    """Everything that speaks against a readable text, what refuses it first.

    ``before`` is the version that it revises: what that one reads already may still be read.
    """
    version, pack = measure.versions[0], current_pack()
    found = [
        *find_inverted_period(version), *of_others(pack, measure, before), *contradictory(pack, measure),
        *without_amount(version), *without_case(version), *too_early(pack, measure), *find_empty_figures(version),
    ]  # fmt: skip
    refused = any(doubt.code == "never" for doubt in found)
    found += [] if refused else find_by_analysis(pack, content)
    return sorted(found, key=lambda doubt: list(Weight).index(doubt.weight))


def find_inverted_period(version: Version) -> Iterator[Doubt]:
    """The last day is before the first."""
    start, end = version.valid_from, version.valid_to
    if start is not None and end is not None and end < start:
        said = _("It ends (%(end)s) before it begins (%(start)s). Mend one of the days.")
        yield Doubt("end_before_start", Weight.REFUSES, said % {"start": day_words(start), "end": day_words(end)})


def of_others(pack: Pack, measure: Measure, before: Measure | None) -> Iterator[Doubt]:
    """Facts of another kind of subject than the measure's own."""
    known = {fact.name for fact in read_of(pack, before)} if before is not None else set()
    for fact in read_of(pack, measure):
        if fact.subject != measure.subject and fact.name not in known:
            said = _(
                "“%(fact)s” is known of a %(other)s; this measure is about a %(own)s. Ask something of the "
                "%(own)s, or write a measure about the %(other)s."
            )
            given = {
                "fact": words(fact.label),
                "other": subject_words(fact.subject),
                "own": subject_words(measure.subject),
            }
            yield Doubt("wrong_subject", Weight.REFUSES, said % given)


def read_of(pack: Pack, measure: Measure) -> list[Fact]:
    """The facts that the conditions and the amount of a measure read."""
    nodes = [node for version in measure.versions for node in v_nodes(version)]
    names = dict.fromkeys(name for node in nodes for name in tree.names(node))
    return [pack.facts[name] for name in names if name in pack.facts]


def contradictory(pack: Pack, measure: Measure) -> Iterator[Doubt]:
    """Find conditions that can never be met."""
    for finding in contradictions(measure, pack):
        if finding.code == "never":
            named = [c for c in measure.versions[0].conditions if f"'{c.id}'" in finding.message]
            said = _("These conditions cannot hold together, so nobody is ever entitled: %(names)s. Mend one of them.")
            yield Doubt("never", Weight.REFUSES, said % {"names": "、".join(words(c.label) or c.id for c in named)})
        else:
            said = _(
                "The conditions can only be met outside the period of the version. Mend the days or the condition."
            )
            yield Doubt("never", Weight.REFUSES, said)


def without_amount(version: Version) -> Iterator[Doubt]:
    """The text says nothing of how much."""
    if version.benefit.amount is None:
        yield Doubt("without_amount", Weight.REASON, _("It says no amount: nobody can see what it gives."))


def find_empty_figures(version: Version) -> Iterator[Doubt]:
    """What waits for a figure that has no value, where the text does not say that it is still to be confirmed.

    Such a condition decides no case, and such an amount is never known; a figure that is awaited is named in
    ``unconfirmed``, and readers are shown that.
    """
    empty = {name for name, parameter in version.parameters.items() if not parameter.values}
    if version.unconfirmed.zh or not empty:
        return
    for condition in version.conditions:
        for name in sorted(empty.intersection(tree.names(condition.when))):
            said = _(
                "“%(condition)s” waits for the figure %(figure)s, which has no value, so nobody is ever decided. "
                "Give it a value, or say under unconfirmed what is still to be confirmed."
            )
            given = {"condition": words(condition.label) or condition.id, "figure": name}
            yield Doubt("empty_figure", Weight.REFUSES, said % given)
    amount = version.benefit.amount
    for name in sorted(empty.intersection(tree.names(amount))) if amount is not None else ():
        said = _("The amount waits for the figure %(figure)s, which has no value: it is never known.")
        yield Doubt("empty_figure", Weight.REASON, said % {"figure": name})


def without_case(version: Version) -> Iterator[Doubt]:
    """No worked case shows that the text does what is meant; one that a person decides can have none."""
    if not version.examples and version.manual is None:
        yield Doubt(
            "without_case", Weight.REASON, _("It has no worked case: nothing shows that it does what is meant.")
        )


def too_early(pack: Pack, measure: Measure) -> Iterator[Doubt]:
    """It begins before the document that it carries out."""
    start = measure.versions[0].valid_from
    days = [day for day in map(document_day, documents_of(pack, measure)) if day is not None]
    if start is not None and days and start < min(days):
        said = _("It begins (%(start)s) before its document is dated or in force (%(day)s).")
        yield Doubt("early_start", Weight.REASON, said % {"start": day_words(start), "day": day_words(min(days))})


def documents_of(pack: Pack, measure: Measure) -> list[Document]:
    """The documents that the measure hangs on: that of the version's clause, else of the measure's clauses."""
    clause = measure.versions[0].clause
    wanted = {clause} if clause else set(measure.clauses)
    return [d for d in pack.documents.values() if wanted.intersection(c.id for c in d.clauses)]


def document_day(document: Document) -> date | None:
    """The day from which a document holds, else its date; None where it says neither."""
    found = DAY.search(document.date_text)
    try:
        return document.valid_from or (date(*map(int, found.groups())) if found else None)
    except ValueError:
        return None


def find_by_analysis(pack: Pack, content: str) -> Iterator[Doubt]:
    """What the analysis (静态分析) finds beside, at its lines; what the text explains is left out."""
    for finding in findings(content, pack):
        if finding.severity != "note":
            yield Doubt(finding.code, Weight.NOTICE, finding_words(finding), finding.line)
