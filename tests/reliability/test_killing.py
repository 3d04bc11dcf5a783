"""kill -9 in mid-flight: what was acknowledged is there, once; work that broke off is taken up again.

``tools/kill_rounds.py`` goes on for as many rounds as one likes, with writers who never rest.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.unmeasured

ROUNDS = """
import json, sys
from pathlib import Path
from killing import stack

planted, counts = [], {}

def plant(running, told):
    counts.update(told.counts)
    told.numbers.add(10**6)
    told.checkups["never-made"] = "1"
    told.facts.add((1, 10**6))
    told.drafts[min(told.drafts, default=1)] = 10**6
    with stack.psycopg.connect(running.postgres.url()) as connection:
        connection.execute("INSERT INTO core_history (at, acting, verb, kind, region, before, after, reason, data)"
            " SELECT at, acting, verb, kind, region, before, after, reason, data FROM core_history"
            " WHERE kind = 'killing.saved' ORDER BY id LIMIT 1")
    found = stack.counted(running, told)
    lost = [each.split()[0] for each in found.lost if "1000000" in each or "never" in each or "draft" in each]
    planted.append([lost, len(found.doubled)])

parts = sys.argv[2:]
found, told = stack.rounds(Path(sys.argv[1]), parts, seed=7, pause=0.2, afterwards=plant)
print(json.dumps({
    "lost": found.lost, "doubled": found.doubled, "unworked": found.unworked, "unsent": found.unsent,
    "counts": counts, "repeated": told.repeated, "planted": planted,
}))
"""
"""Kill each part once and count; then claim what was never saved, and save one thing twice."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    folder = tmp_path_factory.mktemp("killing")
    for path in (folder, folder.parent):
        path.chmod(0o755)
    command = [sys.executable, "-W", "ignore", "-c", ROUNDS, str(folder), "web", "worker", "database"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_nothing_acknowledged_is_lost_or_doubled(outcome):
    assert [outcome[kind] for kind in ("lost", "doubled", "unworked", "unsent")] == [[], [], [], []]
    assert outcome["repeated"] > 0, "nobody was interrupted"
    assert len(outcome["counts"]) == 4
    assert all(count > 0 for count in outcome["counts"].values()), outcome["counts"]


def test_a_loss_and_a_double_would_be_seen(outcome):
    assert outcome["planted"] == [[["number", "check-up", "fact", "draft"], 1]]
