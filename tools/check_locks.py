"""Prove that the locks install tomorrow as they do today, with the oldest pip in use and with the newest.

A lock that pins ``coverage`` but not ``coverage[toml]`` installs until the day ``coverage`` publishes a release: an
older pip takes the two for different packages and finds the second one unpinned. So made-up releases numbered 9999 of
every locked package are put within pip's reach, and each lock is resolved with the pip that this Python ships and with
the newest one.

Which texts were found good is kept in ``tools/good_locks.txt``, so a lock is resolved again only once it was changed
(``--all``: each one): what is resolved depends on the lock and on pip, not on what else was changed.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-cluster.txt", "requirements-bench.txt")
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.MULTILINE)
RELEASE = "9999"
GOOD = ROOT / "tools" / "good_locks.txt"
"""A line for each lock whose text was found good: its SHA-256 and its name."""


def hash_lock(lock: Path) -> str:
    """Return the line of a lock in the list of good ones."""
    return f"{hashlib.sha256(lock.read_bytes()).hexdigest()}  {lock.name}"


def list_changed(locks: list[Path]) -> list[Path]:
    """Return the locks whose text was not found good before."""
    good = GOOD.read_text(encoding="utf-8").splitlines() if GOOD.exists() else []
    return [lock for lock in locks if hash_lock(lock) not in good]


def keep_good() -> None:
    """Write down the locks as they are now."""
    GOOD.write_text("".join(f"{hash_lock(ROOT / name)}\n" for name in LOCKS), encoding="utf-8")


def read_names(lock: Path) -> set[str]:
    """Return the names of the packages that a lock pins."""
    return set(PINNED.findall(lock.read_text(encoding="utf-8")))


def write_release(name: str, folder: Path) -> None:
    """Write an empty wheel that claims to be release 9999 of a package."""
    plain = re.sub(r"[-_.]+", "_", name)
    info = f"{plain}-{RELEASE}.dist-info"
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {RELEASE}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: check_locks\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{plain}-{RELEASE}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


def make_pip(folder: Path, *, newest: bool) -> list[str]:
    """Return the command of a pip in a new environment: the one that this Python ships, or the newest."""
    venv.create(folder, with_pip=True)
    command = [str(folder / "bin" / "python"), "-m", "pip"]
    if newest:
        subprocess.run([*command, "install", "--quiet", "--upgrade", "pip"], check=True)
    return command


def resolve(pip: list[str], lock: Path, releases: Path) -> str:
    """Resolve a lock without installing it and return what pip complains of, empty where it is content."""
    options = ["--quiet", "--dry-run", "--ignore-installed", "--require-hashes", "--find-links", str(releases)]
    done = subprocess.run([*pip, "install", *options, "-r", str(lock)], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr[-2000:]


def check_with(pip: list[str], locks: list[Path], releases: Path) -> int:
    """Resolve each lock with one pip, print a line for each and return how many failed."""
    version = subprocess.run([*pip, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    failed = 0
    for lock in locks:
        complaint = resolve(pip, lock, releases)
        failed += bool(complaint)
        print(f"pip {version:8} {lock.name:26} {'FAILED' if complaint else 'ok'}\n{complaint}".rstrip(), flush=True)
    return failed


def check_all(locks: list[Path]) -> bool:
    """Resolve each lock with both versions of pip, side by side, and return whether all are good."""
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(2) as pool:
        folder = Path(temporary)
        for name in set().union(*map(read_names, locks)):
            write_release(name, folder)
        pips = [make_pip(folder / kind, newest=kind == "newest") for kind in ("shipped", "newest")]
        return not sum(pool.map(lambda pip: check_with(pip, locks, folder), pips))


def main() -> int:
    """Resolve the locks that were changed since they were found good, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("locks", nargs="*", type=Path)
    parser.add_argument("--all", action="store_true", help="those as well that were found good before")
    given = parser.parse_args()
    locks = given.locks or [ROOT / name for name in LOCKS]
    asked = locks if given.all or given.locks else list_changed(locks)
    if not asked:
        print("no lock was changed since it was found good")
        return 0
    if not check_all(asked):
        return 1
    if not given.locks:
        keep_good()
    return 0


if __name__ == "__main__":
    sys.exit(main())
