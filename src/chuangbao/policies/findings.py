"""What is wrong with a text, in words of the reader's language, beside the line it is in."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.rules.diagnostics import Finding

__all__ = ["finding_words", "listed", "shown_findings", "subject_words"]

AROUND = 1


def finding_words(finding: Finding) -> str:
    """The kind of mistake in words; the exact message of the language is shown beside it."""
    return {
        "yaml": gettext("The text is not laid out as YAML here: look at indentation, colons and quotes."),
        "characters": gettext("There is a character here that no text may have."),
        "alias": gettext("Write the value itself: a text has no aliases (&name, *name)."),
        "tag": gettext("Write the value alone: a text has no tags (!!name)."),
        "number": gettext("This is no figure that can be used: at most 30 digits, 18 of them decimals."),
        "too_large": gettext("This can grow beyond every amount (45 digits); bound it with LEAST."),
        "too_long": gettext("This text is too long for one version of a measure."),
        "too_many": gettext("This list is too long for one measure: at most 300 items."),
        "one_word": gettext("One word is expected here, not a list."),
        "too_deep": gettext("This is nested too deep."),
        "no_measure": gettext("This is no measure yet: it begins with id:, title: and versions:."),
        "no_id": gettext("The measure needs an id."),
        "no_title": gettext("The measure needs a title."),
        "no_region": gettext("The measure needs a region."),
        "no_version": gettext("The version needs a name of its own."),
        "one_version": gettext("One text holds exactly one version."),
        "versions": gettext("One text holds exactly one version."),
        "condition_id": gettext("Every condition needs an id of its own."),
        "layout": gettext("Write versions: last, each version on lines of its own, without aliases."),
        "unknown_name": gettext("There is no fact or parameter of this name."),
        "unknown_clause": gettext("The library has no such clause."),
        "syntax": gettext("The expression cannot be read here: look at brackets, quotes and commas."),
        "empty": gettext("The expression is empty."),
        "not_allowed": gettext("This is not part of the rule language."),
        "type": gettext("These do not go together: one is a number, the other a text, a day or a yes-no answer."),
        "unit": gettext("The units do not go together."),
        "percentage": gettext("A share runs from 0 to 1: write 0.7 for 70%."),
        "code": gettext("This code is not in its list."),
        "absent": gettext("The fact may be known not to exist; say what holds then."),
        "zero_division": gettext("This can divide by zero; say what holds then."),
        "date": gettext("This is no calendar day; write 2026-01-31."),
        "subject": gettext("This is not a kind of subject."),
        "kind": gettext("This is not a kind of benefit."),
        "status": gettext("This is not a verdict."),
        "function": gettext("There is no such function."),
        "never": gettext("These conditions cannot hold together: nobody is ever entitled."),
        "past_validity": gettext("A figure, an exclusion or a document counts only outside the period of the version."),
        "implied": gettext("This condition holds whenever the others do: was another figure meant?"),
        "dead_branch": gettext("Nobody comes to this branch: an earlier one takes all."),
        "gap_in_bands": gettext("There is a hole between two bands: a value between two that are served gets nothing."),
        "cliff": gettext("The amount falls when a figure grows by one step."),
        "negative_amount": gettext("The amount can be below zero."),
        "no_amount": gettext("Somebody can be entitled to an amount that cannot be worked out."),
        "parameter_gap": gettext("On some day of the period a figure has no value."),
        "both_due": gettext(
            "Together with another measure, both can be owed for the same; nothing says whether both are paid."
        ),
        "impossible_example": gettext("No subject can be as a worked case says."),
        "stale_explanation": gettext("An explanation here explains nothing any more."),
        "not_decided": gettext("The analysis could not decide a question; simpler formulas are easier to judge."),
        "path": gettext("This fact belongs to another kind of subject, and no single way leads there."),
    }.get(finding.code, gettext("This does not hold together."))


def subject_words(subject: str) -> str:
    """A kind of subject as people say it."""
    return {
        "person": gettext("Person"), "enterprise": gettext("Company"), "space": gettext("Makerspace"),
        "institution": gettext("School or institute"), "investor": gettext("Investor"), "agency": gettext("Office"),
    }[subject]  # fmt: skip


def shown_findings(content: str, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Each finding with the lines around it."""
    lines = content.splitlines()
    found = []
    for finding in findings:
        first = max(finding.line - 1 - AROUND, 0)
        around = [
            {"number": n + 1, "text": lines[n], "here": n + 1 == finding.line}
            for n in range(first, min(finding.line + AROUND, len(lines)))
        ]
        found.append(
            {"finding": finding, "words": finding_words(finding), "lines": around if finding.line else [],
             "detail": finding.message, "hint": finding.hint}
        )  # fmt: skip
    return found


def listed(before: str, after: str) -> list[dict[str, str]]:
    """Two texts as one list of lines: kept, gone, new; in a time that long texts do not multiply."""
    old, new = before.splitlines(), after.splitlines()
    found: list[dict[str, str]] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new).get_opcodes():
        found += [{"kind": "kept" if kind == "equal" else "removed", "text": line} for line in old[i:j]]
        found += [{"kind": "added", "text": line} for line in new[k:m] if kind != "equal"]
    return found
