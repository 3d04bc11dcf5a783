"""Settings by environment: declared once, told in the documents, checked before anything starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chuangbao.config import checks, environment

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in environment.DECLARED:
        monkeypatch.delenv(name, raising=False)


def found(monkeypatch, **given):
    """The identifiers of what is found wrong with an environment."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return [message.id.removeprefix("chuangbao.") for message in checks.look()]


def test_the_page_lists_every_setting_in_order_and_no_other():
    page = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE) == list(environment.DECLARED)


def test_every_name_read_in_the_program_is_declared():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    read = set(re.findall(r"""environ(?:\.get\(|\[)["'](CHUANGBAO_\w+)""", sources))
    assert read
    assert read <= set(environment.DECLARED)


def test_nothing_given_is_nothing_wrong(monkeypatch):
    assert found(monkeypatch) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHUANGBAO_DEV", "yes"),
        ("CHUANGBAO_CONN_MAX_AGE", "-1"),
        ("CHUANGBAO_LOG", "xml"),
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "postgresql://host:port/name"),
        ("CHUANGBAO_FILES", "s3:bucket-without-slashes?"[:3]),
        ("CHUANGBAO_FILES", "/srv/files"),
        ("CHUANGBAO_CIPHER", "des"),
        ("CHUANGBAO_KEYS", "k1:short"),
        ("CHUANGBAO_URL", "cy.example.org"),
        ("CHUANGBAO_MAIL", "mail.example.org"),
        ("CHUANGBAO_SSO", "http://client:secret@sso.example.org/realm"),
    ],
)
def test_a_value_that_cannot_be_read_is_told_and_the_default_taken(monkeypatch, name, value):
    assert found(monkeypatch, **{name: value}) == ["E002"]
    assert environment.text(name) == environment.DECLARED[name].default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CHUANGBAO_DEV", "1"),
        ("CHUANGBAO_CONN_MAX_AGE", "5"),
        ("CHUANGBAO_LOG", "json"),
        ("CHUANGBAO_CIPHER", "sm4"),
        ("CHUANGBAO_URL", "https://cy.example.org"),
        ("CHUANGBAO_KEYS", "k2:" + "a" * 43 + "=, k1:" + "b" * 43 + "="),
        ("DATABASE_URL", "postgresql://postgres@/chuangbao?host=%2Ftmp%2Fx"),
        ("CHUANGBAO_FILES", "s3://bucket?endpoint=http://127.0.0.1:9000"),
        ("CHUANGBAO_MAIL", "smtp://user:secret@mail.example.org:587"),
    ],
)
def test_a_value_that_can_be_read_is_taken(monkeypatch, name, value):
    assert found(monkeypatch, **{name: value}) == []
    assert environment.text(name) == value


def test_a_misspelt_name_is_told_with_the_nearest(monkeypatch):
    assert found(monkeypatch, CHUANGBAO_HOST="a.example.org") == ["E001"]
    assert checks.look()[0].hint == "Did you mean CHUANGBAO_HOSTS?"
    monkeypatch.delenv("CHUANGBAO_HOST")
    assert found(monkeypatch, CHUANGBAO_XYZXYZ="1") == ["E001"]
    assert "docs/operation.md" in checks.look()[0].hint


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"CHUANGBAO_DEV": "1", "CHUANGBAO_HTTPS": "1"}, ["E003"]),
        ({"CHUANGBAO_HOSTS": "*", "CHUANGBAO_HTTPS": "1"}, ["E004"]),
        ({"CHUANGBAO_HOSTS": ".example.org", "CHUANGBAO_HTTPS": "1"}, ["E004"]),
        ({"CHUANGBAO_DEMO": "1", "CHUANGBAO_HTTPS": "1"}, ["E008"]),
        ({"CHUANGBAO_DEMO": "1", "CHUANGBAO_HTTPS": "1", "CHUANGBAO_HOSTS": "portal.example"}, ["E008"]),
        ({"CHUANGBAO_SECRET_KEY": "changeme"}, ["E005"]),
        ({"CHUANGBAO_SECRET_KEY": "ab" * 40}, ["E005"]),
        ({"CHUANGBAO_METRICS_TOKEN": "short"}, ["E006"]),
        ({"CHUANGBAO_HOSTS": "localhost, cy.example.org"}, ["W001"]),
        ({"CHUANGBAO_HOSTS": "cy.example.org", "CHUANGBAO_HTTPS": "1"}, []),
        ({"CHUANGBAO_SECRET_KEY": "q8Zr1xT5vB2nM7kL0pW4sD9fG3hJ6yUcEaXoIiRt"}, []),
    ],
)
def test_what_would_open_the_house_is_told(monkeypatch, given, wrong):
    told = found(monkeypatch, **given)
    assert [code for code in told if code != "W002"] == wrong  # the operator has not named itself in any of them


def test_a_bucket_without_its_package_is_told(monkeypatch):
    monkeypatch.setattr(checks, "find_spec", lambda _name: None)
    assert found(monkeypatch, CHUANGBAO_FILES="s3://uploads") == ["E007"]


def test_up_stops_before_it_touches_anything_and_repeats_no_secret(tmp_path):
    room = {**os.environ, "CHUANGBAO_DATA": str(tmp_path / "data"), "CHUANGBAO_SECRET_KEY": "geheim",
            "CHUANGBAO_MAIL": "ftp://user:geheim@host"}  # fmt: skip
    command = [sys.executable, "-W", "ignore", "-m", "chuangbao", "up"]
    done = subprocess.run(command, env=room, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "CHUANGBAO_SECRET_KEY is too weak" in done.stderr
    assert "The value of CHUANGBAO_MAIL cannot be read. It is an address as smtp://" in done.stderr
    assert "geheim" not in done.stderr + done.stdout
    assert not (tmp_path / "data").exists()


def test_djangos_own_check_says_the_same(tmp_path):
    room = {**os.environ, "CHUANGBAO_DATA": str(tmp_path), "CHUANGBAO_HTTPS": "on"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], env=room, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "The value of CHUANGBAO_HTTPS cannot be read." in done.stderr
