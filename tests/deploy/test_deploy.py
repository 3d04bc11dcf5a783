"""What is handed to operators: a container file and units that their own tools accept, and that give little away."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chuangbao.cli import app
from chuangbao.config import environment

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
MOST_EXPOSED = 2.5  # of 10, as systemd counts


def test_the_container_does_not_run_as_root_and_is_asked_for_its_health():
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    final = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001$", final, re.MULTILINE)
    assert "/readyz" in re.search(r"^HEALTHCHECK .*?CMD .*?$", final, re.MULTILINE | re.DOTALL)[0]
    assert "--require-hashes" in text
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for part in source.split():
            assert (ROOT / part).exists(), part


def test_the_verification_begins_with_the_anchor_of_the_night_before():
    text = (DEPLOY / "chuangbao-verify.service").read_text(encoding="utf-8")
    assert "audit verify --since-file /var/backups/chuangbao/anchors" in text
    assert "ReadWritePaths=/var/backups/chuangbao" in text


def test_what_serves_visitors_does_not_know_the_owner_of_the_tables():
    told = {unit.name for unit in UNITS if "/etc/chuangbao/owner" in unit.read_text(encoding="utf-8")}
    assert told == {"chuangbao-upgrade.service", "chuangbao-backup.service"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_nothing_takes_the_whole_machine(unit):
    text = unit.read_text(encoding="utf-8")
    assert re.search(r"^MemoryMax=", text, re.MULTILINE)
    assert re.search(r"^TasksMax=", text, re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_names_commands_and_settings_that_exist(unit):
    text = unit.read_text(encoding="utf-8")
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}
    groups = {group.name for group in app.registered_groups}
    used = re.findall(r"^ExecStart(?:Pre)?=\S+ -m chuangbao (\w+)", text, re.MULTILINE)
    assert used
    assert set(used) <= commands | groups
    assert set(re.findall(r"\b(CHUANGBAO_\w+)=", text)) <= set(environment.DECLARED)
    assert re.search(r"^User=chuangbao$", text, re.MULTILINE)


def test_a_record_that_does_not_verify_raises_an_alarm_and_stops_no_backup():
    backup = (DEPLOY / "chuangbao-backup.service").read_text(encoding="utf-8")
    assert re.findall(r"^Exec.*chuangbao (\w+)", backup, re.MULTILINE) == ["backup"]
    assert re.search(r"^Wants=chuangbao-verify.service$", backup, re.MULTILINE)  # not Requires: a failure stops nothing
    assert "Requires" not in backup
    for name in ("backup", "verify"):
        text = (DEPLOY / f"chuangbao-{name}.service").read_text(encoding="utf-8")
        assert re.search(r"^OnFailure=chuangbao-alarm@%n.service$", text, re.MULTILINE)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_accepts_a_unit_and_finds_little_exposed(unit, tmp_path):
    python = tmp_path / "python"  # the checkout may lie in a folder with blanks, which a unit would have to quote
    python.symlink_to(sys.executable)
    for each in UNITS:  # they name one another
        text = re.sub(r"=\S+/bin/python", f"={python}", each.read_text(encoding="utf-8"))
        (tmp_path / each.name).write_text(text, encoding="utf-8")
    here = tmp_path / unit.name
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True, check=False)
    assert unit.name not in done.stderr, done.stderr
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", here], capture_output=True, text=True, check=False
    )
    level = re.search(r"Overall exposure level for .*?: ([\d.]+)", exposed.stdout)
    if level is None:
        pytest.skip(f"this systemd does not count exposure offline: {exposed.stderr.strip()[:80]}")
    assert float(level[1]) <= MOST_EXPOSED
