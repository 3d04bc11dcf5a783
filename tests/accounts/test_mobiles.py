"""A mobile number is confirmed by a code, says nothing of who else has it, and goes when its owner wishes."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.domain import mobiles
from chuangbao.accounts.domain.persons import erase_person, export_person
from chuangbao.core import tasks
from chuangbao.core.messaging.sms_transports import list_messages
from chuangbao.core.models import History, Hit, Letter, Mobile, Notice, NoticePreference, ShortMessage
from chuangbao.core.workflow.refusals import Refused
from together import at_once

pytestmark = pytest.mark.django_db
NUMBER = "+8613812345678"
PAGE = "/me/mobile/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.SMS_FILE_PATH = str(tmp_path / "sms")
    return tmp_path / "sms"


@pytest.fixture
def owner():
    return factories.founder()


def sign_in(client, actor):
    factories.sign_in(client, actor)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def last_code(person):
    """The code of the newest message that waits for a person."""
    return re.search(r"\d{6}", ShortMessage.objects.filter(person=person, group="").latest("pk").text)[0]


def confirm(owner, number=NUMBER, **given):
    mobiles.ask_for_code(actor=owner, number=number)
    return mobiles.confirm_mobile(actor=owner, code=last_code(owner.person_id), **given)


def code_of(refused):
    return refused.value.code


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "１３８１２３４５６７８",
        "+86 138 1234 5678",
        "＋８６13812345678",
        "0086 13812345678",
        "86 138 1234 5678",
        " 13812345678\u3000",
    ],
)
def test_a_number_is_read_as_people_write_it(text):
    assert mobiles.read_number(text) == NUMBER
    assert mobiles.hide_number(NUMBER) == "138****5678"


@pytest.mark.parametrize(
    "text", ["", "1381234567", "138123456789", "12812345678", "0431-88888888", "+1 202 555 0100", "abc"]
)
def test_what_is_no_mobile_number_is_refused(text):
    with pytest.raises(Refused) as refused:
        mobiles.read_number(text)
    assert (code_of(refused), refused.value.field) == ("number", "number")


def test_a_number_is_confirmed_by_the_code_that_was_sent_to_it(client, owner):
    sign_in(client, owner)
    assert "添加手机号" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"number": "１３８ 1234 5678"}).url == PAGE
    assert tasks.send_messages() == 1
    _file, message = list_messages()[0]
    assert message["to"] == NUMBER
    code = re.fullmatch(r"【创宝网】验证码(\d{6})，10分钟内有效，请勿告诉他人。", message["text"])[1]
    page = client.get(PAGE).content.decode()
    assert "138****5678" in page
    assert "12345678" not in page
    assert client.post(reverse("accounts:mobile_confirm"), {"code": f" {code[:3]} {code[3:]}"}).url == reverse(
        "core:preferences"
    )
    row = Mobile.objects.get()
    assert (row.number, row.asked, row.code_hash, str(row)) == (NUMBER, None, "", f"{owner.person_id} confirmed")
    assert Notice.objects.get().data == {"number": "138****5678"}
    assert Letter.objects.count() == 1, "the address hears of it"
    assert list(History.objects.filter(verb__startswith="mobile.").order_by("pk").values_list("verb", flat=True)) == [
        "mobile.ask",
        "mobile.confirm",
    ]
    assert "13812345678" not in str(list(History.objects.values_list("data", flat=True)))
    assert "138****5678" in client.get(PAGE).content.decode()


def test_sms_is_a_choice_only_with_a_confirmed_number(client, owner):
    sign_in(client, owner)
    page = client.get(reverse("core:preferences")).content.decode()
    assert 'value="sms"' not in page
    assert PAGE in page
    confirm(owner)
    assert 'value="sms"' in client.get(reverse("core:preferences")).content.decode()


def test_one_tick_lets_everything_come_by_sms(owner):
    confirm(owner, everything=True)
    assert set(NoticePreference.objects.values_list("channel", flat=True)) == {"sms"}
    assert not ShortMessage.objects.exclude(group="").exists(), "the word of the confirmation itself comes by letter"


def test_a_wrong_code_counts_and_after_five_none_holds(client, owner):
    sign_in(client, owner)
    mobiles.ask_for_code(actor=owner, number=NUMBER)
    code = last_code(owner.person_id)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for left in (4, 3, 2, 1, 0):
        page = client.post(reverse("accounts:mobile_confirm"), {"code": wrong})
        assert page.status_code == 422
        assert f"还可以再试{left}次" in page.content.decode()
    answer = client.post(reverse("accounts:mobile_confirm"), {"code": code})
    assert "已作废" in answer.content.decode()
    assert Mobile.objects.get().number is None
    mobiles.ask_for_code(actor=owner, number=NUMBER)
    assert mobiles.confirm_mobile(actor=owner, code=last_code(owner.person_id)).number == NUMBER


def test_a_code_holds_ten_minutes_and_only_the_last_one(owner):
    with pytest.raises(Refused) as refused:
        mobiles.confirm_mobile(actor=owner, code="000000")
    assert code_of(refused) == "none"
    mobiles.ask_for_code(actor=owner, number=NUMBER)
    first = last_code(owner.person_id)
    mobiles.ask_for_code(actor=owner, number="+8613900000000")
    assert ShortMessage.objects.count() == 1, "the code before it is not sent any more"
    with pytest.raises(Refused) as refused:
        mobiles.confirm_mobile(actor=owner, code=first if first != last_code(owner.person_id) else "x")
    assert code_of(refused) == "code"
    Mobile.objects.update(asked_at=timezone.now() - timedelta(minutes=mobiles.MINUTES, seconds=1))
    with pytest.raises(Refused) as refused:
        mobiles.confirm_mobile(actor=owner, code=last_code(owner.person_id))
    assert code_of(refused) == "over"


def test_a_code_of_one_person_is_none_of_another(owner):
    other = factories.founder()
    for actor in (owner, other):
        mobiles.ask_for_code(actor=actor, number=NUMBER)
    code = last_code(owner.person_id)
    if code != last_code(other.person_id):
        with pytest.raises(Refused):
            mobiles.confirm_mobile(actor=other, code=code)


def test_the_answer_is_the_same_whether_or_not_somebody_has_the_number(client, owner):
    confirm(owner)
    seen = []
    for number in ("13812345678", "13900000000"):
        sign_in(client, factories.founder())
        answer = client.post(PAGE, {"number": number})
        page = client.get(PAGE).content.decode().partition("<main")[2].partition("</main>")[0]
        page = re.sub(r'value="[^"]*"', "", re.sub(r"1\d\d\*{4}\d{4}", "", page))
        seen.append((answer.status_code, answer.url, page))
    assert seen[0] == seen[1]
    assert Mobile.objects.get(person=owner.person_id).number == NUMBER


def test_one_number_is_sent_five_codes_an_hour_by_whomever_and_the_count_does_not_name_it(client):
    answers = []
    for _ in range(6):
        sign_in(client, factories.founder())
        answers.append(client.post(PAGE, {"number": "13812345678"}).status_code)
    assert answers == [302] * 5 + [429]
    assert ShortMessage.objects.count() == 5
    assert not [key for key in Hit.objects.values_list("key", flat=True) if "13812345678" in key]


def test_one_account_asks_ten_times_an_hour(client, owner):
    sign_in(client, owner)
    answers = [client.post(PAGE, {"number": f"139000000{n:02d}"}).status_code for n in range(11)]
    assert answers == [302] * 10 + [429]


def test_a_number_that_is_none_stays_in_its_field_with_the_reason(client, owner):
    sign_in(client, owner)
    page = client.post(PAGE, {"number": "1381234"})
    assert page.status_code == 422
    assert "手机号共11位" in page.content.decode()
    assert 'value="1381234"' in page.content.decode()
    assert not Mobile.objects.exists()


def test_while_the_gateway_is_away_the_page_says_so_and_the_code_comes_later(client, owner, settings):
    sign_in(client, owner)
    client.post(PAGE, {"number": "13812345678"})
    assert "短信服务暂时没有响应" not in client.get(PAGE).content.decode()
    settings.SMS_TRANSPORT, settings.SMS_GATEWAY = (
        "chuangbao.core.messaging.sms_transports.HttpTransport",
        "http://127.0.0.1:9/",
    )
    with pytest.raises(Exception, match="does not answer"):
        tasks.send_messages()
    page = client.get(PAGE).content.decode()
    assert "短信服务暂时没有响应" in page
    assert "会自动发送" in page
    settings.SMS_TRANSPORT = "chuangbao.core.messaging.sms_transports.FileTransport"
    ShortMessage.objects.update(next_try_at=timezone.now())
    assert tasks.send_messages() == 1
    assert "短信服务暂时没有响应" not in client.get(PAGE).content.decode()
    code = re.search(r"\d{6}", list_messages()[0][1]["text"])[0]
    assert client.post(reverse("accounts:mobile_confirm"), {"code": code}).status_code == 302


def test_a_removed_number_is_gone_with_what_waited_for_it(client, owner, folder):
    sign_in(client, owner)
    confirm(owner, everything=True)
    tasks.send_messages()
    mobiles.ask_for_code(actor=owner, number="+8613900000000")
    assert client.post(reverse("accounts:mobile_remove")).url == PAGE
    assert not Mobile.objects.exists()
    assert not ShortMessage.objects.exists()
    assert not list(folder.glob("*"))
    assert set(NoticePreference.objects.values_list("channel", flat=True)) == {"mail"}
    assert History.objects.filter(verb="mobile.remove").count() == 1
    client.post(reverse("accounts:mobile_remove"))
    assert History.objects.filter(verb="mobile.remove").count() == 1, "nothing to remove, nothing said"


def test_a_new_number_takes_the_place_of_the_old_only_when_it_is_confirmed(owner):
    confirm(owner)
    mobiles.ask_for_code(actor=owner, number="+8613900000000")
    assert Mobile.objects.get().number == NUMBER
    assert mobiles.confirm_mobile(actor=owner, code=last_code(owner.person_id)).number == "+8613900000000"


def test_the_number_is_exported_and_erased_with_the_person(owner, folder):
    confirm(owner)
    tasks.send_messages()
    assert list(folder.glob("*.json"))
    mobiles.ask_for_code(actor=owner, number="+8613900000000")
    data = export_person(actor=owner)
    assert data["mobile"]["rows"][0]["number"] == NUMBER
    assert data["mobile"]["rows"][0]["asked"] == "+8613900000000"
    assert data["messages"]["rows"][0]["group"] == "code"
    assert last_code(owner.person_id) not in str(data), "a code is for the telephone alone"
    erase_person(actor=owner)
    assert not Mobile.objects.exists()
    assert not ShortMessage.objects.exists()
    assert not list(folder.glob("*.json"))


def test_the_page_asks_few_questions_of_the_database(client, owner, django_assert_num_queries):
    sign_in(client, owner)
    confirm(owner)
    client.get(PAGE)
    with django_assert_num_queries(6):
        client.get(PAGE)


def test_only_after_showing_who_one_is(client, owner):
    factories.sign_in(client, owner)
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"number": "13812345678"}).status_code == 302
    assert not Mobile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_leave_one_code_that_holds():
    owner = factories.founder()
    ask = lambda: mobiles.ask_for_code(actor=owner, number=NUMBER).pk  # noqa: E731 - the same act twice
    first, second = at_once(ask, ask)
    assert first == second
    assert mobiles.confirm_mobile(actor=owner, code=last_code(owner.person_id)).number == NUMBER


@pytest.mark.django_db(transaction=True)
def test_ten_guesses_at_once_are_five_and_without_the_lock_they_are_more(monkeypatch):
    owner = factories.founder()
    mobiles.ask_for_code(actor=owner, number=NUMBER)
    wrong = f"{(int(last_code(owner.person_id)) + 1) % 1_000_000:06d}"
    guess = lambda: mobiles.confirm_mobile(actor=owner, code=wrong)  # noqa: E731 - the same act ten times
    said = at_once(*[guess] * 10)
    assert sorted(said) == ["attempts"] * 5 + ["code"] * 5
    assert Mobile.objects.get().attempts == 5
    mobiles.ask_for_code(actor=owner, number=NUMBER)
    monkeypatch.setattr(type(Mobile._default_manager.all()), "select_for_update", lambda self, **_given: self)
    look = mobiles.look_at_code

    def look_late(row, code):
        time.sleep(0.2)
        return look(row, code)

    monkeypatch.setattr(mobiles, "look_at_code", look_late)
    assert at_once(*[guess] * 10).count("code") > 5, "the control"
