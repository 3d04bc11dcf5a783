"""People are told once, in their language, the way they want; letters wait for a mail server that is away."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

import factories
from chuangbao.core import tasks
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import visible
from chuangbao.core.contexts import list_notice_groups
from chuangbao.core.messaging import notifications
from chuangbao.core.messaging.notifications import Event, body_of, register, tell, title_of
from chuangbao.core.messaging.outbox import send_pending
from chuangbao.core.models import Channel, Letter, Notice, NoticePreference

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def event(monkeypatch, settings):
    settings.MAIL_TRANSPORT = LOCMEM
    monkeypatch.setattr(notifications, "EVENTS", {})
    register(Event("test.new", "新的%(what)s", "请看%(what)s。", "policies"))


@pytest.fixture
def reader(regions):
    return factories.founder()


def test_an_event_is_declared_once():
    register(Event("test.new", "新的%(what)s", "请看%(what)s。", "policies"))
    with pytest.raises(ValueError, match="twice"):
        register(Event("test.new", "别的", ""))


def test_somebody_is_told_here_and_by_a_letter(reader):
    assert tell("test.new", to=[reader.person_id, reader.person_id], data={"what": "政策"}, url="/policies/") == 1
    notice = Notice.objects.get()
    assert (title_of(notice), body_of(notice)) == ("新的政策", "请看政策。")
    assert str(notice) == f"test.new {reader.person_id}"
    assert ProcrastinateJob.objects.filter(task_name="core.send_letters").exists()
    assert str(Letter.objects.get()).startswith(f"{Letter.objects.get().pk} ")
    assert tasks.send_letters() == 1
    letter = mail.outbox[0]
    assert letter.subject == "新的政策"
    assert "http://localhost:8000/policies/" in letter.body
    assert not Letter.objects.exists()


def test_an_event_that_is_no_longer_declared_is_still_listed(reader):
    notice = Notice(event="old.event")
    assert (title_of(notice), body_of(notice)) == ("old.event", "")


def test_nobody_is_told_twice_of_the_same(reader):
    other = factories.founder()
    assert tell("test.new", to=[reader.person_id], data={"what": "a"}, once="measure:1") == 1
    assert tell("test.new", to=[reader.person_id, other.person_id], data={"what": "a"}, once="measure:1") == 1
    assert Notice.objects.count() == 2


def test_whoever_wants_no_letters_gets_none_and_whoever_wants_one_a_day_gets_one(reader):
    quiet, daily = factories.founder(), factories.founder()
    for actor, channel in [(quiet, Channel.SITE), (daily, Channel.DIGEST)]:
        row = NoticePreference.objects.create(person_id=actor.person_id, group="policies", channel=channel)
        assert str(row).endswith(str(channel))
    people = [quiet.person_id, daily.person_id]
    tell("test.new", to=people, data={"what": "甲"}, url="/a/")
    tell("test.new", to=people, data={"what": "乙"})
    assert send_pending() == 0
    assert tasks.send_digests(0) == 1
    assert tasks.send_digests(0) == 0
    assert send_pending() == 1
    assert "甲" in mail.outbox[0].body
    assert "乙" in mail.outbox[0].body


def test_what_did_not_happen_is_not_told(reader):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell("test.new", to=[reader.person_id], data={"what": "a"})
        raise RuntimeError
    assert not Notice.objects.exists()
    assert not Letter.objects.exists()


def test_a_letter_waits_while_the_mail_server_is_away(reader, settings):
    tell("test.new", to=[reader.person_id], data={"what": "a"})
    with (
        override_settings(
            MAIL_TRANSPORT="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=9
        ),
        pytest.raises(OSError, match="refused"),
    ):
        tasks.send_letters()
    assert Letter.objects.count() == 1
    assert tasks.send_letters() == 1


def test_every_letter_of_the_system_goes_through_the_outbox(db):
    with override_settings(EMAIL_BACKEND="chuangbao.core.messaging.outbox.Outbox"):
        letter = EmailMultiAlternatives("题", "文", to=["a@example.org"])
        letter.attach_alternative("<p>文</p>", "text/html")
        letter.send()
        EmailMessage("题", "文", to=[]).send()
    assert Letter.objects.get().html == "<p>文</p>"
    send_pending()
    assert mail.outbox[0].alternatives[0][0] == "<p>文</p>"


def test_the_worker_sweeps(db):
    tasks.sweep(0)


def test_one_reads_ones_own_notices(client, reader, django_assert_max_num_queries):
    stranger = factories.founder()
    tell("test.new", to=[stranger.person_id], data={"what": "秘密"})
    for n in range(25):
        tell("test.new", to=[reader.person_id], data={"what": f"第{n}条"}, url="/policies/?from=notice")
    factories.sign_in(client, reader)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("core:notices")).content.decode()
    assert "新的第24条" in page
    assert "秘密" not in page
    assert "第24条" not in client.get(reverse("core:notices"), {"page": 2}).content.decode()
    newest, theirs = Notice.objects.filter(person=reader.person_id)[0], Notice.objects.get(person=stranger.person_id)
    assert client.post(reverse("core:notice", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("core:notice", args=[newest.pk])).url == "/policies/?from=notice"
    assert "第24条" not in client.get(reverse("core:notices"), {"show": "unread"}).content.decode()
    assert client.post(reverse("core:read_all")).url == reverse("core:notices")
    assert "没有新消息" in client.get(reverse("core:notices"), {"show": "unread"}).content.decode()


def test_a_notice_never_leads_to_another_site(client, reader):
    tell("test.new", to=[reader.person_id], data={"what": "a"}, url="//evil.example/")
    factories.sign_in(client, reader)
    assert client.post(reverse("core:notice", args=[Notice.objects.get().pk])).url == reverse("core:notices")


def test_one_chooses_how_to_be_told(client, reader):
    factories.sign_in(client, reader)
    assert client.get(reverse("core:preferences")).status_code == 200
    choice = dict.fromkeys(list_notice_groups(), "digest")
    assert client.post(reverse("core:preferences"), choice).status_code == 302
    assert client.post(reverse("core:preferences"), choice | {"policies": "site"}).status_code == 302
    assert visible(NoticePreference, to=reader).get(group="policies").channel == "site"
    assert visible(NoticePreference, to=SYSTEM).count() == len(list_notice_groups())
    assert client.post(reverse("core:preferences"), choice | {"policies": "pigeon"}).status_code == 422


def test_a_letter_of_what_may_tell_something_of_its_reader_says_only_that_there_is_news(reader):
    register(Event("test.yours", "您符合：%(what)s", "可享受%(what)s。", "policies", discreet=True))
    daily = factories.founder()
    NoticePreference.objects.create(person_id=daily.person_id, group="policies", channel=Channel.DIGEST)
    for data in ({"what": "残疾人创业补贴"}, {"what": "残疾人创业补贴", "discreet": "yes"}):
        event = "test.new" if "discreet" in data else "test.yours"
        tell(event, to=[reader.person_id, daily.person_id], data=data, url="/policies/measures/disabled/")
    tasks.send_digests(0)
    assert send_pending() == 3
    for letter in mail.outbox:
        said = f"{letter.subject} {letter.body}"
        assert "残疾" not in said
        assert "disabled" not in said
        assert "新消息" in said
        assert f"http://localhost:8000{reverse('core:notices')}" in letter.body
    assert "残疾人创业补贴" in title_of(Notice.objects.filter(event="test.yours").first())
