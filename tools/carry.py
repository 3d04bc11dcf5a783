"""What a wheel carries beside the code: templates, translations, static files, packs, and the front-end files in use.

``setup.py`` calls ``carry`` when a wheel is built. The front-end packages must have been fetched (``make setup``).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import polib

__all__ = ["carry"]

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "chuangbao"
NOT_CARRIED = {".py", ".pyc", ".po", ".mo"}
FRONT_END = ("@tabler/core/dist/css/tabler.min.css", "echarts/dist/echarts.min.js")
LICENCES = ("@tabler/core", "@tabler/icons", "echarts")
ICONS = "@tabler/icons/icons/outline"
WORD = re.compile(r"[a-z0-9-]+")


def carry(target: Path) -> None:
    """Put everything that is no code into a folder that holds the package ``chuangbao``.

    Raises SystemExit where the front-end packages are missing: such a wheel would serve pages without style.
    """
    for path in PACKAGE.rglob("*"):
        if path.is_file() and path.suffix not in NOT_CARRIED and "__pycache__" not in path.parts:
            copy(path, target / "chuangbao" / path.relative_to(PACKAGE))
    for path in PACKAGE.rglob("*.po"):
        compiled = (target / "chuangbao" / path.relative_to(PACKAGE)).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        polib.pofile(str(path)).save_as_mofile(str(compiled))
    carried = target / "chuangbao" / "carried"
    shutil.copytree(ROOT / "packs", carried / "packs", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in front_end():
        copy(ROOT / "node_modules" / name, carried / "node_modules" / name)


def front_end() -> list[str]:
    """The front-end files in use, with their licences."""
    folder = ROOT / "node_modules"
    missing = [name for name in (*FRONT_END, ICONS) if not (folder / name).exists()]
    if missing:
        raise SystemExit(f"the front-end packages are missing ({missing[0]}); run: make setup")
    licences = [path for name in LICENCES for path in (folder / name).glob("LICENSE*")]
    return [*FRONT_END, *icons(folder), *(str(path.relative_to(folder)) for path in licences)]


def icons(folder: Path) -> list[str]:
    """The icons whose names occur anywhere in the source or the packs."""
    there = {path.stem for path in (folder / ICONS).glob("*.svg")}
    named: set[str] = set()
    for source in (PACKAGE, ROOT / "packs"):
        for path in source.rglob("*"):
            if path.suffix in {".py", ".html", ".js", ".yaml"}:
                named |= there.intersection(WORD.findall(path.read_text(encoding="utf-8")))
    return [f"{ICONS}/{name}.svg" for name in sorted(named)]


def copy(source: Path, target: Path) -> None:
    """Copy one file, and make the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
