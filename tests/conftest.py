"""What every test may ask for, and what every test is held to."""

from __future__ import annotations

import gc
import os
import random
from pathlib import Path

import pytest
from hypothesis import settings

from harness import IS_MIGRATED
from measuring import PROGRAMS
from ordering import order_tests

# the same cases on every run; HYPOTHESIS_PROFILE=explore looks for new ones
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


gc.set_threshold(100_000, 20, 50)  # what a test makes is seldom in cycles; the collector took a fifth of the time


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Read the files of tests without a clock."""
    from turning import clock_shut

    with clock_shut():
        return (yield)


def pytest_collection_finish():
    """Let the collector not walk again and again through the tests and what they import."""
    gc.enable()  # while the house is measured it is off until now
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Let long tests begin early."""
    items[:] = order_tests(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Let the programs that a test starts run without the measuring of lines, if it is marked so."""
    if not (item.get_closest_marker("unmeasured") and PROGRAMS in os.environ):
        return (yield)
    config = os.environ.pop(PROGRAMS)
    try:
        return (yield)
    finally:
        os.environ[PROGRAMS] = config


LIBRARIES = ("attrs.", "authenticators.", "auth_params", "scope", "process", "page_layout", "redirect_field")
"""What allauth's own templates look for and may not find."""


class Undefined(str):
    """Put in place of a template variable that does not exist: the page fails instead of showing nothing."""

    __slots__ = ()

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, name: object) -> str:
        if str(getattr(name, "var", name)).startswith(LIBRARIES):
            return ""
        raise AssertionError(f"the template variable '{name}' does not exist")


@pytest.fixture(autouse=True)
def undefined_variables_fail():
    """For each test anew: changing some settings makes Django forget its template engines."""
    from django.template import engines

    engines["django"].engine.string_if_invalid = Undefined("%s")


@pytest.fixture(autouse=True)
def no_language_is_left_from_before():
    """A request in English leaves its thread in English."""
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(autouse=True)
def no_snapshot_is_left_from_before():
    """A run leaves its facts to simulations; those of another test are nobody's."""
    folder = Path(os.environ["CHUANGBAO_DATA"], "snapshots")  # a test may have another environment at its end
    yield
    for path in folder.glob("run-*.parquet"):
        path.unlink()


@pytest.fixture(scope="session", autouse=True)
def rows_without_an_order_come_shuffled():
    from django.db.models import QuerySet

    fetch = QuerySet._fetch_all

    def shuffled(self: QuerySet) -> None:
        fresh = self._result_cache is None
        fetch(self)
        if fresh and not self.ordered and not self.query.is_sliced:
            random.shuffle(self._result_cache)

    QuerySet._fetch_all = shuffled


@pytest.fixture(scope="session", autouse=True)
def no_frame_of_a_rate_turns():
    from turning import frames_held

    with frames_held():
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once():
    """Each client makes all middleware anew; looking at every static file was nearly all that this took."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    look, kept = WhiteNoiseMiddleware.add_files_from_finders, {}

    def list_once(middleware):
        if middleware.static_prefix not in kept:
            look(middleware)
            kept[middleware.static_prefix] = dict(middleware.files)
        middleware.files.update(kept[middleware.static_prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", list_once)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The database is there with all migrations, and is thrown away with its server."""
    return IS_MIGRATED


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests with transactions of their own empty all tables afterwards, the record as well."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("core_history", "core_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_not_emptied")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(END_OTHERS)  # a window that still loads something would keep the database from being dropped


@pytest.fixture(scope="session", autouse=True)
def only_what_was_written_is_emptied():
    """Django empties all tables after a test with transactions of its own, and writes rights and types again.

    That took most of such a test. On a server of our own the tables that hold something are emptied; what the
    migrations themselves have written of types and rights stays.
    """
    if not IS_MIGRATED:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.test.TransactionTestCase._fixture_teardown", lambda _test: empty_tables())
        yield


def empty_tables() -> None:
    """Empty the tables that hold something, once nothing else writes to them."""
    from django.db import connection, transaction

    tables = connection.introspection.django_table_names(include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FILLED, [tables])
        filled = [connection.ops.quote_name(name) for (name,) in cursor.fetchall() if name not in OF_MIGRATIONS]
        if filled:
            cursor.execute(f"LOCK TABLE {', '.join(filled)} IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("SET LOCAL session_replication_role = replica")  # the record is sealed by triggers
            cursor.execute("; ".join(map("DELETE FROM {}".format, filled)))


FILLED = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY (%s)
    AND relkind = 'r' AND pg_relation_size(oid) > 0"""
OF_MIGRATIONS = {"django_content_type", "auth_permission"}
END_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest.fixture
def library(db):
    """The library loaded from the pack of this installation."""
    from keptrows import put_library

    put_library()


@pytest.fixture
def regions(db):
    """The regions of the pack as rows."""
    from keptrows import put_regions

    put_regions()
