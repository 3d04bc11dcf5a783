"""SMS wait in the database until the gateway has them: nothing is lost while it is away, and nothing sent twice."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

import factories
from chuangbao.config.environment import fault
from chuangbao.config.services import sms_transport
from chuangbao.core import tasks
from chuangbao.core.messaging import notifications, sms
from chuangbao.core.messaging.notifications import Event, register, tell
from chuangbao.core.messaging.sms_transports import (
    FileTransport,
    GatewayAwayError,
    HttpTransport,
    NumberRefusedError,
    list_messages,
    sent_at,
)
from chuangbao.core.models import Channel, Letter, Mobile, Notice, NoticePreference, ShortMessage
from together import at_once

NUMBER = "+8613800000000"


class Gateway(BaseHTTPRequestHandler):
    """Answers with what the test says, and remembers what it took, by key."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((body, dict(self.headers)))
        status = self.server.answers.pop(0) if self.server.answers else 200
        if body["text"] in self.server.faulty:
            status = 500
        if status == 200:
            self.server.taken[self.headers["Idempotency-Key"]] = body
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_words):
        pass


@contextmanager
def gateway(settings, *answers):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.answers, server.asked, server.taken, server.faulty = list(answers), [], {}, set()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    settings.SMS_GATEWAY = f"http://jilin:p%40ss@127.0.0.1:{server.server_port}/send?app=1"
    settings.SMS_TRANSPORT = sms_transport(settings.SMS_GATEWAY)
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def world(monkeypatch, settings, tmp_path):
    settings.SMS_FILE_PATH = str(tmp_path / "sms")
    monkeypatch.setattr(notifications, "EVENTS", {})
    register(Event("test.new", "新的%(what)s", "请看%(what)s。", "policies"))


def give_mobile(actor, *, wants=True):
    Mobile.objects.create(person_id=actor.person_id, number=NUMBER, confirmed_at=timezone.now())
    if wants:
        NoticePreference.objects.create(person_id=actor.person_id, group="policies", channel=Channel.SMS)
    return actor


@pytest.fixture
def reader(db):
    return give_mobile(factories.founder())


def put(reader, text="短信", **given):
    given.setdefault("ends_at", timezone.now() + timedelta(minutes=10))
    return ShortMessage.objects.create(person_id=reader.person_id, number=NUMBER, text=text, **given)


def let_time_pass():
    """Let every message that waits be due."""
    ShortMessage.objects.update(next_try_at=timezone.now())


def test_news_comes_here_by_letter_and_by_a_short_message_that_tells_nothing_of_it(reader):
    tell("test.new", to=[reader.person_id], data={"what": "残疾人创业补贴"}, url="/policies/")
    assert (Notice.objects.count(), Letter.objects.count()) == (1, 1)
    assert ProcrastinateJob.objects.filter(task_name="core.send_messages").exists()
    assert str(ShortMessage.objects.get()).startswith(f"{ShortMessage.objects.get().pk} ")
    assert tasks.send_messages() == 1
    _file, message = list_messages()[0]
    assert message["to"] == NUMBER
    assert message["text"] == "【创宝网】您有新消息：与我有关的政策。请登录查看：http://localhost:8000/desk/notices/"
    assert timezone.now() - sent_at(message) < timedelta(minutes=1)
    assert not ShortMessage.objects.exists()


def test_only_those_who_want_sms_and_confirmed_a_number_get_them(reader):
    quiet = give_mobile(factories.founder(), wants=False)
    unconfirmed = factories.founder()
    NoticePreference.objects.create(person_id=unconfirmed.person_id, group="policies", channel=Channel.SMS)
    Mobile.objects.create(person_id=unconfirmed.person_id, asked=NUMBER, asked_at=timezone.now(), code_hash="x")
    tell("test.new", to=[quiet.person_id, unconfirmed.person_id], data={"what": "a"})
    assert not ShortMessage.objects.exists()
    assert Letter.objects.count() == 2


def test_news_of_one_kind_is_said_once_while_it_waits_and_ten_times_a_day_at_most(reader):
    for n in range(3):
        tell("test.new", to=[reader.person_id], data={"what": n})
    assert ShortMessage.objects.count() == 1
    sent = 0
    for n in range(12):
        tell("test.new", to=[reader.person_id], data={"what": n})
        sent += tasks.send_messages()
    assert sent == 10
    assert Notice.objects.count() == 15


def test_what_did_not_happen_is_not_sent_by_sms(reader):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell("test.new", to=[reader.person_id], data={"what": "a"})
        raise RuntimeError
    assert not ShortMessage.objects.exists()


def test_telling_people_without_sms_asks_nothing_more_of_the_database(reader, django_assert_num_queries):
    other = factories.founder()
    with django_assert_num_queries(9):
        tell("test.new", to=[other.person_id], data={"what": "a"})


def test_a_gateway_that_is_away_delays_messages_and_loses_none(reader, settings):
    tell("test.new", to=[reader.person_id], data={"what": "a"})
    put(reader, "第二条")
    settings.SMS_GATEWAY = "http://127.0.0.1:9/send"
    settings.SMS_TRANSPORT = sms_transport(settings.SMS_GATEWAY)
    with pytest.raises(GatewayAwayError, match="does not answer"):
        tasks.send_messages()
    assert [row.tries for row in ShortMessage.objects.all()] == [1, 1]
    assert sms.waits_for_gateway(reader.person_id)
    assert not sms.waits_for_gateway(factories.founder().person_id)
    with gateway(settings, 503, 429) as server:
        assert tasks.send_messages() == 0, "each waits before it is tried again"
        let_time_pass()
        with pytest.raises(GatewayAwayError, match="answers"):
            tasks.send_messages()
        let_time_pass()
        assert tasks.send_messages() == 2
        assert tasks.send_messages() == 0
    assert not ShortMessage.objects.exists()
    assert len(server.taken) == 2, "each once"
    body, headers = server.asked[0]
    assert (body["to"], body["id"]) == (NUMBER, headers["Idempotency-Key"])
    assert headers["Authorization"] == "Basic amlsaW46cEBzcw=="
    assert len({asked["id"] for asked, _headers in server.asked}) == 2, "the same key at every try"


def test_a_message_answered_with_a_fault_for_ever_holds_up_no_other(reader, settings):
    put(reader, "坏")
    with gateway(settings) as server:
        server.faulty = {"坏"}
        for n in range(4):
            put(reader, f"好{n}")
            with pytest.raises(GatewayAwayError, match="500"):
                tasks.send_messages()
            let_time_pass()
        put(reader, "好4")
        tasks.send_due_messages(timestamp=0)
    assert [body["text"] for body in server.taken.values()] == ["好0", "好1", "好2", "好3", "好4"]
    assert ShortMessage.objects.get().tries == 5


def test_many_messages_answered_with_a_fault_are_passed_over_round_by_round(reader, settings):
    for _ in range(2 * sms.FEW):
        put(reader, "坏")
    put(reader, "好")
    with gateway(settings) as server:
        server.faulty = {"坏"}
        for n in (1, 2):
            with pytest.raises(GatewayAwayError):
                tasks.send_messages()
            assert len(server.asked) == n * sms.FEW, "then the gateway is taken to be away"
        assert tasks.send_messages() == 1


def test_a_message_that_was_not_taken_waits_longer_after_each_try(reader):
    row, waits = put(reader), []
    for _ in range(7):
        before = timezone.now()
        sms.put_off(row)
        waits.append((row.next_try_at - before).total_seconds())
    assert [round(wait) for wait in waits] == [4, 16, 64, 256, 900, 900, 900]
    assert list(sms.list_due_messages()) == []


def test_the_worker_waits_longer_after_each_try():
    strategy, now = tasks.send_messages.retry_strategy, timezone.now()
    waits = []
    for tries in range(1, 6):
        job = SimpleNamespace(attempts=tries)
        waits.append(strategy.get_retry_decision(exception=GatewayAwayError(), job=job).retry_at - now)
    assert all(first < second for first, second in pairwise(waits))


def test_a_message_that_the_gateway_never_takes_holds_up_no_other(reader, settings):
    put(reader, "坏")
    put(reader, "好")
    with gateway(settings, 422) as server:
        assert tasks.send_messages() == 1
    assert [body["text"] for body in server.taken.values()] == ["好"]
    assert ShortMessage.objects.get().refused_at is not None
    assert not sms.waits_for_gateway(reader.person_id)
    ShortMessage.objects.update(ends_at=timezone.now() - timedelta(days=1))
    tasks.sweep(0)
    assert not ShortMessage.objects.exists()


def test_a_code_whose_time_is_over_is_not_sent(reader):
    put(reader, ends_at=timezone.now() - timedelta(seconds=1))
    assert tasks.send_messages() == 0
    assert not ShortMessage.objects.exists()
    assert not list_messages()


def test_a_file_is_one_message_however_often_it_is_handed_over(reader):
    key = uuid4()
    for _ in range(2):
        FileTransport().send(number=NUMBER, text="文", key=key)
    assert len(list_messages()) == 1


def test_a_folder_that_cannot_be_written_is_a_gateway_that_is_away(reader, settings, tmp_path):
    (tmp_path / "file").write_text("x")
    settings.SMS_FILE_PATH = str(tmp_path / "file" / "sms")
    with pytest.raises(GatewayAwayError, match="folder"):
        FileTransport().send(number=NUMBER, text="文", key=uuid4())


def test_a_gateway_says_what_it_will_never_take(settings, db):
    with gateway(settings, 400), pytest.raises(NumberRefusedError, match="400"):
        HttpTransport().send(number=NUMBER, text="文", key=uuid4())


def test_the_address_of_a_gateway_is_read_from_the_environment():
    assert sms_transport("").endswith("FileTransport")
    assert sms_transport("https://sms.example.org/").endswith("HttpTransport")
    assert fault("CHUANGBAO_SMS", "https://a:b@sms.example.org/send") == ""
    assert "without TLS" in fault("CHUANGBAO_SMS", "http://sms.example.org/send")


def test_numbers_and_texts_are_sealed_in_the_database(reader):
    put(reader, "验证码123456")
    with connection.cursor() as cursor:
        cursor.execute("SELECT m.number, s.number, s.text FROM core_mobile m, core_shortmessage s")
        held = b"".join(map(bytes, cursor.fetchone()))
    assert b"13800000000" not in held
    assert "验证码".encode() not in held


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(settings):
    reader = give_mobile(factories.founder())
    rows = [put(reader, f"第{n}条").key for n in range(6)]
    with gateway(settings) as server:
        assert sum(at_once(tasks.send_messages, tasks.send_messages)) == 6
    assert len(server.asked) == 6
    assert set(server.taken) == {str(key) for key in rows}


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_workers_take_the_same_message(settings, monkeypatch):
    reader = give_mobile(factories.founder())
    put(reader)
    both = threading.Barrier(2, timeout=10)
    plain = type(ShortMessage._default_manager.all())
    monkeypatch.setattr(plain, "select_for_update", lambda self, **_given: self)
    send = HttpTransport.send

    def send_together(self, **given):
        both.wait()
        send(self, **given)

    monkeypatch.setattr(HttpTransport, "send", send_together)
    with gateway(settings) as server:
        at_once(*[lambda: sms.send_next_message(HttpTransport())] * 2)
    assert len(server.asked) == 2, "the control: twice"
    assert len(server.taken) == 1, "and even then the key lets the gateway send it once"
