"""kill -9 in mid-flight: what was acknowledged is there, once; work that broke off is taken up again."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from killing.stack import PARTS

pytestmark = pytest.mark.unmeasured

ROOT = Path(__file__).parents[2]
PLANTED = """
import sys
from pathlib import Path
from killing import stack
counted = stack.counted
def planted(running, told):
    told.numbers.add(10**6)
    told.checkups["never-made"] = "1"
    told.facts.add((1, 10**6))
    told.drafts[min(told.drafts, default=1)] = 10**6
    with stack.psycopg.connect(running.postgres.url()) as connection:
        connection.execute("INSERT INTO core_history (at, acting, verb, kind, region, before, after, reason, data)"
            " SELECT at, acting, verb, kind, region, before, after, reason, data FROM core_history"
            " WHERE kind = 'killing.saved' ORDER BY id LIMIT 1")
    return counted(running, told)
stack.counted = planted
found, told = stack.rounds(Path(sys.argv[1]), [], seed=1, settle=0)
lost = " ".join(each.split()[0] for each in found.lost if "1000000" in each or "never" in each or "draft" in each)
print(lost, len(found.doubled))
"""


def test_nothing_acknowledged_is_lost_or_doubled():
    command = [sys.executable, "-W", "ignore", str(ROOT / "tools" / "kill_rounds.py"), str(len(PARTS)), "7"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 lost, 0 doubled, 0 jobs left, 0 letters left" in done.stdout
    kinds = re.findall(r"(\d+) (numbers|check-ups|facts|drafts)", done.stdout)
    assert len(kinds) == 4
    assert all(int(count) > 0 for count, _kind in kinds), done.stdout


def test_a_loss_and_a_double_would_be_seen(tmp_path):
    tmp_path.chmod(0o755)
    command = [sys.executable, "-W", "ignore", "-c", PLANTED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.stdout.strip() == "number check-up fact draft 1", done.stderr
