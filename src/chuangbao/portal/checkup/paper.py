"""The result as a paper to take to the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.core.papers import Paper
from chuangbao.portal import wording
from chuangbao.portal.conditions import describe, fact_label

if TYPE_CHECKING:
    from chuangbao.portal.checkup.result import Found, Result
    from chuangbao.portal.models import CheckUp

__all__ = ["paper_of"]


def paper_of(checkup: CheckUp, result: Result) -> Paper:
    """Everything that was found, the money first."""
    paper = Paper(gettext("What you are entitled to"))
    paper.paragraph(gettext("Judged as of %(day)s.") % {"day": wording.day_words(checkup.as_of)})
    rows = [[gettext("Measure"), gettext("Amount"), gettext("Basis")]]
    rows += [[title(f), figure(f), f"{f.version.number} {f.answer.version}"] for f in result.eligible]
    if result.eligible:
        paper.table(rows, "1fr, auto, 1fr")
    for found in result.eligible:
        paper.heading(title(found))
        paper.items(f"{d.verdict}: {d.label}" for d in map(describe, found.answer.conditions))
        for heading, lines in (
            (gettext("What to bring"), [wording.text(p.label) for p in found.version.documents]),
            (gettext("Where and how"), [wording.text(found.version.channel)]),
        ):
            if any(lines):
                paper.paragraph(f"{heading}: {'; '.join(lines)}")
    for heading, some in ((gettext("Almost there"), result.near), (gettext("Undecided"), result.undecided)):
        if some:
            paper.heading(heading)
            paper.items(line(found) for found in some)
    return paper


def title(found: Found) -> str:
    """The measure's name, with 待确认 where it is due."""
    name = wording.text(found.measure.title)
    unconfirmed = gettext("To be confirmed")
    return name if found.answer.confirmed else f"{name} ({unconfirmed})"


def figure(found: Found) -> str:
    """The amount in words."""
    answer = found.answer
    if answer.unit == "none" or answer.amount is None:
        return "—"
    return wording.quantity(answer.amount, answer.unit)


def line(found: Found) -> str:
    """What stands between the reader and the measure."""
    failing = [d.label for c, d in ((c, describe(c)) for c in found.answer.conditions) if c.verdict is False]
    lacking = [fact_label(name) for name in found.answer.missing]
    return f"{title(found)}: {'; '.join(failing or lacking)}"
