"""Read files made by chance for an hour, or as long as one likes; what hangs, is lost or breaks ends it with 1.

``PYTHONPATH=src:tests python tools/fuzz_files.py --minutes 60``
"""

from __future__ import annotations

import argparse
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
django.setup()

from fuzz.mutations import run  # noqa: E402 - the settings come first


def main() -> int:
    """Run in rounds of a minute, each with a seed of its own, and say what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    faults, end, seed = 0, time.monotonic() + 60 * given.minutes, given.seed
    while time.monotonic() < end:
        report = run(min(60, end - time.monotonic()), seed)
        print(f"seed {seed}: {report}", *report.faults, sep="\n  ", flush=True)
        faults, seed = faults + len(report.faults), seed + 1
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
