"""Loaded by pytest before Django's settings: a PostgreSQL of the run's own, thrown away at its end.

It begins as a copy of a server that has every migration already: made once for each state of the migrations, kept
beside the checkout, used by each process of each run. `django_db_setup` (conftest.py) then finds its database there.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

if sys.dont_write_bytecode:  # else every program that a test starts compiles the whole house again
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

if os.environ.get("MEASURE_COVERAGE") and os.environ.get("PYTEST_XDIST_WORKER"):
    from measuring import start_measuring

    write_measured = start_measuring()  # before anything of the house is imported

    def pytest_sessionfinish() -> None:
        """Write what was seen while xdist still waits for this process: a slow one it ends by force afterwards."""
        write_measured()

elif os.environ.get("MEASURE_COVERAGE"):
    marking = subprocess.Popen([sys.executable, str(Path(__file__).with_name("measuring.py"))])  # for those that come
    atexit.register(marking.wait)

from chuangbao.ops.embedded_postgres import EmbeddedPostgres
from keptcluster import NAME, keep_migrated, put_copy

closing = ExitStack()
atexit.register(closing.close)
FOLDER = Path(tempfile.mkdtemp(prefix="cb-test-"))
FOLDER.chmod(0o755)
closing.callback(shutil.rmtree, FOLDER, ignore_errors=True)


os.environ["CHUANGBAO_DATA"] = str(FOLDER)
os.environ["CHUANGBAO_IDLE_MINUTES"] = "0"  # tests sign in without showing who they are
os.environ["CHUANGBAO_CONN_MAX_AGE"] = "0"  # the live server's threads must not hold the database at its end
IS_MIGRATED = not os.environ.get("TEST_DATABASE_URL")
"""Whether the database of the tests is there with all migrations."""
if IS_MIGRATED:
    server = EmbeddedPostgres(FOLDER / "postgres", fast=True)
    put_copy(keep_migrated(), server.home)
    closing.enter_context(server)
    server.create()
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        rename = f"ALTER DATABASE {NAME} RENAME TO {NAME}_{worker}"
        server.run("psql", "-h", str(server.socket), "-U", "postgres", "-d", "postgres", "-qc", rename)
    os.environ["DATABASE_URL"] = server.url()
else:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
