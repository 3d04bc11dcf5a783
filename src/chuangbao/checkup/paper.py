"""The sheet as a PDF to take to the office (交办单)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from chuangbao.checkup.sheet import left_out_words
from chuangbao.core.exports.pdf import Paper, qr_svg
from chuangbao.core.localization.formatting import day_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangbao.checkup.sheet import HandoverSheet, Row, Step, Waiting

__all__ = [
    "assumed_words",
    "disclaimer_of",
    "head_of",
    "paper_of",
    "source_of",
    "totals_of",
    "waiting_title",
    "waiting_words",
]


def paper_of(sheet: HandoverSheet) -> Paper:
    """Set a sheet: whose it is, what it comes to, what to do with which papers, what comes later."""
    paper = Paper(gettext("What the conditions say for you"))
    paper.pairs(head_of(sheet))
    if sheet.left_out:
        paper.note(left_out_words(sheet.left_out))
    paper.frame(sheet.sense, [f"{kind}{gettext(': ')}{figure}" for kind, figure in totals_of(sheet)])
    if sheet.assumed:
        paper.note(assumed_words(sheet))
    for title, rows in (*sheet.sections, (gettext("What else is to be done"), sheet.errands)):
        add_rows(paper, title, rows)
    if sheet.road:
        paper.heading(gettext("Not yet: what time or you can change"))
        road = [[step.day, "\n".join(road_lines(step))] for step in sheet.road]
        paper.table([[gettext("From when"), gettext("What, and what to do for it")], *road], "auto, 1fr")
    if sheet.open:
        paper.heading(waiting_title(sheet))
        paper.items(waiting_words(one) for one in sheet.open)
    if sheet.left:
        paper.heading(gettext("Cannot be had together; counted once"))
        paper.items(f"{title}{gettext(': ')}{because}" for title, because in sheet.left)
    paper.note(disclaimer_of(sheet))
    paper.note(source_of(sheet))
    if sheet.address:
        paper.code(qr_svg(sheet.address).decode(), gettext("Scan to see this result"), sheet.address)
    return paper


def road_lines(step: Step) -> list[str]:
    """What comes later with its sum, and below it what is to be done for it and where."""
    title = f"{step.title}{gettext(': ')}{step.amount}" if step.amount else step.title
    todo = f"{gettext('What is to be done')}{gettext(': ')}{step.deeds}"
    return [title, *([todo] if step.deeds else []), *(part for part in (step.until, step.step) if part)]


def assumed_words(sheet: HandoverSheet) -> str:
    """Say which figures are assumed and not answered, with their values; empty where there are none."""
    if not sheet.assumed:
        return ""
    return gettext("Assumed, because nobody said it: %(figures)s.") % {"figures": sheet.assumed}


def waiting_title(sheet: HandoverSheet) -> str:
    """What is open, by its name: in a copy that was made without some answers it is open there alone."""
    return gettext("Not decided in this copy") if sheet.left_out else gettext("Still waits for answers")


def waiting_words(one: Waiting) -> str:
    """What is open, why, and whom to ask, in one line."""
    parts = [one.until.rstrip("。."), one.why.rstrip("。."), one.ask]
    return f"{one.title}{gettext(': ')}{gettext('; ').join(part for part in parts if part)}"


def head_of(sheet: HandoverSheet) -> list[tuple[str, str]]:
    """Whose sheet it is, where, and of which days."""
    judged = day_words(sheet.judged_on)
    judged = judged if sheet.is_of_today else gettext("%(day)s (not the day of printing)") % {"day": judged}
    pairs = [(gettext("Carried by"), sheet.name)] if sheet.name else []
    pairs += [(gettext("Judged as"), sheet.who)] if sheet.who else []
    pairs += [
        (gettext("Place"), sheet.place),
        (gettext("Judged for the day"), judged),
        (gettext("Printed on"), day_words(sheet.printed_on)),
    ]
    if sheet.valid_until:
        pairs.append((gettext("Valid until"), day_words(sheet.valid_until)))
    return pairs


def totals_of(sheet: HandoverSheet) -> list[tuple[str, str]]:
    """The totals by kind; a loan is to be paid back and stays apart."""
    loan = [(gettext("Loan (to be paid back, not in the totals)"), gettext("up to %(sum)s") % {"sum": sheet.loan})]
    return [*sheet.totals, *(loan if sheet.loan else [])]


def add_rows(paper: Paper, title: str, rows: Sequence[Row]) -> None:
    """One section with its rows; nothing where there are none."""
    if rows:
        paper.heading(f"{title} ({len(rows)})")
    for row in rows:
        add_row(paper, row)


def add_row(paper: Paper, row: Row) -> None:
    """One measure: its name and sum, how and until when, the next step, the papers to tick."""
    lines = [gettext(" · ").join(part for part in (row.how, row.until) if part)]
    lines += [f"{gettext('Next step')}{gettext(': ')}{row.step}"] if row.step else []
    lines += [row.beside] if row.beside else []
    paper.row(row.title, row.amount, lines, row.papers)


def source_of(sheet: HandoverSheet) -> str:
    """Where the sheet comes from, so that who is handed it can make one too; empty where that is not known."""
    return gettext("Made with Chuangbao. Make your own: %(site)s") % {"site": sheet.site} if sheet.site else ""


def disclaimer_of(sheet: HandoverSheet) -> str:
    """What the sheet is not, and how long it can be relied on."""
    said = gettext(
        "Worked out from what was answered and from the texts of the rules. It is no decision: the office decides. "
        "What is marked “to be confirmed” was not yet checked against the printed text."
    )
    if not sheet.is_of_today:
        return f"{said} {gettext('It was judged for another day than that of printing.')}"
    if sheet.valid_until is None:
        return said
    return f"{said} {gettext('Look again after %(day)s.') % {'day': day_words(sheet.valid_until)}}"
