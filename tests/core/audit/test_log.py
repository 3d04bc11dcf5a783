"""The record: sealed at commit, refused to be changed, and every change found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.audit.log import record
from chuangbao.core.audit.verify import verify
from chuangbao.core.models import History, Seal
from chuangbao.ops.roles import APPLICATION, grant_application

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rows():
    """Five rows of history, each in a transaction of its own."""
    return [record(SYSTEM, f"verb-{n}", kind="test.row", data={"n": n, "text": "换\\行\t\n"}) for n in range(5)]


def tampered(statement, *arguments):
    """Change the record behind PostgreSQL's guards, as only somebody with its owner's rights could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, arguments)


def test_every_row_is_sealed_as_its_transaction_commits(rows):
    assert list(Seal.objects.values_list("seq", "history_id")) == [(n + 1, row.pk) for n, row in enumerate(rows)]
    found = verify()
    assert found.whole
    assert (found.rows, found.head[0]) == (5, 5)


def test_a_transaction_that_fails_leaves_nothing(rows):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(SYSTEM, "lost", kind="test.row")
        raise RuntimeError
    assert verify().rows == 5
    assert not History.objects.filter(verb="lost").exists()


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE core_history SET verb = 'other' WHERE id = %s", "changed"),
        ("UPDATE core_history SET data = '{\"n\": 9}' WHERE id = %s", "changed"),
        ("DELETE FROM core_history WHERE id = %s", "deleted"),
        ("DELETE FROM core_seal WHERE history_id = %s", "missing_seal"),
    ],
)
def test_a_changed_or_missing_row_is_found(rows, statement, what):
    tampered(statement, rows[2].pk)
    assert what in {fault.what for fault in verify().broken}


def test_an_inserted_row_is_found(rows):
    tampered(
        "INSERT INTO core_history (at, acting, verb, kind, region, before, after, reason, data)"
        " VALUES (now(), 'system', 'forged', 'test.row', '', '', '', '', '{}')"
    )
    assert [fault.what for fault in verify().broken] == ["inserted"]


def test_rows_in_another_order_are_found(rows):
    tampered("UPDATE core_seal SET history_id = -1 WHERE seq = 2")
    tampered("UPDATE core_seal SET history_id = %s WHERE seq = 3", rows[1].pk)
    tampered("UPDATE core_seal SET history_id = %s WHERE seq = 2", rows[2].pk)
    assert [(fault.seq, fault.what) for fault in verify().broken] == [(2, "changed"), (3, "changed")]


def test_a_record_cut_off_at_its_end_is_found_by_an_anchor(rows):
    anchor = verify().head
    tampered("DELETE FROM core_seal WHERE seq = 5")
    tampered("DELETE FROM core_history WHERE id = %s", rows[4].pk)
    assert verify().whole
    assert [fault.what for fault in verify(anchor=anchor).broken] == ["anchor_differs"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_history SET verb = 'other'",
        "DELETE FROM core_history",
        "TRUNCATE core_history CASCADE",
        "INSERT INTO core_seal (seq, history_id, digest) VALUES (99, 1, '')",
        "UPDATE core_seal SET digest = ''",
        "DELETE FROM core_seal",
        "ALTER TABLE core_history DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TABLE core_seal",
    ],
)
def test_postgresql_refuses_the_application_to_rewrite_the_record(rows, statement):
    grant_application()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        cursor.execute(statement)
    assert verify().whole


def test_the_application_adds_history_and_it_is_sealed(rows):
    grant_application()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
        record(SYSTEM, "added", kind="test.row")
    found = verify()
    assert (found.whole, found.rows) == (True, 6)


def test_the_owner_is_refused_as_well_without_taking_the_guards_away(rows):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_history")


@pytest.mark.parametrize("table", ["core_history", "core_seal", "core_history, core_seal"])
@pytest.mark.parametrize("way", ["", " CASCADE", " RESTART IDENTITY CASCADE"])
def test_nobody_empties_the_record_without_taking_the_guards_away(rows, table, way):
    with (
        pytest.raises(DatabaseError, match=r"append-only|referenced"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        for each in ("core_history", "core_seal"):  # conftest.py has taken them away for the tests' own cleaning
            cursor.execute(f"ALTER TABLE {each} ENABLE TRIGGER {each}_not_emptied")
        cursor.execute(f"TRUNCATE {table}{way}")
    assert verify().rows == 5


def digest_of(row):
    """The seal of a row alone, as the first of its chain."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM core_seal")
        cursor.execute("DELETE FROM core_history")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        History.objects.create(pk=7, at=AT, acting="system", verb="v", kind="k", **row)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    (seal,) = Seal.objects.all()
    assert verify().whole
    return bytes(seal.digest), seal.version


SPLIT = [
    ({"before": "a\x1fb", "after": "c"}, {"before": "a", "after": "b\x1fc"}),
    ({"before": "a", "after": "", "reason": "b"}, {"before": "a\x1f", "after": "b", "reason": ""}),
    ({"before": "1:a", "after": ""}, {"before": "", "after": "1:a"}),
    ({"region": "", "before": "ab"}, {"region": "ab", "before": ""}),
]


@pytest.mark.parametrize(("one", "other"), SPLIT)
def test_nothing_moves_between_fields_under_one_seal(one, other):
    (first, version), (second, _version) = digest_of(one), digest_of(other)
    assert version == 2
    assert first != second


def sealed_before(rows):
    """Seal again what there is as the first form did, the chain from the beginning."""
    from hashlib import sha256

    from chuangbao.core.audit.verify import FIRST

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        before = b""
        for row in rows:
            cursor.execute(f"SELECT convert_to({FIRST}, 'UTF8') FROM core_history h WHERE h.id = %s", [row.pk])  # noqa: S608 - our own words
            before = sha256(before + bytes(cursor.fetchone()[0])).digest()
            cursor.execute("UPDATE core_seal SET version = 1, digest = %s WHERE history_id = %s", [before, row.pk])


def test_what_was_sealed_in_the_first_form_stays_whole_and_the_chain_goes_on(rows):
    sealed_before(rows)
    assert verify().whole
    record(SYSTEM, "later", kind="test.row")
    assert list(Seal.objects.values_list("version", flat=True)) == [1] * 5 + [2]
    assert (verify().whole, verify().rows) == (True, 6)
    tampered("UPDATE core_history SET verb = 'other' WHERE id = %s", rows[1].pk)
    assert [fault.what for fault in verify().broken] == ["changed"]


def test_the_record_of_a_database_that_waits_for_its_upgrade_is_verified_as_well(rows):
    sealed_before(rows)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_seal DROP COLUMN version")
        assert (verify().whole, verify().rows) == (True, 5)
        transaction.set_rollback(True)
    assert verify().whole


def test_a_seal_does_not_go_back_to_the_first_form(rows):
    tampered("UPDATE core_seal SET version = 1 WHERE seq = 3")
    assert [(fault.seq, fault.what) for fault in verify().broken] == [(3, "changed")]


def test_rows_say_what_they_are(rows):
    assert str(rows[0]).endswith("system verb-0 test.row:None")
    assert str(Seal.objects.get(seq=1)).startswith("1: ")


def test_a_long_list_of_faults_is_cut(rows, monkeypatch):
    monkeypatch.setattr("chuangbao.core.audit.verify.MOST", 2)
    tampered("UPDATE core_history SET verb = 'other'")
    assert len(verify().broken) == 2


def test_a_whole_record_agrees_with_its_anchor(rows):
    anchor = verify().head
    record(SYSTEM, "later", kind="test.row")
    assert verify(anchor=anchor).whole
