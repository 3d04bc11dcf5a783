"""What the commands read: a file of facts, a day, a pack. Mistakes end with status 2 and a way to mend them."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from chuangbao.config.paths import PACK_DIR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.rules import Engine, Pack

__all__ = ["as_day", "cache_folder", "fail", "open_engine", "pack_folder", "read_facts", "read_pack"]

USAGE = 2


def fail(*lines: str) -> NoReturn:
    """Print what is wrong on the error stream and end.

    Raises SystemExit with the status for wrong input.
    """
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201 - a command line speaks this way
    raise SystemExit(USAGE)


def as_day(text: str) -> date:
    """A calendar day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"--as-of: '{text}' is no calendar day", "write it as 2015-12-31")


def read_facts(path: Path) -> dict[str, object]:
    """The facts of one subject; numbers are read exactly."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
        found = json.loads(
            text, parse_float=Decimal, parse_constant=refuse_nan, object_pairs_hook=refuse_repeated_names
        )
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    except UnicodeDecodeError:
        fail(f"{path}: not UTF-8", "save the file as UTF-8")
    except json.JSONDecodeError as error:
        fail(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}")
    except BadFactsError as error:
        fail(f"{path}: {error}")
    if not isinstance(found, dict):
        fail(f"{path}: facts are one JSON object", 'write {"taxable_income": 200000, "employees_avg": 8}')
    return found


class BadFactsError(ValueError):
    """JSON that can be read but says something that facts cannot say."""


def refuse_repeated_names(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return a JSON object whose names are given once each.

    Raises BadFactsError for a name that is given twice: JSON would keep the last without a word.
    """
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            message = f"'{name}' is given twice; keep one"
            raise BadFactsError(message)
        found[name] = value
    return found


def refuse_nan(text: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python's JSON would let in.

    Raises BadFactsError always.
    """
    message = f"{text} is not a number; leave out what is not known"
    raise BadFactsError(message)


def pack_folder(given: Path | None) -> Path:
    """The pack that is meant: the one given, CHUANGBAO_PACK, or the one that comes with the program."""
    if given is not None:
        return given
    named = os.environ.get("CHUANGBAO_PACK")
    return Path(named) if named else PACK_DIR


def cache_folder() -> Path:
    """Where compiled rules are kept between starts."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "chuangbao" / "rules"


def read_pack(folder: Path, cache: Path | None = None) -> Pack:
    """The pack in a folder."""
    from chuangbao.rules import PackError, load_pack

    if not (folder / "pack.yaml").is_file():
        fail(f"{folder}: this folder has no pack.yaml")
    try:
        return load_pack(folder, cache)
    except PackError as error:
        fail(*(str(finding) for finding in error.findings), f"run: chuangbao pack check {folder}")


def open_engine(given: Path | None) -> Engine:
    """The engine over the pack that is meant, compiled once and kept."""
    from chuangbao.rules import Engine

    return Engine(read_pack(pack_folder(given), cache_folder()), cache_folder())
