"""Addresses of databases on the server of the run."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit


def named(database, role=""):
    """The address of a database, for whoever runs the tests or for another role."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(path=f"/{database}", netloc=f"{role}@{where}" if role else parts.netloc))
