"""``chuangbao backup``, ``restore`` and ``digest``: everything in one file, put back on an empty machine, compared."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from chuangbao.cli.database import Addresses, connect_database
from chuangbao.cli.start import exit_with_sentence

__all__ = ["backup", "digest", "restore", "write"]

UNREPEATED = (
    "The encryption keys are not in it: without {keys} (or CHUANGBAO_KEYS) sealed fields and files cannot be opened."
    " Keep them apart from the backups."
)
REPEATED = "The encryption keys are in it: whoever has this file can open everything."


def backup(
    target: Annotated[Path, typer.Argument(help="A file to write, or a folder to write into under the date's name.")],
    keys: Annotated[
        bool, typer.Option("--keys", help="Put the encryption keys of the data folder in as well.")
    ] = False,
    files: Annotated[bool, typer.Option(help="Put the uploads in; without them they must be kept another way.")] = True,
) -> None:
    """Write database and uploads into one file while the system runs; keys only when asked for."""
    with exit_with_sentence(), ExitStack() as stack:
        addresses = connect_database(stack)
        write(target, addresses, keys=keys, files=files)


def write(target: Path, addresses: Addresses, *, keys: bool, files: bool = True) -> Path:
    """Write a backup and say what is in it."""
    from django.core.files.storage import storages

    from chuangbao.config.services import KEY_FILES
    from chuangbao.ops.backup import write_backup

    store = storages["kept"] if files else None
    done = write_backup(target, url=addresses.owner, store=store, keys=KEY_FILES if keys else ())
    size = done.path.stat().st_size / 1e6
    typer.echo(f"✓ {done.path} ({size:.1f} MB): {len(done.tables)} tables, {done.rows} rows, {done.files} files")
    typer.echo(f"  {REPEATED if keys else UNREPEATED.format(keys=' and '.join(str(key) for key in KEY_FILES))}")
    return done.path


def restore(
    source: Annotated[Path, typer.Argument(help="A file that `chuangbao backup` wrote.")],
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there now.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Only compare the file with its manifest.")] = False,
) -> None:
    """Put a backup back into an empty database, compare every table, and verify the record."""
    from chuangbao.ops.restore import check_backup

    with exit_with_sentence(), ExitStack() as stack:
        if check:
            manifest = check_backup(source)
            typer.echo(f"✓ {source} is whole: {manifest['made_at']}, {len(manifest['tables'])} tables")
            return
        put(source, connect_database(stack), replace=replace)


def put(source: Path, addresses: Addresses, *, replace: bool) -> None:
    """Restore the backup, print what is there and verify the audit record.

    Raises typer.Exit with status 1 where the database is not what was written.
    """
    from django.core.files.storage import storages

    from chuangbao.cli.audit import parse_anchor, tell
    from chuangbao.config.paths import DATA_DIR
    from chuangbao.core.audit.verify import verify
    from chuangbao.ops.restore import restore_backup
    from chuangbao.ops.roles import grant_application
    from chuangbao.ops.schema_state import migration_names, pending_migrations, program_migrations

    done = restore_backup(
        source,
        url=addresses.owner,
        store=storages["kept"],
        keys=DATA_DIR,
        known=migration_names(program_migrations()),
        replace=replace,
    )
    if addresses.two:
        grant_application(role=addresses.role)
    for difference in done.differences:
        typer.echo(f"✗ {difference}", err=True)
    found = verify(anchor=parse_anchor(done.manifest["anchor"]))
    tell(found)
    if done.differences or not found.whole:
        raise typer.Exit(1)
    keys = ", ".join(done.keys) or "none in it"
    typer.echo(f"✓ {len(done.manifest['tables'])} tables as they were, {done.files} files; keys: {keys}")
    if pending_migrations():
        typer.echo("  It was written by an older program: run `chuangbao upgrade`.")


def digest(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Say what the database holds: rows and a digest per table, the same wherever the same rows lie."""
    with exit_with_sentence(), ExitStack() as stack:
        addresses = connect_database(stack)
        import psycopg

        from chuangbao.ops.table_digests import digest_tables, total

        with psycopg.connect(addresses.owner) as connection:
            held = digest_tables(connection)
    if as_json:
        import json
        from dataclasses import asdict

        tables = {name: asdict(holding) for name, holding in held.items()}
        typer.echo(json.dumps({"digest": total(held), "tables": tables}))
        return
    for name, holding in held.items():
        typer.echo(f"{holding.rows:>12}  {holding.digest[:16]}  {name}")
    typer.echo(f"{sum(holding.rows for holding in held.values()):>12}  {total(held)}")
