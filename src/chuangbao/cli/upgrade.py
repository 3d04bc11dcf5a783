"""``chuangbao upgrade``: a backup, then the migrations, then rights, regions and library as this program has them."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from chuangbao.cli.backup import write
from chuangbao.cli.database import Addresses, connected
from chuangbao.cli.start import failing_clearly
from chuangbao.config.paths import DATA_DIR

__all__ = ["bring_up_to_date", "refuse_newer", "upgrade"]

LOCK = "SELECT pg_advisory_lock(hashtext('chuangbao.upgrade'))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('chuangbao.upgrade'))"
SHOWN = 3


def upgrade(
    into: Annotated[Path, typer.Option("--into", help="Folder of the backup that is made first.")] = (
        DATA_DIR / "backups"
    ),
    backup: Annotated[bool, typer.Option(help="Without one there is no way back.")] = True,
) -> None:
    """Bring the database to this program; refuses one that a newer program has written."""
    with failing_clearly(), ExitStack() as stack:
        addresses = connected(stack)
        from chuangbao.core.schema import applied, pending

        refuse_newer()
        waiting, way_back = pending(), ""
        if waiting and applied() and backup:
            into.mkdir(parents=True, exist_ok=True)
            way_back = f"; the way back: chuangbao restore --replace {write(into, addresses, keys=False)}"
        typer.echo(f"{len(waiting)} migrations" + (f": {', '.join(waiting[:SHOWN])} …" if waiting else ""))
        try:
            bring_up_to_date(addresses)
        except Exception as fault:
            typer.echo(f"✗ the upgrade stopped: {type(fault).__name__}: {fault}{way_back}", err=True)
            raise typer.Exit(1) from fault
        typer.echo(f"✓ the database is as this program expects{way_back}")


def refuse_newer() -> None:
    """An older program must not write into what it does not understand."""
    from chuangbao.core.schema import unknown

    if newer := unknown():
        told = ", ".join(newer[:SHOWN])
        typer.echo(f"✗ The database was written by a newer program ({told}). Install that program.", err=True)
        raise typer.Exit(1)


def bring_up_to_date(addresses: Addresses) -> None:
    """Migrate, give the application's role its rights where it has one, and load the pack; one process at a time."""
    from django.core.management import call_command
    from django.db import connection

    from chuangbao.core.database import grant_application
    from chuangbao.core.regions import load_regions
    from chuangbao.policies.domain.load import load_library
    from chuangbao.policies.domain.registry import current_pack, up_to_date

    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    refuse_newer()
    call_command("migrate", verbosity=0, interactive=False)
    if addresses.two:
        grant_application(role=addresses.role)
    load_regions()
    with up_to_date():
        load_library(pack=current_pack())
    with connection.cursor() as cursor:
        cursor.execute(UNLOCK)
