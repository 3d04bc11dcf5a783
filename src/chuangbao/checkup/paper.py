"""The result as a paper to take to the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.accounts.directory import place_words
from chuangbao.core.engine.verdicts import gain_words, grant_words, opening_words
from chuangbao.core.exports.pdf import Paper
from chuangbao.core.localization import formatting
from chuangbao.ui.presentation.conditions import describe, fact_label, outlook_words

if TYPE_CHECKING:
    from chuangbao.checkup.models import CheckUp
    from chuangbao.checkup.result import Found, Result

__all__ = ["paper_of"]


def paper_of(checkup: CheckUp, result: Result) -> Paper:
    """Everything that was found, the money first."""
    paper = Paper(gettext("What the conditions say for you"))
    paper.paragraph(gettext("Judged as of %(day)s.") % {"day": formatting.day_words(checkup.as_of)})
    rows = [[gettext("Measure"), gettext("Result"), gettext("Amount"), gettext("Basis")]]
    rows += [
        [title(f), grant_words(f.version.grant), figure(f), f"{f.version.number} {f.answer.version}"]
        for f in result.eligible
    ]
    if result.eligible:
        paper.table(rows, "1fr, auto, auto, 1fr")
    for found in result.eligible:
        paper.heading(title(found))
        paper.items(f"{d.verdict}: {d.label}" for d in map(describe, found.answer.conditions))
        for heading, lines in (
            (gettext("What to bring"), [formatting.text(p.label) for p in found.version.documents]),
            (gettext("Where and how"), [formatting.text(found.version.channel), opening_words(found.answer.opening)]),
            (gettext("Where to go"), [place_words(found.place)]),
        ):
            if any(lines):
                paper.paragraph(f"{heading}: {'; '.join(line for line in lines if line)}")
    if result.soon:
        paper.heading(gettext("Not yet: what time or you can change"))
        paper.items(f"{title(f)}: {outlook_words(f.answer.not_yet)}" for f in result.soon if f.answer.not_yet)
    for heading, some in ((gettext("Almost there"), result.near), (gettext("Undecided"), result.undecided)):
        if some:
            paper.heading(heading)
            paper.items(line(found) for found in some)
    return paper


def title(found: Found) -> str:
    """The measure's name, with 待确认 where it is due."""
    name = formatting.text(found.measure.title)
    unconfirmed = gettext("To be confirmed")
    return name if found.answer.confirmed else f"{name} ({unconfirmed})"


def figure(found: Found) -> str:
    """The amount in words."""
    answer = found.answer
    if answer.unit == "none" or answer.amount is None:
        return "—"
    return gain_words(answer.kind, answer.unit, answer.amount, answer.payable, answer.at_most)


def line(found: Found) -> str:
    """Return what is still missing for the measure."""
    failing = [d.label for c, d in ((c, describe(c)) for c in found.answer.conditions) if c.verdict is False]
    lacking = [fact_label(name) for name in found.answer.missing]
    return f"{title(found)}: {'; '.join(failing or lacking)}"
