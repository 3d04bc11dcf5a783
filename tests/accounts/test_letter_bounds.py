"""One address is sent six codes and links an hour at most, by whatever page; what is refused tells of no account."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

import factories
from chuangbao.accounts.domain.acting import as_self
from chuangbao.core.models import Hit

pytestmark = pytest.mark.django_db
RESET = "account_reset_password"


def sign_up(client, email):
    sent = {"name": "张新", "password1": factories.PASSWORD, "password2": factories.PASSWORD, "agree": "on"}
    return client.post(reverse("account_signup"), {"email": email, **sent})


def later():
    """The library's own bounds of a minute and of ten seconds are over; the hour is not."""
    cache.clear()
    Hit.objects.exclude(key__startswith="letters:").delete()


def ask(client, email):
    """Ask for a letter by one page after the other until one is refused; the answers."""
    answers = []
    for page in (RESET, RESET, "sign-up", "again", RESET, RESET, RESET):
        later()
        if page == "sign-up":
            answers.append(sign_up(client, email))
        elif page == "again":
            answers.append(client.post(reverse("account_email_verification_sent"), {"action": "resend"}))
        else:
            answers.append(client.post(reverse(RESET), {"email": email}))
    return answers


def test_the_seventh_letter_within_an_hour_is_refused_with_or_without_an_account(client):
    factories.person(email="known@example.org", password=factories.PASSWORD)
    seen = {}
    for email in ("known@example.org", "New@example.org"):
        client.logout()
        client.cookies.clear()
        answers = ask(client, email)
        assert [a.status_code for a in answers] == [302] * 6 + [429], email
        assert 1 <= int(answers[-1]["Retry-After"]) <= 3600
        body = answers[-1].content.decode()
        assert re.search(r"\d+ 分钟后", body)
        shown = body.partition("<main")[2].partition("</main>")[0].replace(email, "").replace(email.lower(), "")
        seen[email] = re.sub(r"\d+", "", shown)
    assert seen["known@example.org"] == seen["New@example.org"]
    assert sign_up(client, "other@example.org").status_code == 302, "another address has a bound of its own"


def test_small_and_capital_letters_are_one_address_and_the_count_does_not_name_it(client):
    for n in range(7):
        later()
        email = "two@example.org" if n % 2 else "TWO@example.org "
        answer = client.post(reverse(RESET), {"email": email})
    assert answer.status_code == 429
    assert len(mail.outbox) == 6
    assert not [key for key in Hit.objects.values_list("key", flat=True) if "two@" in key.lower()]


def test_a_letter_about_a_change_is_never_held_back(client):
    person = factories.person(email="full@example.org", password=factories.PASSWORD)
    for _ in range(7):
        later()
        client.post(reverse(RESET), {"email": person.email})
    own = factories.sign_in(client, as_self(person))
    sent = len(mail.outbox)
    new = "Ein-anderes-Passwort-7"
    own.post(
        reverse("account_change_password"),
        {"oldpassword": factories.PASSWORD, "password1": new, "password2": new},
    )
    assert len(mail.outbox) == sent + 1


def test_a_code_is_sent_again_with_a_word_and_the_one_before_holds_no_more(client):
    sign_up(client, "again@example.org")
    address = reverse("account_email_verification_sent")
    page = client.get(address).content.decode()
    assert "15分钟内有效" in page
    assert "重新发送验证码" in page
    assert client.post(address, {"action": "resend"}).status_code == 429, "ten seconds have not passed"
    later()
    client.get(address)
    assert client.post(address, {"action": "resend"}).status_code == 302
    assert "again@example.org" in client.get(address).content.decode().partition("<main")[2].partition("<form")[0]
    first, second = (re.search(r"^([A-Z0-9-]{6,9})$", m.body, re.MULTILINE)[1] for m in mail.outbox)
    assert client.post(address, {"code": first}).status_code in {200, 422}
    assert client.post(address, {"code": second}).url == "/checkup/keep/"
    assert client.get("/checkup/keep/").url == "/checkup/"
