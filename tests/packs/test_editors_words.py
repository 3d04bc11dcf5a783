"""What a page shows of a measure is for its readers: no grade of a source, no name of a fact, no word between editors."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date

import pytest

from chuangbao.policies.domain.places import find_place
from chuangbao.rules.model import Text
from keptpack import load_house_pack

PACK = load_house_pack()
DAY = date(2026, 11, 28)
HAN = re.compile("[一-鿿]")
WITHIN = re.compile(r"[a-z]+_[a-z_]+|\brows\b|备注）|建议改|（[ABC]）|[，。 ][ABC](?=[。；）]|$)")
"""A name of a fact or a table, a version cited as its own note, and A, B, C for how sure an editor was."""
EDITORS = {"notes", "when", "text", "examples", "id", "version"}
"""Fields that no page shows, or that are formulas."""


def words_of(thing: object, place: str) -> Iterator[tuple[str, str]]:
    """Each text below a thing, with the place where it is."""
    if isinstance(thing, Text):
        yield place, thing.zh
    elif isinstance(thing, str):
        if HAN.search(thing):
            yield place, thing
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            if field.name not in EDITORS:
                yield from words_of(getattr(thing, field.name), f"{place}.{field.name}")
    else:
        inside = thing.values() if isinstance(thing, Mapping) else thing
        for value in inside if isinstance(inside, Collection) else ():
            yield from words_of(value, place)


@pytest.mark.parametrize("measure", list(PACK.measures))
def test_no_word_between_editors_reaches_a_page(measure):
    found = [w for v in PACK.measures[measure].versions for w in words_of(v, v.version) if WITHIN.search(w[1])]
    assert found == []


@pytest.mark.parametrize("measure", list(PACK.measures))
def test_until_when_and_how_is_said_to_a_reader_and_not_what_an_editor_did_not_find(measure):
    found = [(v.version, v.deadline, v.channel.zh) for v in PACK.measures[measure].versions]
    assert [row for row in found if "未见" in f"{row[1]}{row[2]}"] == []


@pytest.mark.parametrize("measure", list(PACK.measures))
def test_until_when_and_how_is_said_in_english_too(measure):
    found = [text for v in PACK.measures[measure].versions for text in (v.deadline, v.channel) if text.zh]
    assert [text.zh for text in found if not text.en or re.search("[\u4e00-\u9fff]", text.en)] == []


def test_such_a_word_would_be_seen():
    for words in (
        "时限未见，C",
        "不冲突（B）。",
        "取高（JL-GRAD-50K 备注）。",
        "事实 insurance_paid 应分人，建议改为 rows",
    ):
        assert WITHIN.search(words), words
    assert not WITHIN.search("GB/T 4754—2017 门类C")


@pytest.mark.parametrize("measure", list(PACK.measures))
def test_whom_a_measure_is_for_has_a_name(measure):
    assert {*PACK.measures[measure].audience} <= {audience.id for audience in PACK.audiences}


def test_no_text_for_all_counties_names_the_window_of_one():
    named = {}
    for measure in PACK.measures.values():
        for version in measure.versions:
            place = find_place(PACK, version.deadline.zh, DAY)
            if place is not None and place.code not in PACK.regions.line(measure.region, DAY):
                named[version.version] = version.deadline.zh
    assert named == {}


THIN, LONG = 2, 16
"""Words of an English label, and characters of a Chinese one, that cannot say the same."""


def test_english_says_what_to_bring_and_what_is_looked_at():
    thin = {
        (measure.id, each.label.en)
        for measure in PACK.measures.values()
        for version in measure.versions
        for each in (*version.documents, *version.checks, *version.conditions)
        if len(each.label.zh) >= LONG and len(each.label.en.split()) <= THIN
    }
    assert thin == {("vat-advmfg-5pct", "High-tech enterprise")}, "in brackets it says which branches"


def test_what_one_wants_is_a_wish_in_english():
    assert all(len(want.label.en.split()) > 1 for want in PACK.wants)
