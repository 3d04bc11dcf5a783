"""Rows and tables changed by one migration."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from chuangbao.ops.schema_state import settle_before_changes

PARENT = "CREATE TABLE cb_parent (id int PRIMARY KEY)"
CHILD = "CREATE TABLE cb_child (id int, parent_id int REFERENCES cb_parent (id) DEFERRABLE INITIALLY DEFERRED)"
ROWS = "INSERT INTO cb_parent VALUES (1); INSERT INTO cb_child VALUES (1, 1)"
CHANGES = [
    "CREATE INDEX cb_index ON cb_child (id)",
    "alter table cb_child ADD COLUMN more int NOT NULL DEFAULT 1",
    "\nDROP TABLE cb_child",
    "TRUNCATE cb_child",
]


def migrate(change):
    """Write rows and change their table in one transaction, as a migration does."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (PARENT, CHILD, ROWS, change):
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def nothing_stays(transactional_db):
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS cb_child; DROP TABLE IF EXISTS cb_parent")


@pytest.mark.parametrize("change", CHANGES)
def test_rows_may_be_written_before_their_table_is_changed(change):
    with pytest.raises(OperationalError, match="pending trigger events"):  # the control: without the guard
        migrate(change)
    with settle_before_changes():
        migrate(change)


def test_rows_that_break_a_constraint_are_refused_all_the_same():
    with settle_before_changes(), pytest.raises(IntegrityError, match="violates foreign key"), transaction.atomic():
        for statement in (PARENT, CHILD, "INSERT INTO cb_child VALUES (1, 2)", CHANGES[0]):
            connection.cursor().execute(statement)
