"""``chuangbao admin``: the three administrators (三员), the first of whom no one on the site can appoint."""

from __future__ import annotations

import os
from contextlib import ExitStack
from enum import StrEnum
from typing import Annotated

import typer

from chuangbao.cli.database import connect_database, noted_address
from chuangbao.cli.start import exit_with_sentence

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="系统、安全、审计管理员 · the three administrators.")


class Kind(StrEnum):
    """As the command line calls them."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


@app.callback()
def administrators() -> None:
    """Keep the commands apart."""


@app.command("create")
def create(
    email: Annotated[str, typer.Argument(help="E-mail address of the person.")],
    kind: Annotated[
        Kind,
        typer.Option(
            help="system (系统管理员: posts), security (安全管理员: administrators, ends rights)"
            " or audit (审计管理员: reads the record). One person is one of them."
        ),
    ],
    name: Annotated[str, typer.Option(help="Name of the person, for a new account.")] = "",
    reason: Annotated[str, typer.Option(help="Why it is done here, where one of the kind is in office already.")] = "",
) -> None:
    """Make a person an administrator; a new account gets a link to choose a password, valid once, for three days."""
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from chuangbao.accounts.domain.founding import create_administrator, password_path

        duty = create_administrator(email=email, name=name, kind=f"{kind}_admin", reason=reason)
        typer.echo(f"✓ {duty.person.name} <{duty.person.email}>: {duty.get_kind_display()}")
        if not duty.person.has_usable_password():
            typer.echo("请本人在三天内打开此链接设置密码 · open this once, within three days, to choose a password:")
            typer.echo(f"  {site_address()}{password_path(duty.person)}")


@app.command("link")
def link(email: Annotated[str, typer.Argument(help="E-mail address of an administrator.")]) -> None:
    """Print a new link to choose a password, for an administrator who cannot sign in and gets no letters."""
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from chuangbao.accounts.domain.founding import administrator_of, password_path

        typer.echo(f"{site_address()}{password_path(administrator_of(email))}")


@app.command("list")
def list_administrators() -> None:
    """Print who holds which duty."""
    with exit_with_sentence(), ExitStack() as stack:
        connect_database(stack)
        from django.utils import timezone

        from chuangbao.accounts.domain.founding import administrators_in_office

        for duty in administrators_in_office():
            since = timezone.localdate(duty.since)
            typer.echo(f"{duty.get_kind_display()}  {duty.person.name} <{duty.person.email}>  {since}")


def site_address() -> str:
    """The address of the site: as set, as ``up`` answers from this data folder, or the default."""
    from django.conf import settings

    found = "" if "CHUANGBAO_URL" in os.environ else noted_address()
    return (found or str(settings.SITE_URL)).rstrip("/")
