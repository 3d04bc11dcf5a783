"""Every letter: in the reader's language, in the product's name, with the address of the site."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

import factories
from chuangbao.accounts.adapter import Product

TEMPLATES = Path(allauth.__file__).parent / "templates"
LETTERS = sorted(
    str(path.relative_to(TEMPLATES))
    for folder in ("account", "mfa", "usersessions", "socialaccount")
    for path in (TEMPLATES / folder / "email").glob("*_*.txt")
    if not path.name.startswith("base_")
)
SITE = "https://chuangbao.example"


def context():
    """Everything that letters of the library name."""
    return {
        "current_site": Product("创宝网", SITE), "email": "a@example.org", "from_email": "a@example.org",
        "to_email": "b@example.org", "deleted_email": "a@example.org", "code": "AB12CD", "minutes": 15, "days": 3,
        "activate_url": f"{SITE}/x/", "password_reset_url": f"{SITE}/y/", "signup_url": f"{SITE}/z/", "username": "",
        "ip": "192.0.2.1", "user_agent": "Firefox", "timestamp": timezone.now(), "user": factories.person(),
        "account": "x", "provider": "x", "can_sign_in": True, "request": None,
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_of_the_library_is_in_chinese_and_greets_with_no_host(letter):
    with translation.override("zh-hans"):
        text = render_to_string(letter, context())
    assert "Hello" not in text
    plain = re.sub(r"https?://\S+|\S+@\S+|AB12CD|Firefox|192\S+", "", text)
    assert re.findall(r"[A-Za-z]{3,}", plain) == [], text
    if letter.endswith("_message.txt"):
        assert f"创宝网 {SITE}" in text


@pytest.mark.django_db
@pytest.mark.parametrize("letter", LETTERS)
def test_a_letter_of_the_library_is_in_english_too(letter):
    with translation.override("en"):
        assert not re.search(
            r"[\u4e00-\u9fff]", render_to_string(letter, context() | {"current_site": Product("C", SITE), "user": ""})
        )


@pytest.mark.django_db
def test_the_code_of_the_sign_up_says_where_it_belongs_and_how_long_it_holds(client, settings):
    settings.SITE_URL = SITE
    sent = {
        "email": "new@example.org",
        "name": "张新",
        "password1": factories.PASSWORD,
        "password2": factories.PASSWORD,
        "agree": "on",
    }
    client.post(reverse("account_signup"), sent)
    letter = mail.outbox[0]
    assert "创宝网" in letter.subject
    assert "15分钟" in letter.body
    assert f"创宝网 {SITE}" in letter.body
    assert "testserver" not in letter.body


@pytest.mark.django_db
def test_the_link_of_a_letter_leads_to_the_site_however_it_was_asked_for(client, settings):
    settings.SITE_URL = SITE
    for email in ("known@example.org", "unknown@example.org"):
        factories.person(email="known@example.org", password=factories.PASSWORD) if email[0] == "k" else None
        client.post(reverse("account_reset_password"), {"email": email})
        body = mail.outbox[-1].body
        assert f"{SITE}/accounts/" in body
        assert "testserver" not in body
