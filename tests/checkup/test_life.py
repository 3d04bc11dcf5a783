"""The first pages of a check-up: what people know of themselves is asked in their words, and once."""

from __future__ import annotations

import re

import pytest
from lxml import html

import factories
from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.life import life_of
from chuangbao.checkup.domain.own import answers_of
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.facts.models import Fact
from chuangbao.rules.interview import judge_life

pytestmark = pytest.mark.usefixtures("library", "regions")
STUDENT = {
    "page": "person",
    "graduation_on": "2027-07-01",
    "degree": "bachelor",
    "degree_recognised": "true",
    "groups": "none",
    "registered": "idea",
}
PLANS = {"page": "plans", "plans": "none"}


def begin(client, who="student", want="find_money", region="222403"):
    return client.post("/checkup/", {"who": who, "want": want, "region": region}).url


def read(client, address):
    return client.get(address).content.decode()


def checkup_at(address):
    return CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1].split("?")[0]))


def result_at(address, actor=None):
    checkup = checkup_at(address)
    return result_of(checkup, answers_of(checkup, actor) if actor else None)


def test_nothing_is_chosen_beforehand_and_what_is_left_out_is_said(client):
    page = read(client, "/checkup/")
    assert "checked" not in page
    assert 'value="none"' in page
    wrong = client.post("/checkup/", {"region": "222403"})
    assert wrong.status_code == 422
    assert "都不合适，请选“以上都不是”" in wrong.content.decode()
    assert re.search(r'value="student"[^>]*checked', read(client, "/checkup/?who=student"))


def test_life_is_asked_first_in_one_small_group_and_fills_many_facts(client):
    address = begin(client)
    page = read(client, address)
    assert "说说您自己" in page
    assert "checked" not in page.partition('id="question"')[2].partition("</form>")[0]
    assert client.post(f"{address}answer/", STUDENT).url == address
    result = result_at(address)
    assert result.profile.raw["operating_months"] == 0
    assert result.profile.raw["support_groups"] == ["none"]
    assert result.pending.id == "plans"
    client.post(f"{address}answer/", PLANS)
    result = result_at(address)
    assert result.profile.raw["rural_site"] is False
    assert result.pending is None
    assert result.asked == 6
    assert result.question is None, "what follows from life is not asked, and nothing else is open"
    assert {f.measure.id for f in result.later} <= {a.measure for a in result.answers}


def test_what_life_excludes_drops_out_at_once(client):
    address = begin(client)
    client.post(f"{address}answer/", STUDENT)
    measures = {answer.measure for answer in result_at(address).answers}
    assert "2.6.3-small-profit" not in measures
    assert "2.4.2-jl-return-base" not in measures
    client.post(f"{address}answer/", STUDENT | {"registered": "firm"})
    assert "2.6.3-small-profit" in {answer.measure for answer in result_at(address).answers}


def test_a_page_half_filled_in_or_contradictory_is_refused_and_keeps_what_was_chosen(client):
    address = begin(client, "returning")
    wrong = client.post(f"{address}answer/", {"page": "person", "age": "below_46", "groups": ["none", "veteran"]})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "不能两样都选" in page
    assert re.search(r'value="below_46"[^>]*checked', page)
    assert not checkup_at(address).answers.exists()
    assert client.post(f"{address}answer/", {"page": "nothing"}).status_code == 404
    assert client.post(f"{address}answer/", {"page": "space"}).status_code == 404, "not a page for one who came home"


def test_an_answer_of_life_is_changed_taken_back_and_may_be_left_open(client):
    address = begin(client)
    client.post(f"{address}answer/", STUDENT | {"groups": "unknown"})
    assert "support_groups" not in result_at(address).profile.raw
    page = read(client, f"{address}?page=person")
    assert re.search(r'value="unknown"[^>]*checked', page)
    assert re.search(r'value="idea"[^>]*checked', page)
    assert "不知道" in page
    client.post(f"{address}withdraw/", {"fact": "life.registered"})
    assert "operating_months" not in result_at(address).profile.raw
    assert result_at(address).pending.id == "person"


def test_a_fact_asked_in_life_words_is_an_answer_like_any_other(client):
    address = begin(client, "makerspace", "recognition")
    page = read(client, address)
    assert "是众创空间，还是孵化器、大学科技园等？" in page
    client.post(f"{address}answer/", {"page": "space", "org_kind": "makerspace", "org_level": "", "services": "none"})
    sent = {"page": "space_figures", "area_m2": "1200平方米", "tenants": "25家", "is_legal_person": "true"}
    client.post(f"{address}answer/", sent | {"months_run": "两年"})
    assert "两年 = 24" in (echo := read(client, address))
    assert "25家 = " not in echo, "read as it was typed"
    result = result_at(address)
    assert result.profile.raw["area_m2"] == 1200
    assert result.profile.raw["tenants"] == 25
    assert result.profile.raw["teams_and_firms"] == 25, "what was asked is not asked again"
    assert "org_level" not in result.profile.raw
    assert result.pending.id == "space_service"
    client.post(f"{address}answer/", {"page": "space_service", "desks": "很多", "torch_filed": "true"})
    assert "desks" not in result_at(address).profile.raw, "a refused page keeps nothing"
    assert re.search(r'value="makerspace"[^>]*checked', read(client, f"{address}?page=space"))


def test_a_shared_copy_says_nothing_of_the_groups_one_belongs_to(client):
    address = begin(client)
    client.post(f"{address}answer/", STUDENT | {"groups": ["veteran", "disabled"]})
    shared = client.post(f"{address}share/").url.split("?")[0]
    kept = {row.fact: row.value for row in checkup_at(shared).answers.all()}
    assert set(kept) == {
        "graduation_on",
        "degree",
        "degree_recognised",
        "life.registered",
        "life.groups",
        "left.life.groups",
    }
    assert kept["life.groups"] == "", "that it was asked, and nothing of what was chosen"
    assert client.get(shared).status_code == 200


def test_signed_in_the_facts_of_life_are_kept_as_facts_and_the_rest_with_the_check_up(client):
    owner = factories.member()
    own = factories.sign_in(client, owner)
    address = begin(own, "company", "hire")
    own.post(f"{address}answer/", {"page": "business", "registered_on": "2025-09-01", "staff_total": "8人"})
    own.post(f"{address}answer/", {"page": "trade", "trade": "software"})
    assert {fact.name for fact in Fact.objects.all()} >= {"registered_on", "staff_total"}
    assert {row.fact for row in checkup_at(address).answers.all()} == {"life.trade"}
    result = result_at(address, owner)
    assert result.profile.raw["is_micro_small"] is True
    assert result_at(begin(own, "company", "hire"), owner).pending.id == "money", "what is known is not asked again"


def test_answers_of_life_are_taken_over_with_the_rest(client):
    address = begin(client)
    client.post(f"{address}answer/", STUDENT)
    mine = factories.sign_in(client, factories.founder())
    made = mine.post(f"{address}adopt/", {"fact": []}).url
    assert {row.fact for row in checkup_at(made).answers.all()} == {"life.groups", "life.registered"}


@pytest.mark.parametrize(("graduated", "asked"), [("this_year", False), ("within_5", False), ("before", True)])
def test_who_graduated_lately_is_of_working_age_and_only_one_of_long_ago_is_asked(client, graduated, asked):
    address = begin(client, "graduate")
    client.post(f"{address}answer/", STUDENT | {"graduated": graduated})
    found = result_at(address)
    assert ("age" in {q.name for page in found.lived.pages for q in page.questions}) is asked
    assert ("in_working_age" in found.lived.filled) is not asked
    assert (found.pending.id == "person") is asked


def test_at_ten_it_stops_and_more_is_an_offer(client):
    address = begin(client, "graduate")
    client.post(f"{address}answer/", STUDENT | {"graduated": "within_2", "groups": ["online"]})
    client.post(f"{address}answer/", {"page": "plans", "plans": ["self_insured", "hired"]})
    for _ in range(6):
        fact = result_at(address).question.fact
        client.post(f"{address}answer/", {"fact": fact, "unknown": "1"})
    assert result_at(address).asked == 10
    page = read(client, address)
    assert "想更准？再答几题" in page
    assert 'id="question"' in page
    more = re.search(r'href="(\?more=\d+)"', page)[1]
    asked = read(client, f"{address}{more}")
    assert 'name="more" value="15"' in asked
    fact = result_at(address).question.fact
    assert client.post(f"{address}answer/", {"fact": fact, "unknown": "1", "more": "15"}).url == f"{address}?more=15"
    assert 'name="fact"' not in read(client, f"{address}?more=abc").partition("</section>")[0]


def test_a_question_left_empty_or_answered_both_ways_is_asked_again(client):
    address = begin(client, "none", "none")
    empty = client.post(f"{address}answer/", {"fact": "first_startup"})
    assert empty.status_code == 422
    assert "请回答，或者点“不知道”" in empty.content.decode()
    both = client.post(f"{address}answer/", {"fact": "person_group", "person_group": ["none", "脱贫人口"]})
    assert both.status_code == 422
    assert "不能两样都选" in both.content.decode()
    one = client.post(f"{address}answer/", {"fact": "person_group", "person_group": ["none"]})
    assert one.status_code == 302
    assert result_at(address).profile.raw["person_group"] == ["none"]


def test_each_answer_of_every_page_fills_facts_that_the_catalogue_admits(client):
    engine, pack = current_engine(), current_pack()
    for who in (*(audience.id for audience in pack.audiences), ""):
        checkup = checkups.begin_checkup(pack=pack, who=who, want="", day=result_at(begin(client)).profile.as_of)
        for page in result_of(checkup).lived.pages:
            for question in page.questions:
                for option in question.options_for(who):
                    checkups.keep_life_answers(checkup=checkup, answers={question.name: option.id})
                    lived = judge_life(
                        engine, {}, life_of(checkup, checkup.answers.all()), as_of=checkup.as_of, region="220000"
                    )
                    assert lived.profile.conflicts == (), (who, question.name, option.id)


def test_what_is_assumed_is_folded_so_that_the_result_comes_first(client):
    address = begin(client, "job_seeker")
    for page in (STUDENT | {"age": "below_46", "groups": ["unemployed"]}, {"page": "plans", "plans": "none"}):
        client.post(f"{address}answer/", page)
    root = html.fromstring(read(client, address))
    (fold,) = [one for one in root.iter("details") if "试算时假设了" in one.findtext("summary")]
    assert fold.get("open") is None
    assert any("30万元" in row.text_content() for row in fold.iter("li"))


def row_of(client, address, title):
    """The row of a measure in a result, as text in one line."""
    root = html.fromstring(read(client, address))
    (row,) = [row for row in root.find_class("cb-row") if title in row.findtext("h3/a")]
    return " ".join(row.text_content().split())


def test_what_is_to_be_done_is_said_once_and_in_words(client):
    address = begin(client)
    for page in (STUDENT, PLANS):
        client.post(f"{address}answer/", page)
    row = row_of(client, address, "一址多照")
    assert "下面这些都做到以后，条件就都符合：" in row
    assert "：是。" not in row
    assert row.partition("下一步")[0].count("住所（经营场所）使用证明") == 1


def test_what_a_department_decides_says_where_to_go(client):
    address = begin(client, who="makerspace", want="recognition")
    client.post(f"{address}answer/", {"fact": "org_kind", "org_kind": "makerspace"})
    row = row_of(client, address, "吉林省科技企业孵化器、众创空间认定")
    assert "下一步" in row
    assert "咨询电话" in row
    assert "人工判断" not in row_of(client, address, "高效办成一件事")
