"""Questions to an office: where they go, who answers, by when, and what is refused."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

import factories
from chuangbao.checkup.domain import checkups, own
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.engine.current import current_pack
from chuangbao.core.localization.working_days import working_days_after
from chuangbao.core.models import History, Notice
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.guidance.desk import questions as waiting
from chuangbao.guidance.domain.asking import ask_office, detach_checkup, move_question
from chuangbao.guidance.models import Message, Question
from together import at_once

pytestmark = pytest.mark.django_db
COUNTY, CITY, PROVINCE = factories.COUNTY, factories.CITY, factories.PROVINCE


@pytest.fixture
def adviser(regions):
    return factories.officer("guidance")


def asked(actor=None, **given):
    return ask_office(actor=actor or factories.founder(), place=COUNTY, text="初次创业补贴怎么申请？", **given)


def again(row):
    return unscoped(Question, because="a test").get(pk=row.pk)


def refused(code, **given):
    with pytest.raises(Refused) as refusal:
        move_question(**given)
    assert refusal.value.code == code


def events_of(actor):
    return list(unscoped(Notice, because="a test").filter(person=actor.person_id).values_list("event", flat=True))


def test_whoever_has_to_sign_in_to_ask_is_told_why(client, regions):
    asked = client.get("/guidance/new/?checkup=abc")
    page = client.get(asked.url).content.decode()
    assert "答复才能送到您手里" in page
    assert "体检会一起带过去" in page
    page = client.get("/accounts/signup/?next=/guidance/new/").content.decode()
    assert "答复才能送到您手里" in page
    for other in ("/", "/nowhere/", "https://elsewhere.example/guidance/new/"):
        assert "答复才能送到您手里" not in client.get("/accounts/login/", {"next": other}).content.decode()


def test_it_goes_to_the_county_else_the_city_else_the_province(regions):
    assert asked().region_id == PROVINCE
    factories.officer("guidance", region=CITY)
    assert asked().region_id == CITY
    factories.officer("register")
    assert asked().region_id == CITY, "the duty answers, not any officer"
    factories.officer("guidance")
    assert asked().region_id == COUNTY


def test_the_term_counts_in_working_days_and_is_shown_where_it_has_passed(adviser):
    row = asked()
    assert row.due_on == working_days_after(timezone.localdate(), current_pack().offices.answer_days)
    (todo,) = waiting(adviser)
    assert todo.until == row.due_on
    assert not row.is_overdue
    unscoped(Question, because="a test").update(due_on=date(2026, 1, 5))
    assert again(row).is_overdue


def test_a_question_is_answered_replied_to_and_closed_and_each_is_told(adviser):
    founder = factories.founder()
    row = asked(founder)
    assert events_of(adviser) == ["question.asked"]
    move_question(question=row, verb="ask_back", actor=adviser, text="注册了吗？")
    (todo,) = waiting(founder)
    assert todo.url == f"/guidance/{row.pk}/"
    move_question(question=row, verb="reply", actor=founder, text="注册了")
    move_question(question=row, verb="answer", actor=adviser, text="到就业服务窗口申请。")
    move_question(question=row, verb="close", actor=founder)
    assert again(row).stage == "closed"
    assert sorted(events_of(founder)) == ["question.answer", "question.ask_back"]
    kinds = list(visible(Message, to=founder).values_list("kind", flat=True))
    assert kinds == ["question", "ask_back", "reply", "answer"]
    assert [h.verb for h in History.objects.filter(kind="guidance.question").order_by("pk")] == [
        "ask",
        "ask_back",
        "reply",
        "answer",
        "close",
    ]


def test_what_was_said_is_sealed_and_in_no_letter_and_no_record(adviser):
    asked()
    held = unscoped(Message, because="a test").values_list("text", flat=True)[0]
    assert "初次创业".encode() not in bytes(held)
    assert "初次创业" not in str(list(unscoped(Notice, because="a test").values_list("data", flat=True)))
    assert "初次创业" not in str(list(History.objects.values_list("data", "reason")))


def test_it_is_handed_on_with_a_reason_to_where_somebody_answers(adviser):
    founder, city = factories.founder(), factories.officer("guidance", region=CITY)
    row = asked(founder)
    refused("text_needed", question=row, verb="hand_on", actor=adviser, region=CITY)
    refused("region_needed", question=row, verb="hand_on", actor=adviser, text="归市里")
    refused("no_desk", question=row, verb="hand_on", actor=adviser, text="归市里", region=factories.OTHER_CITY)
    assert (again(row).region_id, unscoped(Message, because="a test").count()) == (COUNTY, 1)
    move_question(question=row, verb="hand_on", actor=adviser, text="归市里", region=CITY)
    assert again(row).region_id == CITY
    assert "question.hand_on" in events_of(founder)
    assert "question.asked" in events_of(city)
    assert not visible(Question, to=adviser).exists()
    refused("not_permitted", question=row, verb="answer", actor=adviser, text="x")


def test_strangers_neither_read_nor_answer(adviser):
    row = asked()
    strangers = (
        factories.founder(),
        factories.member(),
        factories.officer(),
        factories.officer("guidance", region=factories.NEIGHBOUR),
        factories.admin("system_admin"),
    )
    for stranger in strangers:
        assert not visible(Question, to=stranger).exists()
        assert not visible(Message, to=stranger).exists()
        for verb in ("answer", "reply", "withdraw"):
            refused("not_permitted", question=row, verb=verb, actor=stranger, text="x")
    assert again(row).stage == "open"
    assert unscoped(Message, because="a test").count() == 1


def test_nobody_answers_their_own_question(adviser):
    from chuangbao.accounts.domain.acting import as_self
    from chuangbao.accounts.models import Person

    row = asked(as_self(Person.objects.get(pk=adviser.person_id)))
    refused("not_permitted", question=row, verb="answer", actor=adviser, text="x")


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_answer_at_once_one_does(regions):
    advisers = [factories.officer("guidance") for _ in range(2)]
    row = asked()
    done = at_once(*(lambda a=a: move_question(question=row, verb="answer", actor=a, text="答") for a in advisers))
    assert sum(answer == "not_in_open" for answer in done) == 1
    assert unscoped(Message, because="a test").filter(kind="answer").count() == 1


def test_a_check_up_goes_along_as_a_copy_that_can_be_taken_back(adviser):
    founder = factories.founder()
    checkup = checkups.begin_checkup(pack=current_pack(), who="student", want="", day=date(2026, 11, 25))
    row = asked(founder, checkup=checkup)
    assert checkups.find_checkup(row.attached, shared=True) is not None
    assert checkup.token != row.attached
    with pytest.raises(Refused):
        detach_checkup(question=row, actor=adviser)
    detach_checkup(question=row, actor=founder)
    assert checkups.find_checkup(row.attached, shared=True) is None
    assert again(row).attached == ""
    other = asked(founder, checkup=checkup)
    move_question(question=other, verb="withdraw", actor=founder)
    assert checkups.find_checkup(other.attached, shared=True) is None
    assert not visible(Question, to=adviser).filter(pk=other.pk).exists()


@pytest.mark.parametrize(("given", "code"), [({"place": "999999"}, "no_place"), ({"text": "  "}, "text_needed")])
def test_what_is_refused_leaves_nothing(adviser, given, code):
    with pytest.raises(Refused) as refusal:
        ask_office(**{"actor": factories.founder(), "place": COUNTY, "text": "问"} | given)
    assert refusal.value.code == code
    assert not unscoped(Question, because="a test").exists()


def test_nobody_floods_an_office(adviser):
    founder = factories.founder()
    for _ in range(10):
        asked(founder)
    with pytest.raises(Refused) as refusal:
        asked(founder)
    assert refusal.value.code == "too_many"


def test_it_is_exported_and_erased_with_the_person(adviser):
    founder = factories.founder()
    row = asked(founder)
    move_question(question=row, verb="answer", actor=adviser, text="到窗口申请")
    (told,) = HOLDINGS["questions"].export(founder.person_id)
    assert told["said"] == ["question: 初次创业补贴怎么申请？", "answer: 到窗口申请"]
    HOLDINGS["questions"].erase(founder.person_id)
    assert not unscoped(Question, because="a test").exists()


def test_a_founder_asks_and_an_officer_answers_on_the_pages(adviser, client, django_assert_num_queries):
    owner = factories.member()
    factories.sign_in(client, owner)
    page = client.get("/guidance/new/").content.decode()
    assert f'<option value="{COUNTY}" selected' in page
    assert client.post("/guidance/new/", {"text": "", "place": COUNTY}).status_code == 422
    answer = client.post("/guidance/new/", {"text": "营业执照要多久？", "place": COUNTY})
    row = unscoped(Question, because="a test").get()
    assert answer["Location"] == f"/guidance/{row.pk}/"
    factories.sign_in(client, adviser)
    client.get("/guidance/")
    with django_assert_num_queries(7):
        assert f"/guidance/{row.pk}/" in client.get("/guidance/?open=1").content.decode()
    assert "营业执照要多久" in client.get(f"/guidance/{row.pk}/").content.decode()
    refusal = client.post(f"/guidance/{row.pk}/answer/", {"text": ""})
    assert refusal.status_code == 422
    client.post(f"/guidance/{row.pk}/answer/", {"text": "一个工作日内。"})
    factories.sign_in(client, owner)
    assert "一个工作日内" in client.get(f"/guidance/{row.pk}/").content.decode()
    client.post(f"/guidance/{row.pk}/reply/", {"text": "谢谢"})
    assert again(row).stage == "open"


def test_what_is_sensitive_reaches_the_office_where_it_is_ticked_alone(adviser, client):
    founder = factories.founder()
    factories.sign_in(client, founder)
    checkup = checkups.begin_checkup(pack=current_pack(), who="job_seeker", want="", day=timezone.localdate())
    checkups.keep_life_answers(checkup=checkup, answers={"groups": "disabled", "registered": "idea"})
    page = client.get("/guidance/new/", {"checkup": checkup.token}).content.decode()
    ticks = re.findall(r'<input type="checkbox" name="along" value="([^"]+)"([^>]*)>', page)
    assert [name for name, _rest in ticks] == ["who", "life.groups"]
    assert not any("checked" in rest for _name, rest in ticks)
    for ticked, who in ((["life.groups"], ""), ([], "")):
        sent = {"text": "能办什么？", "place": COUNTY, "attach": "on", "checkup": checkup.token, "along": ticked}
        assert client.post("/guidance/new/", sent).status_code == 302
        row = unscoped(Question, because="a test").filter(person=founder.person_id).latest("pk")
        copy = checkups.find_checkup(row.attached, shared=True)
        kept = {answer.fact: answer.value for answer in copy.answers.all()}
        assert copy.who == who
        assert kept["life.groups"] == ("disabled" if ticked else "")


def test_a_check_up_is_attached_by_whom_it_concerns_alone(adviser, client):
    founder, stranger = factories.founder(), factories.founder()
    checkup = own.begin_own_checkup(actor=founder, pack=current_pack(), who="student", want="", day=date(2026, 11, 25))
    sent = {"text": "哪些现在能办？", "place": COUNTY, "attach": "on", "checkup": checkup.token}
    factories.sign_in(client, stranger)
    assert 'name="attach"' not in client.get("/guidance/new/", {"checkup": checkup.token}).content.decode()
    client.post("/guidance/new/", sent)
    assert unscoped(Question, because="a test").get(person=stranger.person_id).attached == ""
    factories.sign_in(client, founder)
    assert 'name="attach"' in client.get("/guidance/new/", {"checkup": checkup.token}).content.decode()
    client.post("/guidance/new/", sent)
    row = unscoped(Question, because="a test").get(person=founder.person_id)
    factories.sign_in(client, adviser)
    assert f"/checkup/shared/{row.attached}/" in client.get(f"/guidance/{row.pk}/").content.decode()
    assert client.get(f"/checkup/shared/{row.attached}/").status_code == 200
    factories.sign_in(client, founder)
    client.post(f"/guidance/{row.pk}/detach/")
    assert client.get(f"/checkup/shared/{row.attached}/").status_code == 404


def test_a_founder_asks_so_often_an_hour(adviser, client):
    factories.sign_in(client, factories.founder())
    answers = [client.post("/guidance/new/", {"text": "问", "place": ""}).status_code for _ in range(21)]
    assert (set(answers[:20]), answers[20]) == ({422}, 429)
