"""Uploads and the scanner: by the protocol of clamd, against a daemon of our own and a real one where there is one."""

from __future__ import annotations

import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from typer.testing import CliRunner

import factories
from chuangbao.cli import app
from chuangbao.cli.doctor_inside import scanner as look_at_scanner
from chuangbao.config import environment
from chuangbao.core import tasks
from chuangbao.core.http.metrics import exposition
from chuangbao.core.models import FileStage, History, Notice, StoredFile
from chuangbao.core.storage.files import keep
from chuangbao.core.storage.quarantine import scan_file, scan_waiting
from chuangbao.core.storage.scanner import ScannerError, ping_scanner, scan_content
from chuangbao.facts.domain.subjects import subject_of

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner takes for a virus by agreement; in two parts, so that none finds it in this file."""
PDF = b"%PDF-1.4\n%%EOF\n"
LIMIT = 300_000


class Daemon(socketserver.BaseRequestHandler):
    """As much of clamd as scans: zPING, zINSTREAM with its chunks, a limit, and moods to test."""

    def handle(self):
        command = self.until_null()
        if self.server.mood == "silent":
            return
        if command == b"zPING":
            self.request.sendall(b"PONG\0" if self.server.mood != "odd" else b"HELLO\0")
        elif command == b"zINSTREAM":
            content = self.stream()
            self.server.seen.append(content)
            self.request.sendall(self.verdict(content))

    def verdict(self, content):
        if content is None:
            return b"INSTREAM size limit exceeded. ERROR\0"
        if self.server.mood == "odd":
            return b"stream: Can't allocate memory ERROR\0"
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"

    def until_null(self):
        said = b""
        while not said.endswith(b"\0"):
            said += self.request.recv(1)
        return said[:-1]

    def exactly(self, count):
        found = b""
        while len(found) < count:
            more = self.request.recv(count - len(found))
            if not more:
                raise ConnectionError
            found += more
        return found

    def stream(self):
        found = b""
        while length := struct.unpack(">I", self.exactly(4))[0]:
            found += self.exactly(length)
            if len(found) > LIMIT:
                return None
        return found


class TCP(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address, mood = True, True, "well"


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads, mood = True, "well"


@contextmanager
def running(kind, place):
    with kind(place, Daemon) as server:
        server.seen = []
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(params=["tcp", "unix"])
def daemon(request, tmp_path_factory):
    """A daemon and its address, over a port and over a socket."""
    path = str(tmp_path_factory.mktemp("d") / "clamd.ctl")
    kind, place = (TCP, ("127.0.0.1", 0)) if request.param == "tcp" else (Unix, path)
    with running(kind, place) as server:
        server.address_words = (
            f"unix://{path}" if request.param == "unix" else f"tcp://127.0.0.1:{server.server_address[1]}"
        )
        yield server


@pytest.fixture
def scanned(daemon, settings):
    settings.SCANNER = daemon.address_words
    return daemon


@pytest.fixture
def founder(db):
    return factories.founder()


def test_content_is_streamed_whole_and_the_answer_read(daemon):
    large = bytes(range(256)) * 1000
    assert scan_content(large, address=daemon.address_words) == ""
    assert daemon.seen == [large]
    assert scan_content(b"", address=daemon.address_words) == ""
    assert scan_content(b"x" * 70_000 + EICAR, address=daemon.address_words) == "Eicar-Test-Signature"
    ping_scanner(address=daemon.address_words)


@pytest.mark.parametrize("mood", ["silent", "odd"])
def test_a_scanner_that_does_not_look_is_a_fault_and_no_verdict(daemon, mood):
    daemon.mood = mood
    with pytest.raises(ScannerError):
        scan_content(PDF, address=daemon.address_words)
    with pytest.raises(ScannerError):
        ping_scanner(address=daemon.address_words)


def test_what_is_too_large_for_the_scanner_is_not_called_clean(daemon):
    with pytest.raises(ScannerError):
        scan_content(b"x" * (LIMIT + 5_000_000), address=daemon.address_words)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl"])
def test_a_scanner_that_is_away_is_a_fault(address):
    with pytest.raises(ScannerError, match="does not answer"):
        scan_content(PDF, address=address)


def test_a_file_is_served_once_the_scanner_has_cleared_it(client, founder, scanned):
    row = keep(upload=factories.upload(), actor=founder, purpose="licence")
    assert row.stage == FileStage.QUARANTINED
    factories.sign_in(client, founder)
    address = reverse("core:file", args=[row.key])
    waits = client.get(address)
    assert waits.status_code == 409
    assert "尚未查毒" in waits.content.decode()
    assert b"chuangbao_files_quarantined 1.0" in exposition()
    tasks.scan_upload(file=row.pk)
    assert b"".join(client.get(address).streaming_content) == PDF
    assert History.objects.get(verb="file.release").object_id == row.pk
    assert not Notice.objects.exists(), "it was a matter of seconds"
    assert scan_file(row.pk) is None, "once is enough"


def test_a_sealed_file_is_scanned_as_it_was_brought(founder, scanned):
    row = keep(upload=factories.upload(), actor=founder, purpose="identity", sensitive=True)
    scan_waiting()
    assert scanned.seen == [PDF]
    assert StoredFile.objects.get(pk=row.pk).stage == FileStage.CLEAN


def test_a_malicious_file_is_deleted_and_the_uploader_told(client, founder, scanned):
    row = keep(upload=factories.upload(PDF + EICAR), actor=founder, purpose="licence")
    assert scan_waiting() == {"refused": 1}
    row.refresh_from_db()
    assert row.stage == FileStage.REFUSED
    assert not storages["kept"].exists(row.place)
    notice = Notice.objects.get()
    assert (notice.event, notice.person_id) == ("file.refused", founder.person_id)
    factories.sign_in(client, founder)
    page = client.get(reverse("core:notices")).content.decode()
    assert "营业执照.pdf" in page
    assert "Eicar-Test-Signature" in page
    assert client.get(reverse("core:file", args=[row.key])).status_code == 410
    assert History.objects.get(verb="file.refuse").data == {"threat": "Eicar-Test-Signature"}


def test_what_waited_while_the_scanner_was_away_is_released_and_the_uploader_told(founder, scanned):
    row = keep(upload=factories.upload(), actor=founder, purpose="licence")
    scanned.mood = "silent"
    with pytest.raises(ScannerError):
        tasks.scan_upload(file=row.pk)
    row.refresh_from_db()
    assert row.stage == FileStage.QUARANTINED
    StoredFile.objects.update(uploaded_at=row.uploaded_at - timedelta(hours=1))
    scanned.mood = "well"
    tasks.scan_all()
    row.refresh_from_db()
    assert row.stage == FileStage.CLEAN
    assert Notice.objects.get().event == "file.released"


def test_without_a_scanner_nothing_waits_and_nothing_is_scanned(founder, settings):
    settings.SCANNER = ""
    row = keep(upload=factories.upload(), actor=founder, purpose="licence")
    assert row.stage == FileStage.CLEAN
    tasks.scan_upload(file=row.pk)
    tasks.scan_all()


def test_a_proof_says_that_it_waits(client, regions, scanned):
    actor = factories.member()
    factories.sign_in(client, actor)
    address = reverse("facts:fact", args=[subject_of(actor).pk, "expand_hires"])
    page = client.post(address, {"expand_hires": "3", "as_of": "2026-01-01", "file": factories.upload()}, follow=True)
    assert "先查毒" in page.content.decode()
    assert "待查毒" in client.get(address).content.decode()


@pytest.fixture
def command(monkeypatch):
    monkeypatch.setattr("chuangbao.cli.files.connect_database", lambda _stack: None)
    return lambda *words: CliRunner().invoke(app, ["files", "scan", *words])


def test_an_operator_scans_or_releases_what_waits(command, founder, scanned, settings):
    keep(upload=factories.upload(), actor=founder, purpose="licence")
    scanned.mood = "silent"
    away = command()
    assert (away.exit_code, "looked at again" in away.output) == (1, True)
    scanned.mood = "well"
    assert "clean: 1, refused: 0" in command().output
    keep(upload=factories.upload(), actor=founder, purpose="licence")
    settings.SCANNER = ""
    assert command().exit_code == 1
    assert "released without a scan: 1" in command("--release-unscanned").output
    assert History.objects.filter(verb="file.release").count() == 2


def test_the_doctor_asks_the_scanner(scanned, settings):
    assert [found.mark for found in look_at_scanner()] == ["✓"]
    scanned.mood = "silent"
    assert [found.mark for found in look_at_scanner()] == ["✗"]
    settings.SCANNER = ""
    assert [found.mark for found in look_at_scanner()] == ["!"]


@pytest.mark.parametrize(
    ("value", "fine"),
    [("tcp://127.0.0.1:3310", True), ("unix:///run/clamav/clamd.ctl", True), ("127.0.0.1:3310", False),
     ("http://x", False), ("tcp://x:port", False)],
)  # fmt: skip
def test_an_address_of_a_scanner_can_be_read_or_is_refused(value, fine):
    assert (environment.fault("CHUANGBAO_SCANNER", value) == "") is fine


@pytest.mark.skipif(shutil.which("clamd") is None, reason="no clamd on this machine")
def test_a_real_daemon_of_clamav_answers_the_same(tmp_path):
    signatures, path = tmp_path / "db", tmp_path / "clamd.ctl"
    signatures.mkdir()
    (signatures / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    config = tmp_path / "clamd.conf"
    config.write_text(
        f"Foreground yes\nLocalSocket {path}\nDatabaseDirectory {signatures}\nTemporaryDirectory {tmp_path}\n"
    )
    process = subprocess.Popen(
        ["clamd", "--config-file", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
                probe.connect(str(path))
                break
            time.sleep(0.2)
        address = f"unix://{path}"
        ping_scanner(address=address)
        assert scan_content(PDF * 10_000, address=address) == ""
        assert "Eicar" in scan_content(b"x" * 100_000 + EICAR, address=address)
    finally:
        process.terminate()
        process.wait(30)
