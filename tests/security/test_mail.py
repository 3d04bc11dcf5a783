"""Letters: nobody writes their heads, and no letter holds up the others."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

import factories
from chuangbao.accounts.domain.members import invite
from chuangbao.accounts.forms import FoundForm
from chuangbao.core import tasks
from chuangbao.core.http.forms import one_line
from chuangbao.core.http.metrics import exposition
from chuangbao.core.messaging.outbox import queue_letters, send_pending
from chuangbao.core.models import Letter


class MailServer(socketserver.StreamRequestHandler):
    """As much of a mail server as hands letters over: it knows no ``gone``, and has no time for ``busy``."""

    def handle(self):
        self.say("220 ready")
        for line in self.rfile:
            word, _, rest = line.decode().strip().partition(" ")
            word = word.upper()
            if word == "DATA":
                self.say("354 go on")
                self.server.taken.append(self.letter())
            self.say(self.answer(word, rest))
            if word == "QUIT":
                return

    def answer(self, word, rest):
        if word == "RCPT" and "gone" in rest:
            return "550 no such mailbox"
        return (
            "451 come back later" if word == "RCPT" and "busy" in rest else "221 bye" if word == "QUIT" else "250 fine"
        )

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def letter(self):
        return b"".join(iter(self.rfile.readline, b".\r\n"))


@contextmanager
def running():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        server.taken, server.daemon_threads = [], True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def mail_server(settings, db):
    with running() as server:
        settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server


def letters(*people, subject="题"):
    queue_letters(EmailMessage(subject, "文", "a@example.org", [f"{name}@example.org"]) for name in people)


def test_a_letter_to_nobody_holds_up_no_other_and_is_forgotten_in_time(mail_server):
    letters("gone", "first", "second")
    assert send_pending() == 2
    assert len(mail_server.taken) == 2
    refused = Letter.objects.get()
    assert refused.refused_at is not None
    assert b"chuangbao_letters_refused 1.0" in exposition()
    assert send_pending() == 0
    tasks.sweep(0)
    assert Letter.objects.exists()
    Letter.objects.update(refused_at=timezone.now() - timezone.timedelta(days=8))
    tasks.sweep(0)
    assert not Letter.objects.exists()


def test_a_letter_that_is_refused_for_now_is_tried_again_behind_the_others(mail_server):
    letters("busy", "first")
    with pytest.raises(SMTPRecipientsRefused):
        send_pending()
    assert len(mail_server.taken) == 1
    assert Letter.objects.get().refused_at is None


def test_a_letter_that_cannot_be_written_down_is_set_aside(mail_server):
    letters("first")
    letter = Letter.objects.get()
    letter.subject = "题\r\nBcc: hostile@example.org"
    letter.save()
    letters("second")
    assert send_pending() == 1
    assert Letter.objects.get().refused_at is not None


def test_nobody_writes_into_the_head_of_a_letter(mail_server, regions, settings):
    settings.EMAIL_BACKEND = "chuangbao.core.messaging.outbox.Outbox"
    where = factories.organisation("企业\r\nBcc: hostile@example.org")
    invite(organisation=where, actor=factories.member(where), email="friend@example.org", role="clerk")
    assert "\n" not in Letter.objects.get().subject
    assert send_pending() == 1
    assert b"\r\nBcc:" not in mail_server.taken[0].partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("甲\r\n乙", "甲 乙"),
        ("\u202eexe.公司", "exe.公司"),
        ("a\u200db", "a\u200db"),
        ("甲\u200b  乙\t", "甲 乙"),
        ("\x1b[2J", "[2J"),
    ],
)
def test_a_name_stands_on_one_line_without_what_cannot_be_seen(typed, kept):
    assert one_line(typed) == kept


def test_a_name_of_nothing_that_can_be_seen_is_none(regions):
    form = FoundForm({"name": "\u202e\u200b", "code": "x", "kind": "enterprise", "region": factories.COUNTY})
    assert "name" in form.errors
    assert "name" in FoundForm({"name": "a\x00b"}).errors
