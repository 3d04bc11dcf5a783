"""Kill -9 of web server, worker and database in mid-flight, N rounds; prints what was lost or doubled (nothing).

Usage: python tools/kill_rounds.py [ROUNDS] [SEED]
"""

from __future__ import annotations

import secrets
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]


def main() -> int:
    """Run and tell."""
    from killing.stack import PARTS, rounds

    given = [int(each) for each in sys.argv[1:]]
    number, seed = [*given, *(100, secrets.randbelow(10**6))[len(given) :]][:2]
    parts = [PARTS[n % len(PARTS)] for n in range(number)]
    with tempfile.TemporaryDirectory(prefix="cb-kill-") as folder:
        Path(folder).chmod(0o755)
        found, told = rounds(Path(folder), parts, seed=seed)
    kinds = ", ".join(f"{count} {kind}" for kind, count in told.counts.items())
    said = f"{number} rounds (seed {seed}), {found.acknowledged} acknowledged writes ({kinds}), "
    said += f"{told.repeated} sent again: "
    said += f"{len(found.lost)} lost, {len(found.doubled)} doubled, {len(found.unworked)} jobs left, "
    sys.stdout.write(f"{said}{len(found.unsent)} letters left\n")
    for each in (*found.lost, *found.doubled):
        sys.stdout.write(f"  {each}\n")
    return 1 if found.lost or found.doubled or found.unworked or found.unsent else 0


if __name__ == "__main__":
    sys.exit(main())
