"""Who starts it: root is told what that means, an ordinary user whose data folder is closed gets one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from chuangbao.cli import start, up

AS_ORDINARY = """
import os, sys
import typer
from chuangbao.cli.start import check_folders
from chuangbao.ops import disk_space as room
os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    check_folders()
except typer.Exit as end:
    sys.exit(end.exit_code)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize(("mode", "said"), [(0o700, "数据目录"), (0o755, "数据目录不可写"), (0o777, "")])
def test_a_data_folder_that_the_user_cannot_write_is_told_in_one_sentence(mode, said):
    # what measures this run writes beside the tests, where another user may not
    room = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    folder = Path(tempfile.mkdtemp(prefix="cb-ordinary-"))  # every user may walk there, unlike through tmp_path
    (folder / "data").mkdir()
    try:
        folder.chmod(0o755)
        (folder / "data").chmod(mode)
        done = subprocess.run(
            [sys.executable, "-c", AS_ORDINARY], capture_output=True, text=True, check=False,
            env={**room, "CHUANGBAO_DATA": str(folder / "data")},
        )  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stderr.count("\n") == bool(said)
    assert said in done.stderr
    assert (done.returncode == 1) is bool(said)


def test_a_closed_folder_is_refused_whoever_looks(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(start, "DATA_DIR", tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(start.typer.Exit):
        start.check_folders()
    assert str(tmp_path) in capsys.readouterr().err


@pytest.mark.parametrize(("user", "told"), [(0, True), (1000, False)])
def test_root_is_told_what_it_means_and_goes_on(monkeypatch, capsys, user, told):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    up.warn_of_root()
    said = capsys.readouterr().err
    assert ("root" in said and "docs/operation.md" in said and said.count("\n") == 1) if told else not said
