"""What the page of a document that was read says about it (导入结果), in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chuangbao.policies.domain.reading import figure_words, sections

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["WARNINGS", "describe_document", "warning_words"]

WARNINGS = (
    gettext_noop("the page has no text (a scan or a picture) and was not read"),
    gettext_noop("%(count)s letters could not be read because they have no names"),
    gettext_noop("%(count)s characters around the main part of the page (menus, footer) were left out"),
    gettext_noop("%(count)s pictures were not read; text in them is missing"),
    gettext_noop("%(count)s characters struck out by tracked changes were left out"),
    gettext_noop("%(count)s comments in the margin were left out"),
    gettext_noop("a diagram with %(count)s characters was not read"),
    gettext_noop("%(count)s charts were not read"),
    gettext_noop("%(count)s embedded files were not read"),
    gettext_noop("a line of the footer was left out: %(line)s"),
)
"""Every warning of the readers; the document parser knows no Django and speaks English."""


def describe_document(text: str, parsed: dict[str, Any]) -> dict[str, Any]:
    """Return what the template shows: head, sections, warnings and the forces that occur."""
    shown = sections(text, parsed)
    found = {sentence.modality for section in shown for sentence in section.sentences if sentence.modality}
    return {
        "parsed": parsed,
        "sections": shown,
        "account": parsed["account"],
        "head": list(_head_rows(parsed)),
        "warnings": [warning_words(warning) for warning in parsed["warnings"]],
        "forces": sorted(found),
        "figures": list(_figures(parsed["preamble"], "")) + list(_all_figures(parsed["sections"])),
    }


def _all_figures(tree: list[dict[str, Any]]) -> Iterable[tuple[str, str, str]]:
    """Yield the figures of each part, those of its tables too, in reading order."""
    for section in tree:
        yield from _figures(section["sentences"], section["mark"] or "")
        yield from _all_figures(section["children"])


def _figures(sentences: list[dict[str, Any]], mark: str) -> Iterable[tuple[str, str, str]]:
    """Yield each figure as printed, as understood, and the mark of its part."""
    for sentence in sentences:
        yield from ((q["text"], figure_words(q), mark) for q in sentence["quantities"])


def _head_rows(parsed: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield name and value of each part of the head."""
    cites = (f"{cite['title'] or ''} {cite['number'] or ''}".strip() for cite in parsed["cites"])
    yield _("Kind"), parsed["kind"] or ""
    yield _("Document number"), parsed["number"] or ""
    yield _("Issued by"), "、".join(parsed["issuers"])
    yield _("Date"), parsed["date"] or ""
    more = (
        (_("In force from"), parsed["effective"] or ""),
        (_("Addressed to"), "、".join(parsed["addressees"])),
        (_("Basis"), "、".join(parsed["basis"])),
        (_("Attachments"), "、".join(parsed["attachments"])),
        (_("Ends"), "、".join(parsed["repeals"])),
        (_("Documents named inside"), "、".join(cites)),
    )
    yield from (row for row in more if row[1])


def warning_words(warning: dict[str, Any]) -> str:
    """Return a warning as a sentence with its place in front."""
    said = _(warning["template"]) % warning["values"]
    number = warning["place"].removeprefix("page ")
    return _("Page %(number)s: %(said)s") % {"number": number, "said": said} if number else said
