"""People's own words: what a search finds first, typos and places, and what is said where nothing is exactly meant."""

from __future__ import annotations

import csv
import os
import re
from datetime import date
from pathlib import Path

import pytest

from chuangbao.accounts.models import Office
from chuangbao.core.engine.current import current_pack
from chuangbao.policies.domain.places import find_place
from chuangbao.policies.domain.words import query_words, to_pinyin
from chuangbao.policies.search import Search
from chuangbao.policies.views.library import look
from chuangbao.rules import PackError, load_pack

DAY = date(2026, 11, 27)
SEARCHES = Path(__file__).with_name("searches.csv")
"""Words as people typed them, each with a title that must be among the first three."""
FIRST = Path(__file__).with_name("first_hits.csv")
"""What an adviser would open first for some of them; any of several is right."""
TABLE = Path(__file__).parents[2] / "docs" / "searches.md"
HEAD = """# What people search for, and what comes first

Written by `UPDATE_SEARCHES=1` with `tests/policies/test_everyday_words.py` out of `tests/policies/searches.csv`, with the
pack of Jilin on {day}. The first {tried} are those that were written down when 46 were tried by hand and 25 found nothing;
{more} were added since. *Nearest* means that nothing is exactly that, and the page says so.

| words | found | first |
|---|---|---|
"""
BY_HAND = 34


def first_titles(text, how_many=3):
    search, _counted = look(Search(text, {}, DAY, current_pack().meanings))
    return [entry.title_zh for entry in search.listed()[:how_many]]


def test_everyday_words_find_what_is_meant_among_the_first_three(library):
    with SEARCHES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 140
    found = {row["query"]: first_titles(row["query"]) for row in rows}
    wrong = {
        row["query"]: found[row["query"]]
        for row in rows
        if not any(title.startswith(row["finds"]) for title in found[row["query"]])
    }
    assert wrong == {}
    if os.environ.get("UPDATE_SEARCHES"):
        write_table([row["query"] for row in rows])


def test_the_first_hit_is_the_one_that_an_adviser_would_open(library):
    with FIRST.open(encoding="utf-8", newline="") as file:
        rows = {row["query"]: tuple(row["first"].split("|")) for row in csv.DictReader(file)}
    found = {query: next(iter(first_titles(query, 1)), "") for query in rows}
    assert {query: title for query, title in found.items() if not title.startswith(rows[query])} == {}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("怎么领失业金", "打12333"), ("失业金", "打12333"), ("房租补贴", "没有见到直接补贴房租的政策"),
        ("店铺房租有补贴吗", "没有见到直接补贴房租的政策"), ("失业了", None), ("贷款", None),
    ],
)  # fmt: skip
def test_who_looks_for_what_is_not_there_is_told_whom_to_ask(client, library, query, said):
    page = client.get("/policies/", {"q": query}).content.decode()
    told = [str(words.zh) for words in current_pack().hints.values()]
    assert any(words in page for words in told) is (said is not None)
    assert said is None or said in page


def write_table(queries):
    """Write for each search how much it finds and what comes first."""
    lines = []
    for query in queries:
        search, counted = look(Search(query, {}, DAY, current_pack().meanings))
        first = next(iter(search.listed()[:1]), None)
        how_many = f"{counted.total}, nearest" if search.nearest else str(counted.total)
        lines.append(f"| {query} | {how_many} | {first.title_zh if first else '—'} |")
    head = HEAD.format(day=DAY, tried=BY_HAND, more=len(queries) - BY_HAND)
    TABLE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("text", ["餐饮", "软件企业减税", "研发", "贷款", "长春贷款", "科技公司补贴"])
def test_what_has_ended_never_stands_before_what_is_in_force(library, text):
    search, _counted = look(Search(text, {}, DAY, current_pack().meanings))
    over = [entry.valid_to is not None and entry.valid_to < DAY for entry in search.listed()]
    assert over == sorted(over)


def test_what_is_of_the_city_around_a_county_is_not_of_the_county(library):
    search, _counted = look(Search("公主岭", {}, DAY, current_pack().meanings))
    assert "220100" in search.place.local
    assert "220100" not in search.place.own
    assert "220184" in search.place.own


@pytest.mark.parametrize(
    ("typo", "meant"), [("小型微力", "小型微利"), ("高薪技术企业", "高新技术企业"), ("孵花器", "孵化")]
)
def test_what_sounds_alike_comes_first(library, typo, meant):
    assert meant in first_titles(typo)[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("敦化", "222403"),
        ("敦化市有什么政策", "222403"),
        ("梅河口", "220581"),
        ("通化县", "220521"),
        ("dunhua", "222403"),
        ("qqqq Meihekou", "220581"),
    ],
)
def test_a_place_finds_what_holds_there(library, text, code):
    search, counted = look(Search(text, {}, DAY, current_pack().meanings))
    assert search.place.code == code
    assert search.place.line[-2:] == ("220000", "100000")
    assert not search.nearest, "a place is meant exactly"
    assert counted.total > 50
    assert not [e for e in search.listed() if e.region == "220200"], "another city's"
    assert search.listed()[0].title_zh.startswith("吉林"), "of the province before the nation"


@pytest.mark.parametrize(("text", "own"), [("长春", "220100"), ("白山市", "220600"), ("吉林市", "220200")])
def test_what_is_of_a_place_alone_comes_first(library, text, own):
    search, _counted = look(Search(text, {}, DAY, current_pack().meanings))
    first = [entry.region for entry in search.listed()[:1]]
    assert first[0] == own


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("敦化贷款", "吉林省创业担保贷款"),
        ("Dunhua loan", "吉林省创业担保贷款"),
        ("梅河口 社保补贴", ""),
        ("在延边开店有补贴吗", "吉林"),
    ],
)
def test_the_words_beside_a_place_say_what_is_looked_for(library, text, first):
    search, counted = look(Search(text, {}, DAY, current_pack().meanings))
    assert counted.total
    assert not search.nearest
    assert search.listed()[0].title_zh.startswith(first)


def test_the_page_says_where_to_go_in_a_place(client, library, regions):
    Office.objects.create(region_id="222403", department="labour", name="敦化市就业服务局", phone="0433-0000000")
    page = client.get("/policies/?q=敦化").content.decode()
    assert "敦化市去哪里办" in page
    assert page.index("敦化市就业服务局") < page.index("cb-results")
    assert "0433-0000000" in page
    assert "?region=222403" in page
    assert "没有完全相符" not in page
    assert "去哪里办" not in client.get("/policies/?q=贷款").content.decode()
    start = client.get("/checkup/?region=222403").content.decode()
    assert re.search(r'value="222403"[^>]*selected', start)


def test_words_of_questions_are_left_out_and_alone_they_are_kept():
    meanings = {"贷款": ("贷款",)}
    assert query_words("怎么贷款", meanings) == [["贷款"]]
    assert query_words("怎么", meanings) == [["怎么"]]
    assert to_pinyin("小型 微力！") == "xiaoxingweili"


def test_the_page_says_that_these_come_nearest_or_that_there_is_nothing(client, library):
    page = client.get("/policies/?q=小型微力").content.decode()
    assert "没有完全相符的内容，以下最接近。" in page
    assert "适用：企业" in page
    assert 'href="/checkup/"' in page
    nothing = client.get("/policies/?q=qqqq").content.decode()
    assert "没有匹配的内容" in nothing
    assert "回答几个问题，看看您能享受什么" in nothing
    assert "没有完全相符" not in client.get("/policies/?q=贷款").content.decode()


def test_a_row_says_what_a_measure_gives_whom_and_until_when(client, library):
    page = client.get("/policies/?q=六税两费减半").content.decode()
    assert "适用：" in page
    assert '截至 <time datetime="2027-12-31">2027年12月31日</time>' in page


def test_in_english_a_row_says_for_whom_and_until_when_as_english_does(client, library):
    page = client.get("/policies/?q=六税两费减半", headers={"accept-language": "en"}).content.decode()
    assert re.search(r"For: [A-Z][^<、]*, [A-Z]", page)
    assert 'until <time datetime="2027-12-31">31 December 2027</time>' in page


def test_a_place_that_nobody_names_is_none():
    for text in ("贷款", "吉林", "吉林省创业担保贷款", "全国", "Jilin loan", "China"):
        assert find_place(current_pack(), text, DAY) is None


def test_an_entry_of_synonyms_that_is_neither_is_refused(tmp_path):
    from minipack import build

    with pytest.raises(PackError, match="bad_synonym"):
        load_pack(build(tmp_path, ("synonyms.yaml", "[小微企业, 小型微利企业]", "{say: [开店]}")))


@pytest.mark.parametrize("text", ["é" * 200, "中" * 200, "ß" * 200, "".join(map(chr, range(0x4E00, 0x4E00 + 200)))])
def test_a_text_of_two_hundred_words_is_answered(client, library, text):
    assert client.get("/policies/", {"q": text}).status_code == 200
    assert len(query_words(text, {})) <= 16
