"""The locks name the extras that packages ask for; ``tools/check_locks.py`` resolves them with two versions of pip."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PINNED = re.compile(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?)==", re.MULTILINE)
INSTALLED = {canonicalize_name(each.name) for each in metadata.distributions()}
UNUSED = ("pytest-cov", "django-crispy-forms", "crispy-bootstrap5", "@alpinejs/csp", "tom-select", "icons-webfont")


def read_extras(lock: Path) -> dict[str, list[set[str]]]:
    """Each locked package with the combinations of extras that the lock names: a line for each."""
    found: dict[str, list[set[str]]] = {}
    for name in PINNED.findall(lock.read_text(encoding="utf-8")):
        pinned = Requirement(name)
        found.setdefault(canonicalize_name(pinned.name), []).append(pinned.extras)
    return found


def list_asked(name: str, extras: set[str]) -> list[Requirement]:
    asked = [Requirement(text) for text in metadata.distribution(name).requires or []]
    return [
        each
        for each in asked
        if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in extras | {""})
    ]


def list_unnamed(extras: dict[str, list[set[str]]]) -> list[str]:
    return [
        f"{name} asks for {each}"
        for name, own in extras.items()
        if name in INSTALLED  # packages for other systems are locked and not installed
        for each in list_asked(name, set().union(*own))
        if each.extras and each.extras not in extras.get(canonicalize_name(each.name), [])
    ]


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_every_extra_that_a_package_asks_for(lock):
    assert list_unnamed(read_extras(ROOT / lock)) == []


def test_a_lock_that_leaves_an_extra_out_is_seen():
    extras = read_extras(ROOT / "requirements.txt")
    assert any(
        "procrastinate asks for psycopg[pool]" in each
        for each in list_unnamed({**extras, "psycopg": [{"binary", "pool"}]})
    )


def test_every_line_of_a_lock_is_a_pinned_package_or_a_hash():
    for lock in ROOT.glob("requirements*.txt"):
        for line in lock.read_text(encoding="utf-8").splitlines():
            assert PINNED.match(line) or line.startswith("    --hash=sha256:"), f"{lock.name}: {line}"


def test_what_nothing_uses_is_in_no_list():
    for path in (
        *ROOT.glob("requirements*.txt"),
        ROOT / "pyproject.toml",
        ROOT / "package.json",
        ROOT / "package-lock.json",
    ):
        assert not [name for name in UNUSED if name in path.read_text(encoding="utf-8")], path.name
