"""Lines about requests and errors: where and how long, never who or what."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import sys

import pytest
import structlog
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

import factories
from chuangbao.config.logs import configure_logs, mask
from chuangbao.core.access.permissions import public

EMAIL, NAME, CODE, WORD = "zhao.liu@example.org", "赵六", "91220101000000017X", "贷款担保"
PHONE = "13904310000"


@public
def failing(request, code):
    """A view whose error holds the values of a row, as PostgreSQL's do."""
    factories.person(NAME, email=EMAIL)
    try:
        factories.person(NAME, email=EMAIL)
    except IntegrityError as error:
        raise RuntimeError(f"{NAME} {EMAIL} {code}") from error


@public
def telling(request, code):
    """A view in which a library says too much, and we say what we may."""
    logging.getLogger("some.library").warning("sent to %s for %s", EMAIL, NAME)
    logging.getLogger("some.library").warning(f"sent to {EMAIL} for {NAME}, telephone {PHONE}")  # noqa: G004 - as a library might
    structlog.stdlib.get_logger("chuangbao.test").info("told", number=7, text=f"{NAME} {CODE}", many=[EMAIL, 3])
    return HttpResponse("ok")


urlpatterns = [
    path("failing/<str:code>/", failing, name="failing"),
    path("telling/<str:code>/", telling, name="telling"),
    path("static/<str:code>", telling, name="static"),
    path("unnamed/<str:code>/", telling),
]


@pytest.fixture
def lines(monkeypatch):
    """What is written to the standard error, as it would be on a server."""
    written = io.StringIO()
    monkeypatch.setattr(sys, "__stderr__", written)
    logging.config.dictConfig(configure_logs("json", debug=False))
    with override_settings(ROOT_URLCONF=__name__):
        yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    monkeypatch.undo()
    logging.config.dictConfig(configure_logs("", debug=False))


def faceless(told):
    """Nothing of anybody stands in the lines."""
    text = json.dumps(told, ensure_ascii=False)
    return not [word for word in (EMAIL, "zhao", NAME, CODE, WORD, PHONE, "q=", "failing/") if word in text]


def test_a_request_is_one_line_without_path_query_or_person(client, lines):
    response = client.get(f"/unnamed/{CODE}/", {"q": WORD, "email": EMAIL})
    asked = lines()[-1]
    assert (asked["event"], asked["view"], asked["status"], asked["method"]) == (
        "request",
        f"{__name__}.telling",
        200,
        "GET",
    )
    assert asked["ms"] >= 0
    assert asked["request_id"] == response["X-Request-ID"]
    assert faceless(lines())


def test_a_librarys_line_loses_what_was_filled_in_and_keeps_the_number_of_its_request(client, lines):
    number = client.get(f"/telling/{CODE}/")["X-Request-ID"]
    first, second, ours, request = lines()
    assert (first["event"], first["logger"], first["level"]) == ("sent to %s for %s", "some.library", "warning")
    assert second["event"] == "sent to …@… for …, telephone …"
    assert (ours["number"], ours["text"], ours["many"]) == (7, "… …", ["…@…", 3])
    assert request["view"] == "telling"
    assert {line["request_id"] for line in lines()} == {number}
    assert faceless(lines())


@pytest.mark.django_db
def test_an_error_tells_its_kind_and_places_and_none_of_its_words(client, lines):
    client.raise_request_exception = False
    assert client.get(f"/failing/{CODE}/?q={WORD}").status_code == 500
    error = next(line for line in lines() if line["level"] == "error")
    assert error["error"][0] == "builtins.RuntimeError"
    assert "psycopg.errors.UniqueViolation 23505" in error["error"]
    assert any("test_request_log.py" in place and place.endswith(" failing") for place in error["trace"])
    assert faceless(lines())


def test_the_number_of_a_proxy_is_kept_where_it_is_one(client, lines):
    number = "0123456789abcdef" * 2
    assert client.get("/telling/1/", headers={"X-Request-ID": number})["X-Request-ID"] == number
    assert client.get("/telling/1/", headers={"X-Request-ID": EMAIL})["X-Request-ID"] != EMAIL


def test_what_is_not_found_has_no_name_and_static_files_are_not_told(client, lines):
    assert client.get(f"/nowhere/{NAME}/").status_code == 404
    assert lines()[-1]["view"] == "none"
    told = len(lines())
    client.get("/static/tokens.css")
    assert [line for line in lines()[told:] if line["event"] == "request"] == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("postgresql://user:secret@host/db", "postgresql://…@host/db"),
        ("GET /policies/?q=loan HTTP/1.1", "GET /policies/?… HTTP/1.1"),
        ("220104199001011234", "…"),
        (True, True),
        (None, None),
        (2.5, 2.5),
    ],
)
def test_what_looks_like_somebody_is_masked(said, kept):
    assert mask(said) == kept


def test_whoever_develops_sees_the_whole_error_and_a_person_reads_text(monkeypatch):
    written = io.StringIO()
    monkeypatch.setattr(sys, "__stderr__", written)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert configure_logs("", debug=False)["loggers"]["chuangbao"]["level"] == "WARNING"
    logging.config.dictConfig(configure_logs("text", debug=True))
    logging.getLogger("chuangbao.test").error("failed", exc_info=ValueError("all of it"))
    assert "ValueError: all of it" in written.getvalue()
    monkeypatch.undo()
    logging.config.dictConfig(configure_logs("", debug=False))


def test_an_error_that_is_at_hand_is_told_without_being_named(lines):
    log = structlog.stdlib.get_logger("chuangbao.test")
    try:
        int(NAME)
    except ValueError as error:
        error.__cause__ = TypeError(CODE)
        error.__cause__.__context__ = error  # a ring is walked once
        log.warning("failed", exc_info=True)
        log.warning("failed", exc_info=error)
    log.warning("failed", exc_info=None)
    assert "error" not in lines()[-1]
    assert [line["error"] for line in lines()[:-1]] == [["builtins.ValueError", "builtins.TypeError"]] * 2
    assert faceless(lines())
