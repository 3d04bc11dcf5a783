"""Scope of business and industry: known entries by dated editions, nearest divisions, and no word refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.workflow.refusals import Refused
from chuangbao.premises.domain.industries import find_classes, find_industries, read_classes, read_industry
from chuangbao.premises.domain.letters import note_industry
from chuangbao.premises.domain.scope import AccessEntry, find_edition, find_touched, list_editions
from chuangbao.premises.models import ConsentLetter
from premises.samples import make_letter, make_premise

NOW, BEFORE, LONG_AGO = date(2026, 6, 1), date(2023, 6, 1), date(2015, 6, 1)


def test_the_edition_of_the_day_is_named_and_none_is_made_up():
    assert find_edition(LONG_AGO) is None
    assert find_edition(BEFORE).number == "发改体改规〔2022〕397号"
    assert (find_edition(NOW).number, find_edition(NOW).items) == ("发改体改规〔2025〕466号", 106)
    for edition in list_editions():
        assert (edition.confirmed, bool(edition.source)) == (False, True)
        assert all(entry.source and not entry.confirmed for entry in edition.entries)


def test_a_known_entry_of_an_earlier_edition_says_that_it_is_one():
    touch = find_touched("融资担保、征信服务", BEFORE)[0]
    assert (touch.words, touch.is_current) == (("融资担保", "征信"), True)
    assert [one.is_current for one in find_touched("融资担保、征信服务", NOW)] == [False]
    assert find_touched("直播电商", NOW) == find_touched("征信", LONG_AGO) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("直播电商", "52"),
        ("软件开发", "65"),
        ("光电子芯片", "39"),
        ("医药制造", "27"),
        ("餐饮管理", "62"),
        ("跨境电商，云仓物流", "52"),
        ("无人机培训", "39"),
    ],
)
def test_the_nearest_division_is_among_the_suggestions(words, code):
    assert code in [near.code for near in find_industries(words)]


def test_words_that_lead_nowhere_lead_nowhere():
    assert find_industries("元宇宙") == find_industries(" ") == []
    assert find_classes("元宇宙") == find_classes(" ") == []


def test_the_classes_of_the_standard_are_whole():
    known = read_classes()
    assert len(known) == len(set(known.values())) == 1380
    assert all(len(code) == 4 and code.isdigit() and name for code, name in known.items())
    assert len({code[:2] for code in known}) == 97


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("直播电商", "5292"),
        ("软件开发", "6513"),
        ("光电子芯片", "3976"),
        ("奶茶店", "6239"),
        ("咖啡馆", "6232"),
        ("汽车维修", "8111"),
        ("幼儿托育", "8020"),
        ("3D打印", "7517"),
        ("服装销售", "5232"),
        ("木材加工", "2019"),
    ],
)
def test_the_nearest_class_is_among_the_suggestions(words, code):
    assert code in [near.code for near in find_classes(words)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("6513", "6513"),
        ("I6513", "6513"),
        ("６５１３", "6513"),
        ("65", "65"),
        ("6513 应用软件开发", "6513"),
        ("咖啡馆服务", "6232"),
        ("软件和信息技术服务业", "65"),
        ("", ""),
    ],
)
def test_a_code_is_read_by_its_digits_or_its_name(typed, code):
    assert read_industry(typed) == code


@pytest.mark.parametrize("typed", ["0000", "651", "65131", "软件", "<b>"])
def test_what_the_standard_does_not_have_is_refused_with_what_is_near(typed):
    with pytest.raises(Refused) as refusal:
        read_industry(typed)
    assert refusal.value.field == "industry_code"
    assert ("6513 应用软件开发" in str(refusal.value)) == (typed == "软件")


@pytest.mark.usefixtures("regions")
def test_no_word_is_refused_and_a_code_is_kept_beside_it(client):
    host = factories.member()
    premise = make_premise(host)
    made = make_letter(premise, host, business="元宇宙数字人主理人", industry_code="64")
    free = make_letter(premise, host, "第二科技有限公司", business="征信")
    with pytest.raises(Refused) as refusal:
        make_letter(premise, host, "第三科技有限公司", industry_code="00")
    assert (refusal.value.code, refusal.value.field) == ("no_industry", "industry_code")
    assert unscoped(ConsentLetter, because="a test").count() == 2
    factories.sign_in(client, host)
    page = client.get(reverse("premises:letter", args=[made.pk])).content.decode()
    assert "64 互联网和相关服务" in page
    assert "待确认" in page
    page = client.get(reverse("premises:letter", args=[free.pk])).content.decode()
    assert "禁止违规开展金融相关经营活动" in page
    assert "现行版本是否保留待确认" in page


@pytest.mark.usefixtures("regions")
def test_the_page_of_words_asks_a_fixed_number_of_questions(client, django_assert_num_queries):
    factories.sign_in(client, factories.founder())
    client.get(reverse("premises:scope"))
    with django_assert_num_queries(5):
        page = client.get(reverse("premises:scope"), {"q": "直播电商"}).content.decode()
    assert "52 零售业" in page
    assert "5292 互联网零售" in page
    assert "不会拒绝任何用语" in page
    assert "清单共106项，本库一项也没有录入" in page
    assert "没有与清单核对" in page
    assert "都没有涉及这些用语" not in page, "nothing was looked through"
    assert "国家发展改革委网站，按文号查找 · 发改体改规〔2025〕466号" in page
    assert f"{reverse('accounts:offices')}?department=market" in page


@pytest.mark.usefixtures("regions")
def test_where_entries_were_read_the_page_says_how_many_and_that_none_has_the_words(client, monkeypatch):
    factories.sign_in(client, factories.founder())
    edition = find_edition(timezone.localdate())
    entry = AccessEntry("演示事项", "licensed", ("演示用语",), "演示", confirmed=False)
    read = replace(edition, entries=(entry,), where="")
    monkeypatch.setattr("chuangbao.premises.domain.scope.list_editions", lambda: (read,))
    page = client.get(reverse("premises:scope"), {"q": "直播电商"}).content.decode()
    assert "清单共 106 项，本库已录入 1 项" in page
    assert "一项也没有录入" not in page
    assert "按文号查找" not in page


@pytest.mark.usefixtures("regions")
def test_words_of_any_length_are_looked_at(client):
    factories.sign_in(client, factories.founder())
    assert client.get(reverse("premises:scope"), {"q": "字" * 5000}).status_code == 200


@pytest.mark.usefixtures("regions")
def test_a_wrong_letter_keeps_the_words_and_the_code(client):
    host = factories.member()
    factories.sign_in(client, host)
    new = reverse("premises:letter_new", args=[make_premise(host).pk])
    sent = {"licensee": "", "business": "元宇宙", "industry_code": "65", "valid_until": "2030-01-01"}
    wrong = client.post(new, sent)
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "元宇宙" in page
    assert 'value="65"' in page


@pytest.mark.usefixtures("regions")
def test_the_industry_is_noted_after_the_letter_was_issued(client):
    host = factories.member()
    letter = make_letter(make_premise(host), host, business="奶茶店")
    with pytest.raises(Forbidden):
        note_industry(letter=letter, actor=factories.member(), industry_code="6239")
    factories.sign_in(client, host)
    address = reverse("premises:letter_industry", args=[letter.pk])
    wrong = client.post(address, {"industry_code": "咖啡"})
    assert (wrong.status_code, "6232 咖啡馆服务" in wrong.content.decode()) == (422, True)
    assert 'value="咖啡"' in wrong.content.decode()
    done = client.post(address, {"industry_code": "6239"}, follow=True).content.decode()
    assert "6239 其他饮料及冷饮服务" in done
    assert "填写了行业代码" in done
