"""What the library does apart from pages, at its edges."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.policies.domain import calculator
from chuangbao.policies.domain.load import load_library
from chuangbao.policies.domain.reading import pieces, read_text, read_upload
from chuangbao.policies.domain.words import query_words
from chuangbao.policies.models import Entry


def version(name):
    return current_pack().versions[name]


def test_the_sample_day_is_today_or_the_nearest_day_of_the_version():
    _measure, old = version("CIT-SLP-2015A")
    assert calculator.sample_day(old, date(2014, 6, 1)) == old.valid_from
    assert calculator.sample_day(old, date(2015, 6, 1)) == date(2015, 6, 1)
    assert calculator.sample_day(old, date(2026, 6, 1)) == old.valid_to


def test_the_curve_shows_both_sides_of_the_cliff():
    measure, old = version("CIT-SLP-2015A")
    facts = calculator.starting_facts(measure, old)
    points = dict(calculator.curve(current_engine(), measure, old, facts, "taxable_income", date(2015, 6, 30)))
    assert points[200000] == 30000
    assert [amount for value, amount in points.items() if 200000 < value < 200001] == [0]


def test_the_curve_leaves_out_values_that_a_fact_cannot_have(monkeypatch):
    measure, old = version("CIT-SLP-2015A")
    engine, facts = current_engine(), calculator.starting_facts(measure, old)
    asked = []

    def limited(raw, **rest):
        asked.append(raw["taxable_income"])
        return type(engine).profile(
            engine, {**raw, "taxable_income": "viel"} if raw["taxable_income"] > 200000 else raw, **rest
        )

    monkeypatch.setattr(engine, "profile", limited, raising=False)
    points = dict(calculator.curve(engine, measure, old, facts, "taxable_income", date(2015, 6, 30)))
    assert max(asked) > 200000
    assert max(points) == 200000


@pytest.mark.django_db
def test_the_library_is_written_once_for_the_same_content():
    assert load_library(pack=current_pack()) is True
    before = list(Entry.objects.values_list("pk", flat=True).order_by("pk"))
    assert load_library(pack=current_pack()) is False
    assert list(Entry.objects.values_list("pk", flat=True).order_by("pk")) == before


def test_a_file_is_read_like_its_text():
    text = "关于支持创业的通知\n\n各市（州）人民政府：\n  现通知如下。\n"
    assert read_upload(SimpleUploadedFile("通知.txt", text.encode()))[0] == read_text(text)[0] == text


def test_marks_that_lie_over_each_other_are_shown_once():
    text = "奖励《办法》20万元"
    quantities = [
        {"start": 6, "end": 10, "kind": "money", "text": "20万元", "value": "200000", "unit": "CNY", "bound": None}
    ]
    sentence = {"start": 0, "end": len(text), "modality": "", "quantities": [*quantities, *quantities]}
    found = pieces(text, sentence, [])
    assert "".join(piece.text for piece in found) == text


def test_a_word_with_synonyms_is_looked_for_by_any_of_them():
    synonyms = dict.fromkeys(("创业担保贷款", "小额担保贷款"), ("创业担保贷款", "小额担保贷款"))
    assert query_words("创业担保贷款", synonyms) != query_words("创业担保贷款", {})
    assert len(query_words("创业担保贷款", synonyms)) == 1
