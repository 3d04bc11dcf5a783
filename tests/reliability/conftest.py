"""Databases that a test may have to itself, on the server of the run."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import count

import pytest
from django.db import connection

from pglinks import make_database, named

NUMBERS = count(1)


@pytest.fixture
def tests_database(transactional_db):
    """The address of the database that the test writes to."""
    return named(connection.settings_dict["NAME"])


@pytest.fixture
def empty_database():
    """The address of a new, empty database; it is dropped afterwards."""
    with make_database(f"empty_{os.getpid()}_{next(NUMBERS)}") as address:
        yield address


@pytest.fixture
def chuangbao(tmp_path):
    """The command on a machine of its own: another data folder, another database."""

    def run(*arguments, database, data=None, **settings):
        folder = data or tmp_path / "machine"
        room = {**os.environ, "DATABASE_URL": database, "CHUANGBAO_DATA": str(folder), **settings}
        command = [sys.executable, "-W", "ignore", "-m", "chuangbao", *map(str, arguments)]
        return subprocess.run(command, env=room, capture_output=True, text=True, check=False, timeout=120)

    return run
