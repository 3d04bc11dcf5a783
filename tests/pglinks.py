"""Addresses of databases on the server of the run."""

from __future__ import annotations

import os
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg


def named(database, role=""):
    """The address of a database, for whoever runs the tests or for another role."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(path=f"/{database}", netloc=f"{role}@{where}" if role else parts.netloc))


@contextmanager
def make_database(name):
    """The address of a new, empty database for as long as it is needed."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield named(name)
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
