"""Each page of the rooms of spaces says what it says in the language of its reader: none of the other is left in it."""

from __future__ import annotations

import re
from html import unescape

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, JSONField, TextField
from django.urls import reverse

from permissions.tables import read_tables
from permissions.test_table import client_of, sample_of
from permissions.world import build

ROOMS = ("accounts", "billing", "booking", "inspections", "tenants")
ROLES = ("owner", "founder", "officer", "watcher", "city", "anonymous")
HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,})+")
UNSEEN = re.compile(r"<(script|style|svg|template|head)\b.*?</\1>|<!--.*?-->", re.DOTALL)
SAID = re.compile(r'(?:aria-label|title|alt|placeholder)="([^"]*)"|<[^>]+>')
LANGUAGES = {"zh-hans": ENGLISH, "en": HAN}
"""What of the other language is looked for in a page of each."""
PLACES = "吉林省长春市南关区"
"""What an address begins with: it is written as on the letter, in either language."""
NAMES = {"中文"}  # of the language, in the switch


def list_stored_words():
    """What people typed, and the names of places: it stays as it is in either language."""
    found = set()
    for model in apps.get_models():
        texts = (CharField, TextField, JSONField, ArrayField)
        names = [one.attname for one in model._meta.concrete_fields if isinstance(one, texts)]
        for row in model._base_manager.values_list(*names) if names else ():
            found.update(str(value) for value in row if value)
    return "\n".join(sorted(found))


def list_seen_words(page):
    """The texts of a page that are read or read out, each by itself."""
    return [text.strip() for text in unescape(SAID.sub(r"\n\1\n", UNSEEN.sub("\n", page))).split("\n") if text.strip()]


def list_pages(world):
    """Every page of the rooms that is only read, with one of those who may open it; and that of who has left."""
    left = world.rows["handover"].tenancy_id
    yield reverse("tenants:tenancy", args=[left]), "owner"
    for row in read_tables():
        name = row["address"]
        may = [role for role in ROLES if row[role] == "open"]
        if name.partition(":")[0] in ROOMS and row["method"] == "get" and may:
            yield reverse(name, kwargs=sample_of(name, world)), may[0]


def test_a_page_of_one_language_has_no_words_of_the_other(regions, library, settings):
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS = False, False
    world = build()
    clients = {role: client_of(world.actors[role]) for role in ROLES}
    left, read, stored = set(), 0, ""
    for address, role in list_pages(world):
        for language, foreign in LANGUAGES.items():
            clients[role].cookies[settings.LANGUAGE_COOKIE_NAME] = language
            answer = clients[role].get(address, follow=True)
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            read += 1
            stored = stored or list_stored_words()
            texts = list_seen_words(answer.content.decode())
            left |= {
                (language, address, text)
                for text in texts
                for words in foreign.findall(text)
                if words.removeprefix(PLACES) not in stored and words not in NAMES
            }
    assert read > 180  # a walk that opens nothing would find nothing
    assert left == set()
