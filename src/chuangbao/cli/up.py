"""``chuangbao up``: database, migrations, content and web at once; ``chuangbao doctor`` says what is missing."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Annotated

import typer

from chuangbao.cli.database import databases
from chuangbao.cli.start import look_at_settings, with_django
from chuangbao.cli.upgrade import bring_up_to_date
from chuangbao.config.paths import DATA_DIR, NODE_MODULES, PACK_DIR

__all__ = ["doctor", "up"]

FIRST_PORT = 8000
PORTS = 50


def up(
    port: Annotated[int, typer.Option(help="Port; the next free one is taken when it is in use.")] = FIRST_PORT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Start everything, print the address, and stop all of it on Ctrl-C."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    look_at_settings()
    with ExitStack() as stack:
        addresses = databases(stack)
        os.environ["DATABASE_URL"] = addresses.owner
        with_django()
        bring_up_to_date(addresses)
        os.environ["DATABASE_URL"] = addresses.application
        port = free_port(host, port)
        web = serve(host, port)
        stack.callback(stop, web)
        wait_for(host, port, web)
        seconds = time.monotonic() - began
        typer.echo(f"创宝网 http://{host}:{port}/  ({seconds:.1f} s)  Ctrl-C 停止 · stops it", nl=True)
        sys.stdout.flush()
        try:
            web.wait()
        except KeyboardInterrupt:
            typer.echo("正在停止 · stopping …")


def free_port(host: str, port: int) -> int:
    """The wanted port, or the next one that nobody uses."""
    for candidate in range(port, port + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    raise typer.BadParameter(f"no free port from {port} to {port + PORTS - 1}; name another with --port")


def serve(host: str, port: int) -> subprocess.Popen[bytes]:
    """The web server, in a group of its own, so that Ctrl-C reaches it through us alone."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", str(os.cpu_count() or 2), "--log-level", "warning",
        "chuangbao.config.wsgi:application",
    ]  # fmt: skip
    return subprocess.Popen(command, start_new_session=True)


def stop(web: subprocess.Popen[bytes]) -> None:
    """Stop the web server before the database."""
    if web.poll() is None:
        web.terminate()
        try:
            web.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(web.pid, signal.SIGKILL)


def wait_for(host: str, port: int, web: subprocess.Popen[bytes]) -> None:
    """Wait until the address answers."""
    end = time.monotonic() + 60
    while time.monotonic() < end and web.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    typer.echo("the web server did not start; its message stands above", err=True)
    raise typer.Exit(1)


def doctor() -> None:
    """Say what is missing on this machine, and how to mend it."""
    import shutil

    data, modules = DATA_DIR, NODE_MODULES
    data.mkdir(parents=True, exist_ok=True)
    found = [
        (sys.version_info >= (3, 11), f"Python {sys.version.split()[0]}", "install Python 3.11 or newer"),
        (os.access(data, os.W_OK), f"data folder {data}", "make it writable, or set CHUANGBAO_DATA"),
        ((PACK_DIR / "pack.yaml").is_file(), f"pack {PACK_DIR}", "set CHUANGBAO_PACK"),
        ((modules / "@tabler" / "core").is_dir(), "front-end packages", "run: make setup"),
        (bool(shutil.which("chromium")), "Chromium (browser tests only)", "install chromium to run them"),
    ]
    for fine, what, remedy in found:
        typer.echo(f"{'✓' if fine else '✗'} {what}" + ("" if fine else f": {remedy}"))
    raise typer.Exit(0 if all(fine for fine, _what, _remedy in found[:-1]) else 1)
