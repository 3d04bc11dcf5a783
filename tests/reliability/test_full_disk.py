"""A disk that runs full under the running system: what saves is refused, what reads goes on, and all of it recovers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from keptcluster import put_migrated
from killing.stack import any_port

SIZE = 700  # MB
FORM = b"language=en&csrfmiddlewaretoken=" + b"a" * 32
COOKIE = {"Cookie": "csrftoken=" + "a" * 32}


@contextmanager
def small_disk():
    """A disk of its own in memory, which only root can make."""
    folder = Path(tempfile.mkdtemp(prefix="cb-disk-", dir="/tmp"))
    folder.chmod(0o755)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m,mode=755", "tmpfs", str(folder)]
    if (
        os.geteuid()
        or not shutil.which("mount")
        or subprocess.run(command, capture_output=True, check=False).returncode
    ):
        folder.rmdir()
        pytest.skip("only root can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def ask(address, form=None):
    """The status of a page, and its text."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, form, COOKIE), timeout=20) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as page:
        return page.code, page.read().decode()


def fill(folder):
    """Write until there is not a byte left."""
    with (folder / "ballast").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * (1 << 20))
    with (folder / "crumbs").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x")


def soon(looked_for, seconds=15):
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not (held := looked_for()) and time.monotonic() < end:
        time.sleep(0.2)
    return held


@pytest.mark.unmeasured
def test_a_full_disk_is_told_and_recovered_from(tmp_path):
    port = any_port()
    room = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
    command = [sys.executable, "-W", "ignore", "-m", "chuangbao", "up", "--port", str(port)]
    with small_disk() as disk:
        put_migrated(disk / "data")
        room |= {"CHUANGBAO_DATA": str(disk / "data"), "CHUANGBAO_DEMO": "0", "CHUANGBAO_LOG": "json"}
        site = f"http://127.0.0.1:{port}"
        log = tmp_path / "log"
        with (
            log.open("w") as told,
            subprocess.Popen(command, env=room, stdout=subprocess.PIPE, stderr=told, text=True) as running,
        ):
            try:
                assert "http" in running.stdout.readline()
                fill(disk)
                assert soon(lambda: ask(f"{site}/readyz") == (503, json.dumps({"disk": "full"})))
                for path in ("/", "/policies/", "/checkup/", "/metrics", "/policies/?q=a", "/accounts/login/"):
                    assert ask(site + path)[0] == 200, path
                status, words = ask(f"{site}/i18n/setlang/", FORM)
                assert (status, "磁盘已满" in words) == (503, True)
                (disk / "ballast").unlink()
                assert soon(lambda: ask(f"{site}/readyz")[0] == 200)
                assert soon(lambda: ask(f"{site}/i18n/setlang/", FORM)[0] == 200)  # each process looks for itself
                assert soon(lambda: "there is room on the disk again" in log.read_text())
            finally:
                running.send_signal(signal.SIGINT)
                running.wait(60)
                said = log.read_text()
                print(said)  # noqa: T201 - shown where the test fails
        assert running.returncode == 0, said
        assert "nothing is saved until there is room" in said
        fill(disk)
        done = subprocess.run(command, env=room, capture_output=True, text=True, check=False)
    assert (done.returncode, "the disk of" in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr
