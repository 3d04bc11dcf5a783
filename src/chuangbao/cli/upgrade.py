"""``chuangbao upgrade``: a backup, then the migrations, then rights, regions and library as this program has them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from chuangbao.cli.backup import write
from chuangbao.cli.database import Addresses, connect_database
from chuangbao.cli.start import exit_with_sentence
from chuangbao.config.paths import DATA_DIR

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BACKUPS", "bring_up_to_date", "one_at_a_time", "prepare_upgrade", "upgrade"]

BACKUPS = DATA_DIR / "backups"

LOCK = "SELECT pg_advisory_lock(hashtext('chuangbao.upgrade'))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('chuangbao.upgrade'))"
SHOWN = 3


def upgrade(
    into: Annotated[Path, typer.Option("--into", help="Folder of the backup that is made first.")] = BACKUPS,
    backup: Annotated[bool, typer.Option(help="Without one there is no way back.")] = True,
) -> None:
    """Bring the database to this program; refuses one that a newer program has written."""
    with exit_with_sentence(), ExitStack() as stack:
        addresses = connect_database(stack)
        with one_at_a_time():
            waiting, way_back = prepare_upgrade(addresses, into=into if backup else None)
            typer.echo(f"{len(waiting)} migrations" + (f": {', '.join(waiting[:SHOWN])} …" if waiting else ""))
            bring_up_to_date(addresses, way_back=way_back)
        typer.echo(f"✓ the database is as this program expects{way_back}")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of upgrades; a process that ends in any way lets go of it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    yield
    with connection.cursor() as cursor:
        cursor.execute(UNLOCK)


def prepare_upgrade(addresses: Addresses, *, into: Path | None) -> tuple[list[str], str]:
    """Refuse a newer database and a broken pack; write a backup before the first migration of one that holds data.

    Raises PackError before anything is touched. Returns the migrations that wait, and how to go back, empty where
    nothing was backed up.
    """
    from chuangbao.core.engine.current import current_pack
    from chuangbao.ops.schema_state import applied_migrations, pending_migrations

    refuse_newer()
    current_pack()
    waiting = pending_migrations()
    if not (waiting and applied_migrations() and into):
        return waiting, ""
    return waiting, f"; the way back: chuangbao restore --replace {write(into, addresses, keys=False)}"


def refuse_newer() -> None:
    """Keep an older program from writing into what it does not understand.

    Raises typer.Exit with status 1 where the database was written by a newer program.
    """
    from chuangbao.ops.schema_state import unknown_migrations

    if newer := unknown_migrations():
        told = ", ".join(newer[:SHOWN])
        typer.echo(f"✗ The database was written by a newer program ({told}). Install that program.", err=True)
        raise typer.Exit(1)


def bring_up_to_date(addresses: Addresses, *, way_back: str = "") -> None:
    """Migrate the database, then load rights, regions and the pack.

    Raises typer.Exit with status 1 where that fails, after a sentence that says how to go back.
    """
    from chuangbao.ops.migrating import migrate

    try:
        migrate()
        load_content(addresses)
    except Exception as fault:
        typer.echo(f"✗ the upgrade stopped: {type(fault).__name__}: {fault}{way_back}", err=True)
        raise typer.Exit(1) from fault


def load_content(addresses: Addresses) -> None:
    """Give the application's role its rights where it has one; load regions and the pack."""
    from chuangbao.accounts.domain.offices import load_offices
    from chuangbao.core.engine.current import current_pack, use_newest_engine
    from chuangbao.core.engine.regions import load_regions
    from chuangbao.ops.roles import grant_application
    from chuangbao.policies.domain.load import load_library

    if addresses.two:
        grant_application(role=addresses.role)
    load_regions()
    with use_newest_engine():
        load_library(pack=current_pack())
        load_offices()
