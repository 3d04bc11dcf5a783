"""Finding things: words, synonyms, sounds, numbers, facets; and reading a document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from chuangbao.core import search_sources
from chuangbao.core.engine.current import current_pack
from chuangbao.policies.domain.amounts import amounts_in
from chuangbao.policies.domain.load import load_library
from chuangbao.policies.domain.words import folded_number, sounds
from chuangbao.policies.models import Entry, Kind, LoadedPack
from chuangbao.policies.moved import moved_words
from chuangbao.policies.search import Search

SEED = Path(__file__).parents[2] / "packs" / "jilin" / "texts" / "jilin-2015-31.txt"


def found(text, **chosen):
    return {e.ref for e in Search(text, chosen, date(2026, 11, 24)).narrowed()}


@pytest.mark.parametrize(
    "text", ["小型微利", "xxwl", "xiaoxingweili", "财税〔2015〕34号", "财税[2015]34号", "财税(2015) 34 号"]
)
def test_a_measure_is_found_by_word_sound_and_number(library, text):
    assert "2.6.3-small-profit" in found(text)


SAME_AMOUNTS = (
    ("20万", "20万元", "２０万", "２０ 万元", "200000元", "200,000元", "２００，０００元", "200000", "¥200000", "二十万元", "20w",
     "RMB 200,000", "20万块"),
    ("5万元", "５万", "50000元", "五万元", "50千元", "0.5十万", "50,000元", "¥50000", "5 万块钱", "5W"),
)  # fmt: skip


@pytest.mark.parametrize("spellings", SAME_AMOUNTS, ids=lambda s: s[0])
def test_an_amount_is_found_however_it_is_written(library, spellings):
    outcomes = {text: found(text) for text in spellings}
    first = outcomes[spellings[0]]
    assert first
    assert {text: outcome ^ first for text, outcome in outcomes.items() if outcome != first} == {}


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [("ｄａｉｋｕａｎ", "daikuan"), ("财税〔２０１５〕３４号", "财税〔2015〕34号"), ("２．６．３-small-profit", "2.6.3-small-profit"),
     ("３１号", "31号"), ("创业　贷款", "创业 贷款")],
)  # fmt: skip
def test_wide_signs_are_searched_for_as_narrow_ones(library, wide, narrow):
    assert found(wide) == found(narrow) != set()


@pytest.mark.parametrize(
    "text",
    ["2015年", "第20万", "20万人", "31号", "财税〔2015〕34号", "2.6.3", "60 words", "千家万户", "第十批", "2015"],
)
def test_what_is_no_amount_is_not_read_as_one(text):
    assert [a for a in amounts_in(text) if not a.bare] == []


def test_the_amount_of_a_query_is_marked_as_the_text_prints_it():
    assert {"20万元", "20万", "200,000"} <= set(Search("200000", {}, date(2026, 11, 24)).marks())


def test_a_library_of_an_older_index_is_written_again(library):
    LoadedPack.objects.update(digest=current_pack().digest)  # as releases before the amounts kept it
    assert load_library(pack=current_pack()) is True


def test_a_facet_counts_what_a_choice_would_leave(library):
    search = Search("", {"kind": "measure"}, date(2026, 11, 24))
    for facet in search.counted().facets["state"]:
        assert len(found("", kind="measure", state=facet.value)) == facet.count


def test_the_list_takes_a_literal_number_of_queries(client, library, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(search_sources, "SOURCES", {})  # what other contexts find is counted where they are tested
    with django_assert_num_queries(4):  # the words of officers, the counts, the list, the register
        client.get("/policies/?q=创业")


def test_numbers_fold_to_one_style():
    assert folded_number("吉政办发[2015] 31号") == "吉政办发〔2015〕31号"
    assert sounds("创业") == "chuangye cy"


def test_the_seed_is_read_in_the_browser_form(client, library):
    upload = SimpleUploadedFile("seed.txt", SEED.read_bytes())
    page = client.post("/policies/import/", {"file": upload, "text": ""})
    assert page.status_code == 200
    assert "吉政办发〔2015〕31号" in page.content.decode()
    assert [len(s["children"]) for s in page.context["parsed"]["sections"]] == [3, 9, 3]


def test_a_file_that_cannot_be_read_is_refused_with_a_reason(client, library):
    upload = SimpleUploadedFile("seed.pdf", b"%PDF-1.4 nothing")
    assert client.post("/policies/import/", {"file": upload, "text": ""}).status_code == 422


def test_an_empty_form_is_refused(client, library):
    assert client.post("/policies/import/", {"text": " "}).status_code == 422


@pytest.mark.parametrize("text", ["贷款", "补贴", "小微企业", "孵化器", "大学生", "增值税"])
def test_what_has_ended_comes_after_what_is_in_force(library, text):
    day = date(2026, 11, 24)
    ended = [bool(e.valid_to and e.valid_to < day) for e in Search(text, {}, day).listed()]
    assert ended == sorted(ended)


def test_what_has_ended_comes_first_where_it_is_named(library):
    day = date(2026, 11, 24)
    gone = Entry.objects.filter(valid_to__lt=day, kind=Kind.MEASURE).order_by("pk").first()
    assert Search(gone.title_zh, {}, day).listed()[0].title_zh == gone.title_zh


def test_a_figure_that_moved_says_whose_it_is_and_what_the_nation_has():
    old, new = (v.parameters["year_limit"] for v in current_pack().measures["2.3.1-veterans"].versions[-2:])
    with override("zh-hans"):
        assert moved_words(old, new) == "：由¥14,400.00改为¥24,000.00（吉林省标准；全国标准为¥20,000.00）"
        assert moved_words(None, replace(new, values=new.values[:1])) == "：由—改为¥20,000.00"


def test_a_row_says_how_much_and_a_title_is_said_once(client, library):
    row = client.get("/policies/?kind=measure").content.decode()
    assert "企业所得税税率由25%降到15%" in row
    measure = client.get("/policies/measures/1.3.7-cit-hnte/").content.decode().split("<main", 1)[1]
    assert measure.split("</header>", 1)[0].count("高新技术企业15%") == 1
    assert "2016年1月1日</time>起" in measure
    assert "符合条件的" in measure
