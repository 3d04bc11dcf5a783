"""The cache: JSON alone, kept until its time is over and not one row less."""

from __future__ import annotations

import base64
import os
import pickle
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import connection
from django.utils.module_loading import import_string

import factories
from chuangbao.core.http import cache as module
from chuangbao.core.tasks import sweep
from together import at_once

pytestmark = pytest.mark.django_db


class Hostile:
    """What whoever may write one row of the table would put there."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return os.system, (f"id > {self.place}",)


def put_row(key, value):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_cache VALUES (%s, %s, now() + interval '1 hour')"
            " ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value",
            [cache.make_key(key), value],
        )


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_pickled_row_is_nothing_and_runs_nothing(tmp_path, wrapped):
    pickled = base64.b64encode(pickle.dumps(Hostile(tmp_path / "ran"))).decode()
    put_row("k", pickled if wrapped else "cposix\nsystem\n(S'true'\ntR.")
    assert cache.get("k") is None
    assert cache.get("k", "default") == "default"
    assert not (tmp_path / "ran").exists()


def test_no_cache_of_this_installation_pickles():
    for name in settings.CACHES:
        for kind in type(caches[name]).__mro__:
            source = Path(import_string(f"{kind.__module__}.__file__") if kind is not object else __file__)
            if kind is not object:
                assert "pickle" not in source.read_text(encoding="utf-8").replace("pickled objects", ""), kind


def test_values_come_back_as_they_were_kept():
    for value in (0, 1.5, "文", True, None, [1.0, 2], {"a": [1]}):
        cache.set("k", value)
        assert cache.get("k", "none") == value
        assert cache.has_key("k") or value is None
    assert cache.get("other") is None
    assert cache.get_many(["k", "other"]) == {"k": {"a": [1]}}
    with pytest.raises(TypeError):
        cache.set("k", object())


def test_a_value_lasts_as_long_as_it_was_kept_for():
    cache.set("gone", 1, timeout=-1)
    cache.set("for-ever", 1, timeout=None)
    assert (cache.get("gone"), cache.get("for-ever")) == (None, 1)
    assert cache.add("gone", 2)
    assert not cache.add("gone", 3)
    assert cache.get("gone") == 2
    assert cache.touch("gone", timeout=0)
    assert not cache.touch("gone")
    assert not cache.delete("gone")
    assert cache.delete("for-ever")
    assert cache.incr("count") if cache.add("count", 1) else None


def test_nothing_is_forgotten_that_has_not_expired():
    cache.set("lock", "held", timeout=300)
    cache.set("allauth.mfa.totp.used", "y", timeout=300)
    for number in range(1000):
        cache.set(f"other-{number}", number)
    assert cache.get("lock") == "held"
    assert cache.get("allauth.mfa.totp.used") == "y"
    cache.set("old", 1, timeout=0)
    sweep()
    assert module.sweep() == 0
    assert cache.get("lock") == "held"
    cache.clear()
    assert cache.get("lock") is None


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_at_once_one_succeeds():
    found = at_once(*[lambda: cache.add("once", 1) for _ in range(4)])
    assert sorted(found) == [False, False, False, True]
    cache.clear()


def test_a_locked_account_stays_locked_however_many_others_try(client, settings):
    person = factories.person(email="locked@example.org", password=factories.PASSWORD)
    for number in range(12):
        client.post("/accounts/login/", {"login": person.email, "password": f"x{number}"})
    kept = "SELECT count(*) FROM core_cache WHERE cache_key LIKE '%%login_failed%%'"
    with connection.cursor() as cursor:
        cursor.execute(kept)
        (before,) = cursor.fetchone()
    for number in range(400):
        cache.set(f"a-{number}", [1.0], timeout=300)
    with connection.cursor() as cursor:
        cursor.execute(kept)
        assert cursor.fetchone() == (before,)
    assert before > 0
    assert client.post("/accounts/login/", {"login": person.email, "password": factories.PASSWORD}).status_code != 302
