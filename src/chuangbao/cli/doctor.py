"""``chuangbao doctor``: what is wrong here, and what to do. Status 1 where something must be mended."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import typer

from chuangbao.cli.findings import CAUTION, FAULT, FINE, Finding, either
from chuangbao.cli.start import with_django
from chuangbao.config.paths import DATA_DIR, NODE_MODULES, OTHERS, PACK_DIR, make_data_folder, open_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["doctor"]

NEWEST_PYTHON_NEEDED = (3, 11)
LITTLE, VERY_LITTLE = 5 << 30, 500 << 20  # bytes
GROUP_AND_OTHERS = 0o077


def doctor() -> None:
    """Say what is wrong on this machine and with this database, and what to do; status 1 where there is a fault."""
    worst = FINE
    with ExitStack() as stack:
        for look in (machine, environment, keys, lambda: database(stack)):
            for found in safely(look):
                typer.echo(f"{found.mark} {found.what}" + (f": {found.remedy}" if found.remedy else ""))
                worst = max(worst, found.mark, key=[FINE, CAUTION, FAULT].index)
    raise typer.Exit(1 if worst == FAULT else 0)


def safely(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """A look that breaks is a finding as well."""
    try:
        yield from look()
    except Exception as fault:  # noqa: BLE001 - whatever is wrong here, the doctor must be able to say it
        yield Finding(FAULT, f"{type(fault).__name__}", str(fault).strip().splitlines()[0] if str(fault) else "")


def machine() -> Iterator[Finding]:
    """Python, folders, packages, fonts, room."""
    from chuangbao.core.exports.pdf import FONTS

    make_data_folder()
    said = f"Python {sys.version.split()[0]}"
    yield either(sys.version_info >= NEWEST_PYTHON_NEEDED, said, "install Python 3.11 or newer")
    yield either(os.access(DATA_DIR, os.W_OK), f"data folder {DATA_DIR}", "make it writable, or set CHUANGBAO_DATA")
    yield either((NODE_MODULES / "@tabler" / "core").is_dir(), "front-end packages", "run: make setup")
    opened = [path for path in open_parts(DATA_DIR) if path.lstat().st_mode & OTHERS]
    said = f"{opened[0]} is open to others" if opened else "nothing in the data folder is open to others"
    yield either(not opened, said, "start again with `chuangbao up`, which closes it", otherwise=CAUTION)
    fonts = any(path.suffix in {".otf", ".ttf", ".ttc"} for path in FONTS.rglob("*"))
    yield either(fonts, "Chinese fonts for papers", "install the package pylopdf-fonts-zh-cn again")
    free = shutil.disk_usage(DATA_DIR).free
    told = f"{free / (1 << 30):.1f} GB free for {DATA_DIR}"
    yield either(free > LITTLE, told, "make room", otherwise=CAUTION if free > VERY_LITTLE else FAULT)


def environment() -> Iterator[Finding]:
    """The settings, and the pack they name."""
    from django.core.checks import ERROR

    from chuangbao.config.checks import look

    found = look()
    for message in found:
        yield Finding(FAULT if message.level >= ERROR else CAUTION, str(message.msg), str(message.hint or ""))
    if not found:
        yield Finding(FINE, "settings")
    if not (PACK_DIR / "pack.yaml").is_file():
        yield Finding(FAULT, f"pack {PACK_DIR}", "set CHUANGBAO_PACK")
        return
    yield either(is_readable(PACK_DIR), f"pack {PACK_DIR}", f"it has faults; run: chuangbao pack check {PACK_DIR}")


def is_readable(pack: Path) -> bool:
    """Tell whether a pack can be read; its worked cases are run by ``chuangbao pack check``, which takes longer."""
    from chuangbao.rules import PackError, load_pack

    try:
        load_pack(pack)
    except PackError:
        return False
    return True


def keys() -> Iterator[Finding]:
    """The keys: there, readable by the program alone."""
    from chuangbao.config.services import KEY_FILES

    for path in KEY_FILES:
        if not path.exists():
            continue  # given by the environment, or made on the first start
        yield either(os.access(path, os.R_OK), f"key {path}", "let the program's user read it")
        shut = not stat.S_IMODE(path.stat().st_mode) & GROUP_AND_OTHERS
        if not shut:
            yield Finding(CAUTION, f"key {path} is open to others", f"run: chmod 600 {path}")


def database(stack: ExitStack) -> Iterator[Finding]:
    """Everything behind the address of the database."""
    from chuangbao.cli.database import find_addresses, given_addresses, has_own_server

    if not given_addresses() and not has_own_server():
        yield Finding(FINE, "our own PostgreSQL is made on the first start")
        return
    addresses = find_addresses(stack)
    os.environ["DATABASE_URL"] = addresses.application
    with_django()
    from chuangbao.cli.doctor_inside import looks, unreachable

    if told := unreachable():
        yield Finding(FAULT, "the database cannot be reached", f"{told}; see DATABASE_URL")  # once, not by every look
        return
    for look in looks:
        yield from safely(look)
