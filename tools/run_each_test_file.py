"""Run every test file alone in a process of its own, one after the other, and name those that fail alone.

A test may not depend on what another file imported, declared or left behind: alone, such a file fails.

    PYTHONPATH=src:tests python tools/run_each_test_file.py tests/core tests/cli
    PYTHONPATH=src:tests python tools/run_each_test_file.py --minutes 8 --after tests/core/test_mail.py tests/core
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

NONE_COLLECTED = 5
"""What pytest answers for a file without tests."""


def files_below(places: list[Path]) -> list[Path]:
    """The test files named and those below the folders named, in order."""
    found = {path for place in places for path in ([place] if place.is_file() else place.rglob("test_*.py"))}
    return sorted(found)


def run_alone(path: Path, options: list[str]) -> tuple[int, str]:
    """Run one file; return pytest's status and what it printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", *options, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def read_arguments(given: list[str] | None) -> argparse.Namespace:
    """The places to look in, and how long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", type=Path, help="test files, or folders of them")
    parser.add_argument("--minutes", type=float, default=0, help="begin no further file after so many minutes")
    parser.add_argument("--after", type=Path, help="go on behind this file")
    parser.add_argument("--option", action="append", default=[], help="a further option for pytest, as --option=-x")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Run them; 1 where one failed."""
    arguments = read_arguments(given)
    files = [path for path in files_below(arguments.places) if arguments.after is None or path > arguments.after]
    began, failed = time.monotonic(), []
    for place, path in enumerate(files, start=1):
        if arguments.minutes and time.monotonic() - began > arguments.minutes * 60:
            print(f"stopped before {path}: go on with --after {files[place - 2]}")
            break
        status, printed = run_alone(path, arguments.option)
        alone = status in {0, NONE_COLLECTED}
        print(f"{'ok' if alone else 'FAILS ALONE'}  {path}", flush=True)
        if not alone:
            failed.append(path)
            print(printed[-3000:], flush=True)
    print(f"{len(failed)} of {len(files)} fail alone: {', '.join(map(str, failed)) or 'none'}")
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
