"""Every setting that the environment may give, declared once: name, kind and default.

Settings, checks at start, the doctor and the page ``docs/operation.md`` all go by this list. A value that
cannot be read never stops the program halfway: the default is taken and ``checks`` reports the fault.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DECLARED", "Setting", "fault", "flag", "number", "text", "unknown"]

PREFIX = "CHUANGBAO_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One name of the environment; ``kind`` says how its value is read, ``secret`` that it is never shown."""

    name: str
    kind: str = "text"
    """text · flag · number · log · cipher · keys · url · sso · postgresql · files · scanner · mail · sms"""
    default: str = ""
    secret: bool = False


DECLARED = {
    s.name: s
    for s in (
        Setting("DATABASE_URL", "postgresql", secret=True),
        Setting("CHUANGBAO_OWNER_DATABASE_URL", "postgresql", secret=True),
        Setting("CHUANGBAO_CONN_MAX_AGE", "number", "60"),
        Setting("CHUANGBAO_PROCESSES", "number", "0"),
        Setting("CHUANGBAO_DATA"),
        Setting("CHUANGBAO_PACK"),
        Setting("CHUANGBAO_NODE_MODULES"),
        Setting("CHUANGBAO_FILES", "files", secret=True),
        Setting("CHUANGBAO_HOSTS"),
        Setting("CHUANGBAO_HTTPS", "flag"),
        Setting("CHUANGBAO_PROXIES", "number", "1"),
        Setting("CHUANGBAO_SECRET_KEY", secret=True),
        Setting("CHUANGBAO_KEYS", "keys", secret=True),
        Setting("CHUANGBAO_CIPHER", "cipher", "aes"),
        Setting("CHUANGBAO_SCANNER", "scanner"),
        Setting("CHUANGBAO_SSO", "sso", secret=True),
        Setting("CHUANGBAO_SECOND_FACTOR", "flag"),
        Setting("CHUANGBAO_IDLE_MINUTES", "number", "30"),
        Setting("CHUANGBAO_REGISTERS"),
        Setting("CHUANGBAO_URL", "url", "http://localhost:8000"),
        Setting("CHUANGBAO_MAIL", "mail", secret=True),
        Setting("CHUANGBAO_MAIL_FROM", default="chuangbao@localhost"),
        Setting("CHUANGBAO_SMS", "sms", secret=True),
        Setting("CHUANGBAO_OPERATOR"),
        Setting("CHUANGBAO_OPERATOR_PHONE"),
        Setting("CHUANGBAO_OPERATOR_ADDRESS"),
        Setting("CHUANGBAO_OPERATOR_MAIL"),
        Setting("CHUANGBAO_METRICS_TOKEN", secret=True),
        Setting("CHUANGBAO_LOG", "log"),
        Setting("CHUANGBAO_DEV", "flag"),
        Setting("CHUANGBAO_DEMO", "flag"),
    )
}
KEYS = re.compile(r"\s*\w+:[\w-]{43}=\s*(,\s*\w+:[\w-]{43}=\s*)*")
SCHEMES = {
    "url": {"http", "https"},
    "sso": {"http", "https"},
    "postgresql": {"postgresql", "postgres"},
    "files": {"s3"},
    "scanner": {"tcp", "unix"},
    "mail": {"smtp", "smtps"},
    "sms": {"http", "https"},
}
CHOICES = {"flag": {"0", "1"}, "log": {"json", "text"}, "cipher": {"aes", "sm4"}}
WANTED = {
    "cipher": "aes or sm4",
    "keys": "keys as name:base64 of 32 bytes, separated by commas",
    "url": "an address as https://host",
    "sso": "an address as https://client:secret@host/realm; without TLS only on this machine",
    "log": "json or text; nothing chooses by where the lines go",
    "flag": "1 or nothing",
    "number": "a whole number",
    "postgresql": "an address as postgresql://user:password@host/database",
    "files": "nothing (the data folder), or s3://bucket?endpoint=…&region=…",
    "scanner": "a ClamAV daemon as tcp://host:3310 or unix:///run/clamav/clamd.ctl",
    "mail": "an address as smtp://user:password@host:587 or smtps://…:465",
    "sms": "a gateway as https://user:password@host/path; without TLS only on this machine",
}


def text(name: str) -> str:
    """The value of a setting, or its default where it is not given or cannot be read."""
    given = os.environ.get(name, "").strip()
    return DECLARED[name].default if not given or fault(name, given) else given


def flag(name: str) -> bool:
    """Whether a setting is switched on."""
    return text(name) == "1"


def number(name: str) -> int:
    """The value of a setting that is a whole number."""
    return int(text(name))


def fault(name: str, value: str) -> str:
    """What a setting should have been, empty where its value can be read."""
    kind = DECLARED[name].kind
    return "" if readable(kind, value) else WANTED[kind]


def readable(kind: str, value: str) -> bool:
    """Whether a value is one of its kind."""
    if kind in SCHEMES:
        return is_address(kind, value)
    if kind == "keys":
        return KEYS.fullmatch(value) is not None
    if kind == "number":
        return value.isdecimal()
    return value in CHOICES.get(kind, {value})


def is_address(kind: str, value: str) -> bool:
    """Whether a value is an address of its kind."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    if kind in {"sso", "sms"} and parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        return False  # whoever sits on the line could say who somebody is, or read the codes
    return parts.scheme in SCHEMES[kind] and bool(parts.netloc or parts.query or parts.path)


def unknown(given: Mapping[str, str]) -> list[str]:
    """The names that look like ours and are none."""
    return sorted(name for name in given if name.startswith(PREFIX) and name not in DECLARED)
