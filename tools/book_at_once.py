"""Let people try to book few resources at once, 10,000 times and more; a double or an error ends it with 1.

``PYTHONPATH=src:tests python tools/book_at_once.py --attempts 10000`` starts a PostgreSQL of its own.
"""

from __future__ import annotations

import argparse
import sys
import time

from django.core.management import call_command

import harness  # noqa: F401 - starts PostgreSQL and names it in the environment


def main() -> int:
    """Run the race and say what the attempts came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    from booking.race import count_doubles, people_and_rooms, race
    from chuangbao.core.engine.regions import load_regions

    load_regions()
    actors, rooms = people_and_rooms(given.threads)
    start = time.monotonic()
    came_to = race(actors, rooms, attempts=-(-given.attempts // given.threads), seed=given.seed)
    doubles, errors = count_doubles(), sum(n for code, n in came_to.items() if code.startswith("error"))
    print(f"seed {given.seed}: {came_to.total()} attempts in {time.monotonic() - start:.0f} s: {dict(came_to)}")
    print(f"doubles {doubles}, errors {errors}")
    return int(doubles + errors > 0)


if __name__ == "__main__":
    sys.exit(main())
