"""Documents that were once read wrong, each with the values that are right (cases/*/case.json)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from chuangbao.gongwen import Document, DocumentError, parse_file

CASES = Path(__file__).parent / "cases"
HEAD = ("number", "title", "issuers", "date", "addressees", "basis", "attachments", "effective", "repeals", "kind")
EXPECTED = {
    f"{case.parent.name}/{name}": expected
    for case in sorted(CASES.glob("*/case.json"))
    for name, expected in json.loads(case.read_text(encoding="utf-8"))["expect"].items()
}


def sentences(document: Document):
    yield from ((None, sentence) for sentence in document.preamble)
    yield from ((section, sentence) for section in document.walk() for sentence in section.sentences)


def said(document: Document, sentence) -> str:
    return document.text[sentence.start : sentence.end]


def marks_above(document: Document, part: str) -> list[str]:
    found: list[str] = []

    def look(section, above):
        here = above + ([section.mark] if section.mark else [])
        if part in "".join(said(document, s) for s in section.sentences) + section.heading:
            found.append("/".join(here))
        for child in section.children:
            look(child, here)

    for section in document.sections:
        look(section, [])
    return found


def check_head(document: Document, want: dict) -> None:
    read = document.to_dict()
    for key in HEAD:
        assert key not in want or read[key] == want[key], key
    assert want.get("number_contains", "") in (document.number or "")
    assert any(want.get("basis_contains", "") in basis for basis in ("", *document.basis))
    for title, number in want.get("cites", []):
        assert any((c.title, c.number) == (title, number) for c in document.cites)


def check_text(document: Document, want: dict) -> None:
    texts = [said(document, s) for _, s in sentences(document)]
    assert "sentence_contains" not in want or any(want["sentence_contains"] in text for text in texts)
    assert all(part in document.text for part in want.get("text_contains", []))
    for part, force in want.get("modality", []):
        got = next(str(s.modality) for _, s in sentences(document) if part in said(document, s))
        assert got in str(force).split("|"), part
    if "subjects" in want:
        assert [d.name for _, s in sentences(document) for d in s.duty_holders if d.role == "subject"] == want[
            "subjects"
        ]


def check_quantities(document: Document, want: dict) -> None:
    read = [
        (section, s, [(q.text, q.value, q.unit, q.bound) for q in s.quantities]) for section, s in sentences(document)
    ]
    every = [quantity for _, _, quantities in read for quantity in quantities]
    for expected in want.get("quantities", []):
        assert tuple(expected) in every
    for anchor, values, bound in want.get("quantities_by_value", []):
        value = values[0] if len(values) == 1 else values
        near = [
            q
            for section, s, found in read
            if anchor in said(document, s) or (section and section.mark == anchor)
            for q in found
        ]
        assert any(q[1] == value and bound in {None, q[3]} for q in near), anchor
    for text, value in want.get("no_quantity", []):
        assert not any(q[:2] == (text, value) for q in every)


def check_tree(document: Document, want: dict) -> None:
    for mark, heading in want.get("headings", []):
        assert heading in [s.heading for s in document.walk() if s.mark == mark]
    for parts, place in want.get("under", []):
        assert all(place in marks_above(document, part) for part in parts.split("|"))
    assert "root_headings" not in want or [s.heading for s in document.sections] == want["root_headings"]
    assert len(document.sections) == want.get("roots", len(document.sections))
    assert set(want.get("marks", [])) <= {re.sub(r"[ .、．]+$", "", s.mark) for s in document.walk()}


@pytest.mark.parametrize("name", EXPECTED)
def test_case(name):
    want = EXPECTED[name]
    try:
        document = parse_file(CASES / name)
    except DocumentError:
        assert want.get("error")
        return
    assert bool(document.warnings) or not (want.get("error") or want.get("text_or_warning"))
    for check in (check_head, check_text, check_quantities, check_tree):
        check(document, want)
