"""Write the locks anew from pyproject.toml: ``python tools/lock.py [--upgrade]``; needs uv on the path.

Extras stay in the lock, one line for each combination that a package asks for: an older pip takes ``psycopg[pool]`` for
another package than ``psycopg[binary,pool]`` and would look for its newest release. Hashes are written, addresses not.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {
    "requirements.txt": ("web",),
    "requirements-dev.txt": ("web", "dev"),
    "requirements-cluster.txt": ("web", "dev", "cluster"),
    "requirements-bench.txt": ("web", "dev", "bench"),
}
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?P<extras>\[[^\]]*\])?(?P<rest>==.*(?:\n    --hash=.*)*)", re.MULTILINE)


def compile_lock(lock: Path, groups: tuple[str, ...], *, upgrade: bool) -> None:
    """Let uv resolve the groups; what the lock pins stays unless it is to be upgraded."""
    options = ["--python-version", "3.11", "--universal", "--generate-hashes", "--no-strip-extras"]
    options += ["--no-annotate", "--no-header", "--quiet", *(["--upgrade"] if upgrade else [])]
    chosen = [part for group in groups for part in ("--extra", group)]
    command = ["uv", "pip", "compile", "pyproject.toml", *options, *chosen, "--output-file", lock.name]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def read_packages(lock: Path) -> list[dict[str, Any]]:
    """Return what pip says of every package of a lock, its dependencies among it."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        options = [
            "--quiet",
            "--dry-run",
            "--ignore-installed",
            "--no-deps",
            "--require-hashes",
            "--report",
            report.name,
        ]
        subprocess.run([sys.executable, "-m", "pip", "install", *options, "-r", str(lock)], check=True)
        packages: list[dict[str, Any]] = json.loads(Path(report.name).read_text(encoding="utf-8"))["install"]
        return packages


def list_combinations(packages: list[dict[str, Any]]) -> set[tuple[str, tuple[str, ...]]]:
    """Return each package and combination of extras that another package asks for."""
    asked: set[tuple[str, tuple[str, ...]]] = set()
    for package in packages:
        extras = {"", *package.get("requested_extras", [])}
        for text in package["metadata"].get("requires_dist", []):
            need = Requirement(text)
            if need.extras and (not need.marker or any(need.marker.evaluate({"extra": extra}) for extra in extras)):
                asked.add((canonicalize_name(need.name), tuple(sorted(need.extras))))
    return asked


def name_combinations(text: str, asked: set[tuple[str, tuple[str, ...]]]) -> str:
    """Return the lock with one entry more for each combination of extras that it does not name."""

    def repeat(entry: re.Match[str]) -> str:
        own = tuple(sorted(re.findall(r"[\w-]+", entry["extras"] or "")))
        more = sorted(extras for name, extras in asked if name == canonicalize_name(entry["name"]) and extras != own)
        return "\n".join([entry[0], *(f"{entry['name']}[{','.join(extras)}]{entry['rest']}" for extras in more)])

    return ENTRY.sub(repeat, text)


def main() -> int:
    """Write every lock."""
    for name, groups in LOCKS.items():
        lock = ROOT / name
        compile_lock(lock, groups, upgrade="--upgrade" in sys.argv[1:])
        text = lock.read_text(encoding="utf-8")
        lock.write_text(name_combinations(text, list_combinations(read_packages(lock))), encoding="utf-8")
    subprocess.run(["npm", "install", "--package-lock-only", "--no-audit", "--no-fund"], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
