"""``chuangbao up``: database, migrations, content, web and worker at once."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from typing import IO, TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.database import databases, given
from chuangbao.cli.start import look_at_settings, with_django
from chuangbao.cli.upgrade import bring_up_to_date
from chuangbao.config.environment import flag, number
from chuangbao.config.paths import DATA_DIR

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["up"]

FIRST_PORT = 8000
PORTS = 50
WATCH_SECONDS = 0.5


def up(
    port: Annotated[int, typer.Option(help="Port; the next free one is taken when it is in use.")] = FIRST_PORT,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Start everything, print the address, and stop all of it on Ctrl-C."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    look_at_settings()
    os.environ.setdefault("CHUANGBAO_DEMO", "0" if given() else "1")  # ours opens with the demonstration
    with ExitStack() as stack:
        addresses = databases(stack)
        os.environ["DATABASE_URL"] = addresses.owner
        with_django()
        bring_up_to_date(addresses)
        demonstrate()
        os.environ["DATABASE_URL"] = addresses.application
        port = free_port(host, port)
        os.environ.setdefault("CHUANGBAO_URL", f"http://{host}:{port}")
        web, worker = serve(host, port), work()
        stack.callback(stop, web)
        stack.callback(stop, worker)
        wait_for(host, port, web)
        seconds = time.monotonic() - began
        typer.echo(f"创宝网 http://{host}:{port}/  ({seconds:.1f} s)  Ctrl-C 停止 · stops it", nl=True)
        sys.stdout.flush()
        try:
            watch({"web server": web, "worker": worker, "database": addresses.process})
        except KeyboardInterrupt:
            typer.echo("正在停止 · stopping …")


def demonstrate() -> None:
    """Make the people and organisations of the demonstration where they are wanted."""
    if flag("CHUANGBAO_DEMO"):
        from chuangbao.facts.demo import load_demo_facts
        from chuangbao.portal.demo import load_demo

        load_demo()
        load_demo_facts()


def watch(processes: dict[str, subprocess.Popen[bytes] | None]) -> None:
    """Until Ctrl-C; where one of them ends by itself all of it is stopped, for a supervisor to start it anew."""
    while True:
        for name, process in processes.items():
            if process is not None and process.poll() is not None:
                typer.echo(f"the {name} ended by itself; all of it is stopped", err=True)
                raise typer.Exit(1)
        time.sleep(WATCH_SECONDS)


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


def serve(host: str, port: int, *, stderr: IO[bytes] | None = None, data: Path = DATA_DIR) -> subprocess.Popen[bytes]:
    """The web server, in a group of its own, so that Ctrl-C reaches it through us alone.

    A process for each core, since Python works at one page at a time; two threads in each, so that a long page does
    not keep a short one waiting.
    """
    processes = number("CHUANGBAO_PROCESSES") or os.cpu_count() or 1
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(processes), "--blocking-threads", "2", "--log-level", "warning",
        "chuangbao.config.wsgi:application",
    ]  # fmt: skip
    figures = data / "figures"  # of all processes together, since the start
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(figures)}
    return subprocess.Popen(command, start_new_session=True, stderr=stderr, env=environment)


def work() -> subprocess.Popen[bytes]:
    """The worker, which carries out jobs and sends letters."""
    return subprocess.Popen([sys.executable, "-m", "chuangbao", "worker"], start_new_session=True)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the web server or the worker before the database, and whatever outlives it of what it started."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


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
