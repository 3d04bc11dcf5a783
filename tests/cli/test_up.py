"""Starting and stopping everything, as `make run` does; and what the doctor says."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import pytest
from typer.testing import CliRunner

from chuangbao.cli import app, up


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_opens_and_leaves_no_process(tmp_path, sign):
    tmp_path.chmod(0o755)
    room = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    room["CHUANGBAO_DATA"] = str(tmp_path / "数据 1")
    command = [sys.executable, "-W", "ignore", "-m", "chuangbao", "up", "--port", "8640"]
    with subprocess.Popen(command, env=room, stdout=subprocess.PIPE, text=True, restore_signals=True) as started:
        line = next(line for line in started.stdout if "http" in line)
        address = re.search(r"http://\S+", line)[0]
        with urllib.request.urlopen(address, timeout=10) as page:
            assert "创宝网" in page.read().decode()
        started.send_signal(sign)
        assert started.wait(30) == 0
    for _ in range(50):
        left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False).stdout
        if not left:
            return
        time.sleep(0.1)
    assert left == ""


def test_a_port_in_use_is_stepped_over():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert up.free_port("127.0.0.1", port) > port


def test_the_doctor_finds_this_machine_fit():
    said = CliRunner().invoke(app, ["doctor"])
    assert said.exit_code == 0, said.output
    assert "✓ Python" in said.output
    assert "front-end packages" in said.output


def test_the_doctor_says_what_to_mend(monkeypatch, tmp_path):
    monkeypatch.setattr(up, "PACK_DIR", tmp_path)
    said = CliRunner().invoke(app, ["doctor"])
    assert said.exit_code == 1
    assert "set CHUANGBAO_PACK" in said.output
