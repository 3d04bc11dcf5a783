"""The table at the end of a run says how long each room took, with the programs that its tests started."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import roomtimes

WORK = "import time\nwhile time.process_time() < 0.5: pass"


def test_the_time_of_programs_counts_while_they_run_and_after_they_ended():
    spending = roomtimes.Spending()
    spending.take()
    subprocess.run([sys.executable, "-c", WORK], check=True)
    assert 0.4 < spending.take() < 5
    with subprocess.Popen([sys.executable, "-c", f"{WORK}\nprint(1, flush=True)\ninput()"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:  # fmt: skip
        running.stdout.readline()
        assert 0.4 < spending.take() < 5
        running.communicate(b"\n")
    assert spending.take() < 0.4, "what was counted while it ran is not counted again"


def test_a_server_that_left_its_starter_counts_where_it_works_in_a_folder_of_the_run(monkeypatch):
    spending = roomtimes.Spending(["/of-this-run"])
    monkeypatch.setattr(roomtimes, "is_of", lambda number, folders: (number, folders) == (7, ("/of-this-run",)))
    monkeypatch.setattr(roomtimes, "read_processes", lambda: {7: (1, 5.0), 8: (7, 2.0), 9: (1, 100.0)})
    before = sum(roomtimes.os.times()[:4])
    assert 7 <= spending.take() < 8 + before
    monkeypatch.setattr(roomtimes, "read_processes", lambda: {7: (1, 6.0)})
    assert spending.take() >= 1


def test_rooms_are_named_by_their_folder_and_small_ones_share_a_line():
    assert roomtimes.name_room(roomtimes.TESTS / "facts" / "domain" / "test_facts.py") == "facts"
    assert roomtimes.name_room(roomtimes.TESTS / "test_harness.py") == "test_harness.py"
    assert roomtimes.name_room(Path("/elsewhere/test_x.py")) == "test_x.py"
    processor = Counter({"facts": 12.4, "oidc": 0.3, "ui": 0.4})
    lines = list(roomtimes.write_table(processor, Counter(facts=20.0), Counter(facts=3, oidc=1, ui=1)))
    assert [line.split() for line in lines] == [
        ["processor", "clock", "tests"],
        ["facts", "12", "20", "3"],
        ["the", "others", "1", "0", "2"],
        ["together", "13", "20", "5"],
    ]
