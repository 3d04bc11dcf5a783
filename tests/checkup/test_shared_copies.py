"""What is shared says nothing of sensitive facts: neither what was stated, nor what the interview would fill in."""

from __future__ import annotations

import re

import pytest
from django.utils.html import strip_tags

from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.domain.sharing import list_hidden, tells_sensitive
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_pack

pytestmark = pytest.mark.usefixtures("library", "regions")


def begin(client, who):
    address = client.post("/checkup/", {"who": who, "want": "none", "region": ""}).url
    return address, CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1]))


def test_a_filling_does_not_deny_what_was_stated_and_left_behind(client):
    address, checkup = begin(client, "none")
    client.post(f"{address}answer/", {"page": "person", "age": "below_46", "groups": "none", "registered": "idea"})
    for fact in ("loan_overdue", "got_initial_subsidy"):
        client.post(f"{address}answer/", {"fact": fact, fact: "true"})
    private = [fact.name for fact in current_pack().facts.values() if fact.private]
    own = result_of(checkup).profile
    assert own.raw["loan_overdue"] is True
    client.post(f"{address}share/")
    copy = CheckUp.objects.get(shared=True)
    said = result_of(copy).profile.raw
    assert {name: said[name] for name in private if said.get(name) is not None} == {}
    assert said["got_initial_subsidy"] is True, "a step of working life, stored sealed, goes along"


@pytest.mark.parametrize("who", [audience.id for audience in current_pack().audiences])
def test_who_one_is_stays_behind_where_it_tells_a_sensitive_fact(client, who):
    telling = who == "job_seeker"
    assert tells_sensitive(current_pack(), who) is telling
    address, _checkup = begin(client, who)
    client.post(f"{address}share/")
    assert CheckUp.objects.get(shared=True).who == ("" if telling else who)
    client.post(f"{address}share/", {"along": "who"})
    assert CheckUp.objects.filter(shared=True).order_by("-pk")[0].who == who


def test_the_pack_says_which_answers_of_life_are_sensitive():
    said = {q.name: {o.id for o in q.sensitive_options} for q in current_pack().interview.questions}
    groups = {
        "veteran", "veteran_placed", "disabled", "hard_to_place", "unemployed", "unemployed_long", "low_income",
        "may_be_hard", "lifted", "overcapacity", "released",
    }  # fmt: skip
    sensitive = {name: found for name, found in said.items() if found}
    assert sensitive == {"groups": groups, "plans": {"other_loans"}, "dealings": {"other_loans"}}


def live_as_student(client, *groups, plans=("own_site", "rights")):
    address, checkup = begin(client, "student")
    person = {
        "page": "person",
        "graduation_on": "2027-07-01",
        "degree": "bachelor",
        "degree_recognised": "true",
        "groups": groups,
        "registered": "idea",
    }
    assert client.post(f"{address}answer/", person).status_code == 302
    assert client.post(f"{address}answer/", {"page": "plans", "plans": plans}).status_code == 302
    for fact, value in (("degree", "bachelor"), ("degree_recognised", "true")):
        client.post(f"{address}answer/", {"fact": fact, fact: value})
    return address, checkup


@pytest.mark.parametrize("groups", ["none", "unemployed", "disabled"])
def test_what_something_withheld_may_set_aside_is_not_promised(client, groups):
    """The interest of a loan is paid for whoever may have the loan; a copy does not say who that is."""
    address, _checkup = live_as_student(client, groups)
    there = result_of(share(client, address))
    assert "2.6.1-loan-jl-int" not in ids((*there.rows, *there.later, *there.open))


@pytest.mark.parametrize("groups", ["none", "disabled"])
def test_what_something_withheld_may_set_aside_is_named_with_why(client, groups):
    address, _checkup = live_as_student(client, groups)
    shared = client.post(f"{address}share/").url.split("?")[0]
    page = words_of(client.get(shared))
    printed = words_of(client.get(f"{shared.replace('shared/', '')}print/"))
    for said in (page, printed):
        there = said.partition("吉林创业担保贷款贴息")[2][:60]
        assert "要看一个没有带到这份分享里的回答，这里不判定" in there
    assert "可以改" not in page + printed, "a reader changes nothing"


def test_what_the_sharer_did_not_know_is_not_said_to_be_hidden(client):
    address, _checkup = live_as_student(client, "disabled")
    copy = share(client, address)
    found = {name for one in result_of(copy).open for name in one.open_facts}
    hidden = list_hidden(current_pack(), copy)
    assert found & hidden
    assert found - hidden
    shared = copied_to(client, address)
    page = words_of(client.get(f"/checkup/shared/{shared}/"))
    printed = words_of(client.get(f"/checkup/{shared}/print/"))
    for one in result_of(copy).open:
        for name in one.open_facts[:4]:
            word = "（没有带到这份分享里）" if name in hidden else "（不知道）"
            said = f"{current_pack().facts[name].label.zh}{word}"
            assert re.sub(r"\s+", "", said) in page
            assert re.sub(r"\s+", "", said) in printed


def test_where_everything_goes_along_nothing_is_hidden(client):
    address, _checkup = live_as_student(client, "disabled")
    assert list_hidden(current_pack(), share(client, address, "life.groups", "life.plans")) == set()


def test_a_reader_sees_the_result_first_and_who_shares_it_the_address(client):
    address, _checkup = live_as_student(client, "none")
    shared = client.post(f"{address}share/").url
    page = client.get(shared).content.decode()
    assert page.index("shared-address") < page.index('id="totals"')
    page = client.get(shared.split("?")[0]).content.decode()
    assert page.index('id="totals"') < page.index("shared-address")


def test_a_tick_says_what_would_go_along(client):
    address, _checkup = live_as_student(client, "online", "disabled")
    form = client.get(address).content.decode().partition(f'action="{address}share/"')[2].partition("</form>")[0]
    said = re.findall(r"<strong>([^<]+)</strong>", form)
    assert said == ["残疾人"], "nothing is said of what a student was never offered"


def share(client, address, *along):
    client.post(f"{address}share/", {"along": along})
    return CheckUp.objects.filter(shared=True).order_by("-pk")[0]


def ids(found):
    return {one.measure.id for one in found}


def test_a_students_copy_says_who_it_is_for_and_decides_what_a_student_is_told(client):
    address, checkup = live_as_student(client, "none")
    own, there = result_of(checkup), result_of(share(client, address))
    assert there.lived.audiences == own.lived.audiences
    assert "2.3.5-jl-grad-50k" in ids(own.later) & ids(there.later)
    promised = {(s.kind, s.per): s.amount for s in own.ahead}
    assert all(s.amount <= promised[s.kind, s.per] for s in there.ahead), "no more is promised than to the student"
    assert there.profile.raw["needs_own_premises"] is True
    assert there.profile.raw["rural_site"] is False


def test_of_a_grouped_answer_only_the_sensitive_part_stays_behind(client):
    address, _checkup = live_as_student(client, "online", "disabled", plans=("own_site", "rural"))
    copy = share(client, address)
    kept = {row.fact: row.value for row in copy.answers.all()}
    assert kept["life.groups"] == "online"
    assert kept["life.plans"] == "own_site,rural"
    raw = result_of(copy).profile.raw
    assert "support_groups" not in raw
    assert "person_group" not in raw
    assert "残疾" not in words_of(client.get(f"/checkup/shared/{copied_to(client, address)}/"))


def copied_to(client, address):
    return re.search(r"/checkup/shared/([^/]+)/", client.get(address).content.decode())[1]


@pytest.mark.parametrize("chosen", ["disabled", "hard_to_place", "unemployed"])
def test_silence_tells_nothing_either(client, chosen):
    rows = []
    for groups in (chosen, "none"):
        address, _checkup = live_as_student(client, groups)
        copy = share(client, address)
        rows.append(([(row.fact, row.state, row.value) for row in copy.answers.all()], result_of(copy).profile.raw))
    assert rows[0] == rows[1]


def test_what_is_ticked_goes_along_and_then_as_much_is_decided(client):
    address, checkup = live_as_student(client, "disabled", "online")
    form = client.get(address).content.decode().partition(f'action="{address}share/"')[2].partition("</form>")[0]
    ticks = re.findall(r'<input type="checkbox" name="along" value="([^"]+)"([^>]*)>', form)
    assert ticks == [("life.groups", "")], "none is ticked beforehand; the loan of the plans was never offered"
    own = result_of(checkup)
    there = result_of(share(client, address, "life.groups", "nothing-of-the-kind"))
    for part in ("rows", "later", "open", "refused"):
        assert ids(getattr(there, part)) == ids(getattr(own, part)), part
    assert there.profile.raw == own.profile.raw


@pytest.mark.parametrize("who", ["veteran", "job_seeker"])
def test_a_copy_says_how_many_answers_it_was_made_without(client, who):
    address, checkup = begin(client, who)
    person = {"page": "person", "age": "below_46", "groups": "unemployed", "registered": "idea"}
    client.post(f"{address}answer/", person)
    client.post(f"{address}answer/", {"page": "plans", "plans": "none"})
    own, behind = result_of(checkup), 3 if who == "job_seeker" else 2
    assert f"分享链接不带出{behind}个回答里的敏感情况" in words_of(client.get(address))
    shared = client.post(f"{address}share/").url
    page = words_of(client.get(shared))
    assert f"{behind}个回答里的敏感情况没有带到这份分享里" in page
    copy = CheckUp.objects.get(shared=True)
    there = result_of(copy)
    assert f"这份分享里未判定{len(there.open) + len(there.unclear)}" in page
    decided = {found.measure.title.zh for found in (*own.rows, *own.later)} & {f.measure.title.zh for f in there.open}
    assert decided, "the copy leaves open what the check-up decides"
    for words in ("差一个答案", "待定"):
        assert words not in page, words
    sheet = f"{shared.split('?')[0].replace('shared/', '')}print/"
    assert f"{behind}个回答里的敏感情况没有带到这份分享里" in words_of(client.get(sheet))


def live_as_job_seeker(client):
    address, checkup = begin(client, "job_seeker")
    groups = ["unemployed", "hard_to_place"]
    client.post(f"{address}answer/", {"page": "person", "age": "below_46", "groups": groups, "registered": "idea"})
    client.post(f"{address}answer/", {"page": "plans", "plans": "none"})
    return address, checkup


def test_what_others_will_see_is_said_before_the_link_is_made(client):
    address, checkup = live_as_job_seeker(client)
    own = result_of(checkup)
    form = words_of(client.get(address)).partition("分享链接不带出")[2].partition("生成分享链接")[0]
    there = result_of(share(client, address))
    shown = ids((*own.rows, *own.later)) & ids((*there.rows, *there.later))
    said = re.search(r"不勾选，对方.*?(\d+)项", form)
    assert said, form
    assert len(shown) < len(own.rows) + len(own.later)
    assert CheckUp.objects.filter(shared=True).count() == 1, "only the press makes a copy"


def test_a_copy_lists_nothing_that_is_for_others_alone_and_counts_once(client):
    address, _checkup = live_as_job_seeker(client)
    there = result_of(share(client, address))
    listed = ids((*there.rows, *there.later, *there.open, *there.unclear, *there.manual))
    assert "2.3.2-edu-suspend" not in listed
    shared = copied_to(client, address)
    page = words_of(client.get(f"/checkup/shared/{shared}/"))
    counts = set(re.findall(r"这份分享里未判定(\d+)|(\d+)项?这份分享里未判定", page))
    numbers = {a or b for a, b in counts}
    assert numbers == {str(len(there.open) + len(there.unclear))}


def test_paper_leads_only_to_a_copy_that_says_what_the_paper_says(client):
    address, _checkup = live_as_job_seeker(client)
    share(client, address)
    assert "扫码" not in words_of(client.get(f"{address}print/"))
    share(client, address, "who", "life.groups", "life.plans")
    assert "扫码" in words_of(client.get(f"{address}print/"))


def test_a_copy_made_with_every_answer_says_nothing_of_it(client):
    address, _checkup = begin(client, "makerspace")
    assert "不带出" not in words_of(client.get(address))
    assert "没有带到这份分享里" not in words_of(client.get(client.post(f"{address}share/").url))


def words_of(response):
    return re.sub(r"\s+", "", strip_tags(response.content.decode()))
