"""Words of the search that officers keep: added, in effect at once, taken away, on the record, tried beside."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.html import strip_tags

import factories
from chuangbao.authoring.domain.synonyms import add_synonym, remove_synonym
from chuangbao.core.models import History
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.meanings import known_meanings
from chuangbao.policies.models import Synonym
from chuangbao.policies.search import Search

pytestmark = pytest.mark.usefixtures("library", "regions")
PAGE = "/policies/desk/words/"


def titles(text):
    search = Search(text, {}, timezone.localdate(), known_meanings())
    return [entry.title_zh for entry in search.listed()[:3]]


def words_of(response):
    return strip_tags(response.content.decode())


def looked_for(page):
    return " ".join(strip_tags(page.partition("实际查找")[2].partition("</p>")[0]).split()).removeprefix("：").strip()


def test_a_word_finds_what_it_stands_for_at_the_next_search(client, author):
    assert "休学创业" not in words_of(client.get("/policies/?q=先不念书"))
    add_synonym(say="先不念书", find=["休学创业", "休学"], actor=author)
    assert titles("先不念书")[0] == "休学创业"
    assert titles("先不念书有什么政策")[0] == "休学创业"
    assert "休学创业" in words_of(client.get("/policies/?q=先不念书"))
    remove_synonym(synonym=Synonym.objects.get().pk, actor=author)
    assert "休学创业" not in words_of(client.get("/policies/?q=先不念书"))


def test_a_word_of_the_pack_keeps_what_it_found(author):
    before = titles("摆摊")
    add_synonym(say="摆摊", find=["休学创业"], actor=author)
    assert set(known_meanings()["摆摊"]) > {"休学创业"}
    assert len(titles("摆摊")) >= len(before)


def test_both_acts_are_on_the_record(author):
    row = add_synonym(say="念不下去", find=["休学"], actor=author)
    remove_synonym(synonym=row.pk, actor=author)
    remove_synonym(synonym=row.pk, actor=author)
    acts = list(History.objects.filter(kind="policies.synonym").order_by("pk").values_list("verb", "data__say"))
    assert acts == [("synonym.add", "念不下去"), ("synonym.remove", "念不下去")]


@pytest.mark.parametrize(
    ("say", "find", "code"),
    [
        ("学", ["休学"], "short_word"), ("学" * 21, ["休学"], "long_word"), ("念书", ["学" * 21], "long_word"),
        ("念书", [" "], "no_words"), ("念书", [f"词{n}" for n in range(9)], "many_words"),
        ("念书", ["念书"], "same_word"),
    ],
)  # fmt: skip
def test_what_is_no_word_is_refused_and_changes_nothing(author, say, find, code):
    with pytest.raises(Refused) as refusal:
        add_synonym(say=say, find=find, actor=author)
    assert refusal.value.code == code
    assert not Synonym.objects.exists()


def test_a_word_is_in_the_list_once(author):
    add_synonym(say="ＡＢ念书", find=["休学"], actor=author)
    with pytest.raises(Refused) as refusal:
        add_synonym(say="ab念书", find=["贷款"], actor=author)
    assert refusal.value.code == "known_word"
    assert Synonym.objects.get().find == ["休学"]


def test_only_who_writes_or_reviews_policies_keeps_words():
    for actor in (factories.founder(), factories.officer("register")):
        with pytest.raises(PermissionDenied):
            add_synonym(say="念书", find=["休学"], actor=actor)
    assert not Synonym.objects.exists()


def test_the_page_adds_tries_and_takes_away(client, author):
    desk = factories.sign_in(client, author)
    wrong = desk.post(PAGE, {"say": "学", "find": "休学"})
    assert wrong.status_code == 422
    assert 'value="学"' in wrong.content.decode()
    added = desk.post(PAGE, {"say": "先不念书", "find": "休学创业，休学"}, follow=True).content.decode()
    assert "已保存" in added
    assert "先不念书</strong> → 休学创业、休学" in added
    assert "添加词语" in added.partition("最近的改动")[2]
    tried = added.partition("试搜")[2]
    assert {"先不念书", "休学创业", "休学"} == set(looked_for(tried).split(" / "))
    assert ">休学创业</a>" in tried
    desk.post(f"{PAGE}remove/", {"synonym": Synonym.objects.get().pk})
    assert "先不念书</strong>" not in desk.get(PAGE).content.decode()
    assert desk.post(f"{PAGE}remove/", {"synonym": "x"}).status_code == 302


def test_the_list_takes_as_many_queries_for_three_words_as_for_one(
    client, author, django_assert_max_num_queries, django_assert_num_queries
):
    desk = factories.sign_in(client, author)
    add_synonym(say="念书", find=["休学"], actor=author)
    desk.get(PAGE)
    with django_assert_max_num_queries(20) as first:
        desk.get(PAGE)
    add_synonym(say="上学", find=["休学"], actor=author)
    add_synonym(say="读书", find=["休学"], actor=author)
    with django_assert_num_queries(len(first)):
        desk.get(PAGE)
