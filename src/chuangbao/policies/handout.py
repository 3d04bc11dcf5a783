"""A measure on one page to hand out (明白纸): what one gets, who, what to bring, where, until when, whom to call."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext

from chuangbao.accounts.directory import place_words
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.verdicts import grant_words, opening_words
from chuangbao.core.exports.pdf import Leaflet
from chuangbao.core.localization.formatting import day_words, plain_money, text
from chuangbao.policies.enums import Stage
from chuangbao.policies.standing import standing_kind, standing_words
from chuangbao.rules.model import FactType
from chuangbao.rules.windows import opening_of
from chuangbao.ui.presentation.formula import amount_words

if TYPE_CHECKING:
    from chuangbao.accounts.directory import Place
    from chuangbao.rules.model import Measure, Version

__all__ = ["figure_of", "leaflet_of"]

HOLDS = "in_force"
"""The kind of standing of what has no last day."""

MOST_LIMITS = 3
SIGNS = ("×", "÷", "＋", "－")
"""Signs of a formula: with more than one of them a sum is no longer read at one look."""
SHORT = 44
"""Characters of a sum in words that a person takes in at one look."""


def leaflet_of(measure: Measure, version: Version, place: Place, code: str) -> Leaflet:
    """Put a measure on one page, with where to go; ``code`` is the picture of a QR code of its page."""
    today = timezone.localdate()
    stands = (str(Stage.IN_FORCE), version.valid_from, version.valid_to, today)
    who = [text(c.label) for c in version.conditions] or [text(version.manual)]
    ends = standing_words(*stands) if standing_kind(*stands) != HOLDS else ""
    when = [opening_words(opening_of(version, today, None)), ends]
    sections = (
        (gettext("Who it is for"), who),
        (gettext("Next step"), [text(version.channel), place_words(place)]),
        (gettext("Until when"), [*when, text(version.deadline)]),
        (gettext("What a person will look at"), [text(c.label) for c in version.checks]),
    )
    return Leaflet(
        title=text(measure.title),
        note=grant_words(version.grant),
        figure=figure_of(version),
        sections=tuple((title, tuple(filter(None, lines))) for title, lines in sections if any(lines)),
        ticks=(gettext("What to bring"), tuple(text(paper.label) for paper in version.documents)),
        calls=tuple(call_words(place)),
        code=code,
        caption=gettext("Scan to read it whole and to work out your own case."),
        small=small_print(version),
    )


def figure_of(version: Version) -> str:
    """What one gets: the sum where it is short to say, else its limits and what the pack notes, else the title."""
    worked = amount_words(version)
    note = text(version.benefit.note)
    if worked and len(worked) <= SHORT and sum(map(worked.count, SIGNS)) <= 1:
        return f"{worked}{gettext('; ')}{note}" if note and len(note) <= SHORT else worked
    said = [*limits_of(version), note]
    return gettext("; ").join(part for part in said if part) or text(version.title)


def limits_of(version: Version) -> list[str]:
    """The sums of money that a version names beside its formula: 个人额度上限 30万元."""
    sums = [p for p in version.parameters.values() if p.type is FactType.MONEY and p.values]
    return [f"{text(p.label)} {plain_money(Decimal(str(p.values[-1].value)))}" for p in sums[:MOST_LIMITS]]


def call_words(place: Place) -> list[str]:
    """The lines to call: that of the department, and the one for everything."""
    offices = current_pack().offices
    general = offices.hotline_of([]) if offices else None
    lines = [gettext("Questions: call %(line)s") % {"line": place.hotline.number}] if place.hotline else []
    if general is not None and general is not place.hotline:
        lines.append(gettext("Government service line %(line)s") % {"line": general.number})
    return lines


def small_print(version: Version) -> str:
    """Where it is read, from when to when it holds, whether it was checked, and the day of printing."""
    known = version.number, text(version.issuer), version.date_text
    parts = [" ".join(part for part in known if part)]
    if not version.confirmed:
        parts.append(gettext("Unconfirmed: nobody has checked this against the printed source yet."))
    parts.append(gettext("Printed on %(day)s.") % {"day": day_words(timezone.localdate())})
    return gettext("; ").join(part for part in parts if part)
