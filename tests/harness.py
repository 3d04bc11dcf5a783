"""Loaded by pytest before Django's settings: a PostgreSQL of the run's own, thrown away at its end."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from chuangbao.ops.embedded_postgres import EmbeddedPostgres

closing = ExitStack()
atexit.register(closing.close)
FOLDER = Path(tempfile.mkdtemp(prefix="cb-test-"))
FOLDER.chmod(0o755)
closing.callback(shutil.rmtree, FOLDER, ignore_errors=True)
os.environ["CHUANGBAO_DATA"] = str(FOLDER)
os.environ["CHUANGBAO_IDLE_MINUTES"] = "0"  # tests sign in without showing who they are
os.environ["CHUANGBAO_CONN_MAX_AGE"] = "0"  # the live server's threads must not hold the database at its end
if not os.environ.get("TEST_DATABASE_URL"):
    server = closing.enter_context(EmbeddedPostgres(FOLDER / "postgres", fast=True))
    server.create()
    os.environ["DATABASE_URL"] = server.url()
else:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
