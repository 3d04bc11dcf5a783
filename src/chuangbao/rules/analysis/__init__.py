"""Static analysis of measures (静态分析): what no one meant, found by z3 and shown by profiles.

For the page of an editor, one draft in well under a second::

    from chuangbao.rules.analysis import findings

    for finding in findings(text_of_the_measure, pack):  # or a checked Measure
        finding.line, finding.code, finding.message, finding.hint
        for witness in finding.witnesses:
            str(witness)  # a worked case in YAML; witness.case() is the same as a mapping

``findings`` raises PackError where the draft cannot be read. It looks at the draft itself and at each measure of
the pack beside it. ``analyse`` does the same for a whole pack. Both may be called from several threads.

Facts are complete here (nothing is unknown but what cannot be worked out), a fact that is worked out is what its
derivation says, and the day is any day of the version's period; a condition counts as implied only if it is so on
every day of the calendar.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from z3 import main_ctx
from z3.z3core import Z3_enable_concurrent_dec_ref

from chuangbao.rules.analysis.bands import Bands
from chuangbao.rules.analysis.draft import positioned, read_draft
from chuangbao.rules.analysis.examples import Examples
from chuangbao.rules.analysis.explained import Explained, sorted_out
from chuangbao.rules.analysis.found import Found, Show
from chuangbao.rules.analysis.inquiry import Inquiry
from chuangbao.rules.analysis.pairs import Pair, pairs
from chuangbao.rules.analysis.single import Single
from chuangbao.rules.analysis.validity import Validity
from chuangbao.rules.awards import with_measures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Measure, Pack, Version

__all__ = ["Explained", "Found", "analyse", "contradictions", "findings"]

SOLVER = Lock()  # z3 keeps one context for the process
Z3_enable_concurrent_dec_ref(main_ctx().ref())  # what is left over may be swept up by any thread, also while one asks


def analyse(pack: Pack) -> Explained:
    """Every measure of a pack and every two of them."""
    measures = tuple(pack.measures.values())
    with SOLVER:
        found = [f for m in measures for f in alone(pack, m)]
        found += beside(pack, pairs(measures))
    return sorted_out(found, measures)


def findings(draft: Measure | str, pack: Pack) -> list[Finding]:
    """One draft, given as its YAML text or as a checked measure, beside the measures of ``pack``.

    Raises PackError where the text cannot be read.
    """
    measure, place = read_draft(draft, pack)
    pack = with_measures(pack, {**pack.measures, measure.id: measure})
    others = [m for m in pack.measures.values() if m.id != measure.id]
    with SOLVER:
        found = list(alone(pack, measure))
        found += beside(pack, ((measure, other) for other in others))
    return positioned(sorted_out(found, (measure,)), place)


def contradictions(measure: Measure, pack: Pack) -> list[Finding]:
    """Why no one can be eligible under a version, on any day of its period; empty where someone can."""
    with SOLVER:
        found = [
            finding
            for version in measure.versions
            for finding in Single(Inquiry(pack, (version,)), Show(pack, measure), measure, version).nobody()
        ]
    return positioned(Explained(tuple(found), ()), None)


def alone(pack: Pack, measure: Measure) -> Iterator[Found]:
    """What each version says by itself."""
    show = Show(pack, measure)
    for version in measure.versions:
        inquiry = Inquiry(pack, (version,))
        yield from Single(inquiry, show, measure, version).findings()
        yield from Bands(inquiry, show, ((measure, version),)).findings()
        yield from Validity(inquiry, show, measure, version).findings()
        yield from Examples(inquiry, show, measure, version).findings()
        if inquiry.undecided:
            yield open_question(measure, version, version.version, inquiry.undecided)


def beside(pack: Pack, two: Iterable[tuple[Measure, Measure]]) -> Iterator[Found]:
    """What measures say of each other."""
    for one, other in two:
        undecided: list[str] = []
        yield from Pair(pack, Show(pack, one, other), one, other).findings(undecided)
        for names in undecided:
            yield open_question(one, one.versions[0], names, 1)


def open_question(measure: Measure, version: Version, names: str, times: int) -> Found:
    """The solver stopped before it knew."""
    message = f"{times} question{'s' * (times > 1)} about {names} could not be decided"
    hint = "simpler formulas are easier to judge"
    return Found("not_decided", measure.id, version.version, message, hint, severity="note")
