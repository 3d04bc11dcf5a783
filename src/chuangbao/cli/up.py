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
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Annotated

import typer

from chuangbao.cli.database import databases, given_addresses, note_address
from chuangbao.cli.ports import FIRST_PORT, LARGEST, choose_port
from chuangbao.cli.start import check_settings, exit_with_sentence, with_django
from chuangbao.cli.start import stop as stop_in_words
from chuangbao.cli.upgrade import BACKUPS, bring_up_to_date, one_at_a_time, prepare_upgrade
from chuangbao.config.environment import flag, number
from chuangbao.config.paths import DATA_DIR, close_data_folder

__all__ = ["up"]

WATCH_SECONDS = 0.5
BACKPRESSURE = "1024"  # requests of a process at once; slow bodies hold 256 of them at the most


def up(
    port: Annotated[
        int | None,
        typer.Option(min=1, max=LARGEST, help=f"Port; where none is named the first free one from {FIRST_PORT} on."),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    into: Annotated[Path, typer.Option("--into", help="Folder of the backup before a migration.")] = BACKUPS,
    backup: Annotated[bool, typer.Option(help="Back a database with data up before it is migrated.")] = True,
) -> None:
    """Start everything, print the address, and stop all of it on Ctrl-C."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    check_settings()
    warn_of_root()
    named = "CHUANGBAO_URL" in os.environ
    name_site(host, choose_port(host, port))  # said before anything is made; it may be taken again until it is needed
    close_data_folder()
    wanted = flag("CHUANGBAO_DEMO")
    begin_as_demonstration(host)
    with ExitStack() as stack, exit_with_sentence():
        addresses = databases(stack)
        os.environ["DATABASE_URL"] = addresses.owner
        with_django()
        with one_at_a_time():
            _waiting, way_back = prepare_upgrade(addresses, into=into if backup else None)
            bring_up_to_date(addresses, way_back=way_back)
        demonstrate(wanted=wanted)
        os.environ["DATABASE_URL"] = addresses.application
        port = choose_port(host, port)
        if not named:
            name_site(host, port, anew=True)
        web, worker = serve(host, port), work()
        stack.callback(stop, web)
        stack.callback(stop, worker)
        wait_for(host, port, web)
        if addresses.process:
            note_address(f"http://{host}:{port}/")
        seconds = time.monotonic() - began
        typer.echo(f"创宝网 http://{host}:{port}/  ({seconds:.1f} s)  Ctrl-C 停止 · stops it", nl=True)
        sys.stdout.flush()
        try:
            watch({"web server": web, "worker": worker, "database": addresses.process})
        except KeyboardInterrupt:
            typer.echo("正在停止 · stopping …")


def warn_of_root() -> None:
    """Say what it means where root starts it: the web server and the worker do not step down as PostgreSQL does.

    The program, the packs and the data folder of root are usually closed to every other user, so stepping down would
    fail on most machines; docs/operation.md has the reasons and the way.
    """
    if os.geteuid() == 0:
        typer.echo(
            "! 正以 root 运行 · running as root: a fault in the web server would reach the whole machine. For service"
            " make a user of its own and give it the data folder (docs/operation.md, Who runs it).",
            err=True,
        )


def name_site(host: str, port: int, *, anew: bool = False) -> None:
    """Let letters name the address that this start answers to, where the operator has named none.

    It must stand before Django is set up: the demonstration writes its first letters in this very process.
    """
    reached = "localhost" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not listened on
    if anew or "CHUANGBAO_URL" not in os.environ:
        os.environ["CHUANGBAO_URL"] = f"http://{reached}:{port}"


def begin_as_demonstration(host: str) -> None:
    """Let our own server open with the demonstration (演示), where only this machine can reach it.

    Everybody can sign in as anybody of it, so it stops at an address that others reach.
    """
    from chuangbao.config.checks import public_hosts

    alone = is_loopback(host) and not public_hosts() and not flag("CHUANGBAO_HTTPS")
    if flag("CHUANGBAO_DEMO") and not alone:
        stop_in_words(
            f"演示模式只能在本机使用 · the demonstration (CHUANGBAO_DEMO=1) lets everybody in, and {host} can be"
            " reached by others. Unset CHUANGBAO_DEMO, or listen on 127.0.0.1."
        )
    os.environ.setdefault("CHUANGBAO_DEMO", "1" if alone and not given_addresses() else "0")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def demonstrate(*, wanted: bool) -> None:
    """Make the people and organisations of the demonstration where it runs, end what they hold where it does not.

    Where a real person has an account it does not run; ``wanted`` says that the operator asked for it by name, and
    is told so instead.
    """
    from django.conf import settings

    from chuangbao.accounts.domain.demonstration import end_demonstration, has_real_people

    if settings.DEMO and has_real_people():
        if wanted:
            stop_in_words(
                "本数据库中已有真实用户，不能启用演示模式 · real people have accounts in this database, so the"
                " demonstration cannot run on it. Unset CHUANGBAO_DEMO, or set CHUANGBAO_DATA to another folder."
            )
        settings.DEMO, os.environ["CHUANGBAO_DEMO"] = False, "0"
    if settings.DEMO:
        from chuangbao.core.contexts import load_demonstration

        load_demonstration()
    elif ended := end_demonstration():
        typer.echo(f"演示结束 · the demonstration is over: {ended} of its posts and duties were ended", err=True)


def watch(processes: dict[str, subprocess.Popen[bytes] | None]) -> None:
    """Watch the processes until Ctrl-C.

    Raises typer.Exit with status 1 where one ends by itself: all are stopped, for a supervisor to start them again.
    """
    before = ""
    while True:
        for name, process in processes.items():
            if process is not None and process.poll() is not None:
                typer.echo(f"the {name} ended by itself; all of it is stopped{without_room()}", err=True)
                raise typer.Exit(1)
        if (told := without_room()) != before:
            typer.echo(told.removeprefix(": ") or "磁盘已有空间 · there is room on the disk again", err=True)
            before = told
        time.sleep(WATCH_SECONDS)


def without_room() -> str:
    """What to say of a full disk, empty where there is room."""
    from chuangbao.ops.disk_space import places_without_room

    full = ", ".join(map(str, places_without_room()))
    return f": 磁盘已满，暂停保存 · the disk is full, nothing is saved until there is room in {full}" if full else ""


def serve(host: str, port: int, *, stderr: IO[bytes] | None = None, data: Path = DATA_DIR) -> subprocess.Popen[bytes]:
    """The web server, in a group of its own, so that Ctrl-C reaches it through us alone.

    A process for each core, since Python works at one page at a time; some threads in each, so that a long page does
    not keep a short one waiting (``config.server``).
    """
    processes = number("CHUANGBAO_PROCESSES") or os.cpu_count() or 1
    command = [
        sys.executable, "-m", "granian", "--interface", "rsgi", "--host", host, "--port", str(port),
        "--workers", str(processes), "--http", "1", "--no-ws", "--backpressure", BACKPRESSURE, "--log-level", "warning",
        "chuangbao.config.wsgi:server",
    ]  # fmt: skip
    figures = data / "figures" / str(port)  # of all processes together, since the start
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    environment = without_owner() | {"PROMETHEUS_MULTIPROC_DIR": str(figures)}
    return subprocess.Popen(command, start_new_session=True, stderr=stderr, env=environment)


def work() -> subprocess.Popen[bytes]:
    """The worker, which carries out jobs and sends letters."""
    return subprocess.Popen([sys.executable, "-m", "chuangbao", "worker"], start_new_session=True, env=without_owner())


def without_owner() -> dict[str, str]:
    """The environment without the address by which the record could be rewritten."""
    return {name: value for name, value in os.environ.items() if name != "CHUANGBAO_OWNER_DATABASE_URL"}


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the web server or the worker before the database, and whatever outlives it of what it started."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def wait_for(host: str, port: int, web: subprocess.Popen[bytes]) -> None:
    """Wait until the address answers, 60 seconds at most.

    Raises typer.Exit with status 1 where the web server has ended or does not answer.
    """
    end = time.monotonic() + 60
    while time.monotonic() < end and web.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    typer.echo("the web server did not start; its message stands above", err=True)
    raise typer.Exit(1)
