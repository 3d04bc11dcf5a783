"""What is looked at before anything starts: unknown names, values that cannot be read, and unsafe combinations.

They are system checks of Django: ``manage.py check`` and ``chuangbao doctor`` list them, ``chuangbao up`` and
``upgrade`` stop at an error before anything is touched. No message ever repeats the value of a secret.
"""

from __future__ import annotations

import os
from difflib import get_close_matches
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution

from chuangbao.config import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["look", "public_hosts"]

LOCAL = {"localhost", "127.0.0.1", "[::1]"}
KEY_LENGTH, TOKEN_LENGTH = 40, 20


@register("environment")
def look(**_: Any) -> list[CheckMessage]:
    """Everything about the environment that is wrong."""
    return [*misspelt(), *unreadable(), *unsafe(), *incomplete(), *careless()]


def misspelt() -> Iterator[CheckMessage]:
    """Names that nothing reads, with the nearest that is read."""
    for name in environment.unknown(os.environ):
        word = name.removeprefix(environment.PREFIX)
        near = get_close_matches(word, [each.removeprefix(environment.PREFIX) for each in environment.DECLARED], n=1)
        hint = (
            f"Did you mean {environment.PREFIX}{near[0]}?" if near else "See docs/operation.md for the names there are."
        )
        yield Error(f"The setting {name} does not exist.", hint=hint, id="chuangbao.E001")


def unreadable() -> Iterator[CheckMessage]:
    """Values that cannot be read."""
    for name in environment.DECLARED:
        wanted = environment.fault(name, value) if (value := os.environ.get(name, "").strip()) else ""
        if wanted:
            yield Error(f"The value of {name} cannot be read.", hint=f"It is {wanted}.", id="chuangbao.E002")


def public_hosts() -> set[str]:
    """The host names beside those of this very machine."""
    return {host.strip() for host in environment.text("CHUANGBAO_HOSTS").split(",")} - LOCAL - {""}


def unsafe() -> Iterator[CheckMessage]:
    """What would open the house."""
    if environment.flag("CHUANGBAO_DEV") and (public_hosts() or environment.flag("CHUANGBAO_HTTPS")):
        yield Error(
            "CHUANGBAO_DEV shows the inside of the program to every visitor.",
            hint="Unset it wherever others can reach the server.",
            id="chuangbao.E003",
        )
    if any("*" in host or host.startswith(".") for host in public_hosts()):
        yield Error(
            "CHUANGBAO_HOSTS answers to every name.",
            hint="Name the hosts, separated by commas.",
            id="chuangbao.E004",
        )
    if environment.flag("CHUANGBAO_DEMO") and (public_hosts() or environment.flag("CHUANGBAO_HTTPS")):
        yield Error(
            "CHUANGBAO_DEMO lets every visitor sign in as anybody of the demonstration and read every letter.",
            hint="Unset it wherever others can reach the server.",
            id="chuangbao.E008",
        )
    key = environment.text("CHUANGBAO_SECRET_KEY")
    if key and weak(key):
        yield Error(
            "CHUANGBAO_SECRET_KEY is too weak to sign with.",
            hint=f"Unset it, and one is made and kept in the data folder; or give {KEY_LENGTH} random characters.",
            id="chuangbao.E005",
        )
    token = environment.text("CHUANGBAO_METRICS_TOKEN")
    if token and len(token) < TOKEN_LENGTH:
        yield Error(
            "CHUANGBAO_METRICS_TOKEN is too short.",
            hint=f"Give at least {TOKEN_LENGTH} random characters.",
            id="chuangbao.E006",
        )


def incomplete() -> Iterator[CheckMessage]:
    """What is asked for and not installed."""
    if environment.text("CHUANGBAO_FILES") and find_spec("boto3") is None:
        yield Error(
            "CHUANGBAO_FILES names a bucket, and the package boto3 is not installed.",
            hint="Install the extra s3.",
            id="chuangbao.E007",
        )


def weak(key: str) -> bool:
    """Whether a key could be guessed: short, or made of few characters."""
    return len(key) < KEY_LENGTH or len(set(key)) < KEY_LENGTH // 4


def careless() -> Iterator[CheckMessage]:
    """What works, and should not stay so."""
    if public_hosts() and not environment.flag("CHUANGBAO_HTTPS"):
        yield Caution(
            "Visitors reach this server by name without HTTPS.",
            hint="Put a proxy with a certificate in front and set CHUANGBAO_HTTPS=1.",
            id="chuangbao.W001",
        )
    named = environment.text("CHUANGBAO_OPERATOR") and any(
        environment.text(f"CHUANGBAO_OPERATOR_{way}") for way in ("PHONE", "MAIL", "ADDRESS")
    )
    if public_hosts() and not named:
        yield Caution(
            "Nobody has said who runs this installation: the privacy notice and every page say so.",
            hint="Set CHUANGBAO_OPERATOR and CHUANGBAO_OPERATOR_PHONE, _MAIL or _ADDRESS.",
            id="chuangbao.W002",
        )
