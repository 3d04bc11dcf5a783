"""Nothing that is said in a check-up, and nothing that came out of it, can be read in the database or a backup of it."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import factories
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp, CheckUpAnswer
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_pack
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.storage.encryption import SealedError
from chuangbao.facts.domain.subjects import subject_of

pytestmark = pytest.mark.usefixtures("library", "regions")

INTERVIEW = current_pack().interview
GROUPS = next(q for q in INTERVIEW.questions if q.name == "groups")
SAID = ("portal_", "facts_", "core_", "django_session", "accounts_")
"""Where a visitor's words can come to lie; the library of measures names the groups by right."""
BEFORE_SEALING = ("portal", "0006_hash_tokens")


def raw_rows():
    """Every row of these tables as PostgreSQL holds it, as text; bytes in hexadecimal digits and as they are."""
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names(cursor) if t.startswith(SAID)]
        for table in tables:
            cursor.execute(f'SELECT t::text, row_to_json(t)::text FROM "{table}" t')  # noqa: S608 - names of our own tables
            for row in cursor.fetchall():
                yield from ((table, text) for text in row)


def tables_with(word):
    """The tables in which a word can be read, in clear or as the digits of its bytes."""
    digits = word.encode().hex()
    return sorted({table for table, text in raw_rows() if word in text or digits in text})


def begin(client, who="none"):
    address = client.post("/checkup/", {"who": who, "want": "none", "region": ""}).url
    return address, CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1]))


def say(client, address, groups):
    page = {"page": "person", "age": "below_46", "groups": groups, "registered": "idea"}
    assert client.post(f"{address}answer/", page).status_code == 302


@pytest.mark.parametrize("signed_in", [False, True], ids=["without a name", "signed in"])
@pytest.mark.parametrize("option", [o.id for o in GROUPS.options])
def test_no_group_is_read_in_a_row(client, option, signed_in):
    if signed_in:
        client = factories.sign_in(client, factories.founder())
    address, checkup = begin(client)
    say(client, address, [option])
    assert tables_with(option) == []
    rows = {row.fact: row.value for row in checkup.answers.all()}
    assert rows["life.groups"] == option
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", [a.id for a in current_pack().audiences])
def test_who_one_is_is_read_in_no_row(client, who):
    client = factories.sign_in(client, factories.founder())
    address, checkup = begin(client, who)
    client.post(f"{address}share/")
    assert checkup.who == who
    assert [text for table, text in raw_rows() if table == "portal_checkup" and who in text] == []


def test_what_came_out_is_sealed_with_the_names_of_the_measures(client):
    client = factories.sign_in(client, factories.founder())
    address, checkup = begin(client, "veteran")
    say(client, address, ["disabled"])
    checkup.refresh_from_db()
    kept = json.loads(checkup.outcome)
    assert {"not_eligible", "undetermined"} <= {status for _version, status, _amount in kept.values()}
    for measure, (version, _status, _amount) in kept.items():
        assert [t for t in tables_with(measure) + tables_with(version) if t.startswith("portal_")] == []


def test_the_length_of_what_is_sealed_tells_no_answer(client):
    for groups in (["none"], ["disabled"], ["released", "veteran"], ["unemployed_long", "low_income", "lifted"]):
        address, _checkup = begin(client)
        say(client, address, groups)
        client.post(f"{address}answer/", {"fact": "loan_overdue", "loan_overdue": "true" if groups[1:] else "false"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT octet_length(value) FROM portal_checkupanswer")
        lengths = {length for (length,) in cursor.fetchall()}
        cursor.execute("SELECT count(DISTINCT value), count(*) FROM portal_checkupanswer")
        distinct, every = cursor.fetchone()
    assert len(lengths) == 1
    assert distinct == every


def test_an_answer_opens_in_its_own_row_alone(client):
    (one, mine), (two, theirs) = begin(client), begin(client)
    say(client, one, ["released"])
    say(client, two, ["none"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_checkupanswer a SET value = b.value FROM portal_checkupanswer b"
            " WHERE a.checkup_id = %s AND b.checkup_id = %s AND a.fact = 'life.groups' AND b.fact = a.fact",
            [theirs.pk, mine.pk],
        )
        cursor.execute("UPDATE portal_checkup SET who = (SELECT who FROM portal_checkup WHERE id = %s) WHERE id = %s",
                       [mine.pk, theirs.pk])  # fmt: skip
    with pytest.raises(SealedError):
        _ = theirs.answers.get(fact="life.groups").value
    with pytest.raises(SealedError):
        _ = CheckUp.objects.get(pk=theirs.pk).who
    assert mine.answers.get(fact="life.groups").value == "released"


def test_a_new_key_seals_what_is_answered_next_and_the_old_one_still_opens(client, settings):
    first, second = (f"{name}:{urlsafe_b64encode(name.encode() * 16).decode()}" for name in ("y1", "y2"))
    settings.FIELD_KEYS = first
    address, checkup = begin(client, "veteran")
    say(client, address, ["disabled"])
    settings.FIELD_KEYS = f"{second},{first}"
    assert checkup.answers.get(fact="life.groups").value == "disabled"
    assert result_of(CheckUp.objects.get(pk=checkup.pk)).lived.audiences
    say(client, address, ["released"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(substr(value, 1, 7), 'UTF8') FROM portal_checkupanswer ORDER BY fact")
        kept = [prefix for (prefix,) in cursor.fetchall()]
    assert set(kept) == {"aes:y2:", "aes:y1:"} or set(kept) == {"aes:y2:"}
    settings.FIELD_KEYS = second
    assert checkup.answers.get(fact="life.groups").value == "released"


def test_the_person_takes_it_along_in_words_and_erases_it(client):
    actor = factories.founder()
    client = factories.sign_in(client, actor)
    address, checkup = begin(client, "veteran")
    say(client, address, ["disabled"])
    client.post(f"{address}share/")
    holding = HOLDINGS["checkups"]
    (row,) = holding.export(actor.person_id)
    assert (row["who"], row["said"]["life.groups"]) == ("veteran", "disabled")
    assert len(row["verdicts"]) == len(json.loads(CheckUp.objects.get(pk=checkup.pk).outcome))
    assert holding.erase(actor.person_id) > 0
    assert not CheckUp.objects.exists()
    assert not CheckUpAnswer.objects.exists()


def migrate(target):
    """Bring the tables of the portal to a state; rows written in this transaction are settled first."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    executor = MigrationExecutor(connection)
    executor.migrate([target])


BEFORE = """
    INSERT INTO portal_checkup (token_hash, subject_id, who, want, as_of, region, shared, needs_verified, created_at,
                                expires_at)
    VALUES (%s, %s, 'veteran', '', '2026-11-01', '220000', false, false, now(), now() + interval '9 days')
    RETURNING id
"""
ANSWER = "INSERT INTO portal_checkupanswer (checkup_id, fact, state, value) VALUES (%s, %s, %s, %s)"
VERDICT = """
    INSERT INTO portal_checkupverdict (checkup_id, measure, version, status, amount) VALUES (%s, %s, %s, %s, %s)
"""
ROWS = [("life.groups", "given", "disabled,released"), ("graduate_years", "given", "2.5"), ("hires", "unknown", "")]
CAME_OUT = [("2.1.1-x", "X-2015", "eligible", "12000.50"), ("2.1.2-y", "Y-2015", "undetermined", None)]


def test_what_stood_in_clear_is_sealed_by_the_migrations_and_comes_back():
    subject, digest = subject_of(factories.founder()).pk, hash_token("address of before")
    before = BEFORE_SEALING
    (after,) = MigrationExecutor(connection).loader.graph.leaf_nodes("portal")
    migrate(before)
    with connection.cursor() as cursor:
        cursor.execute(BEFORE, [digest, subject])
        (pk,) = cursor.fetchone()
        for row in ROWS:
            cursor.execute(ANSWER, [pk, *row])
        for row in CAME_OUT:
            cursor.execute(VERDICT, [pk, *row])
    assert tables_with("disabled,released") == ["portal_checkupanswer"]
    migrate(after)
    checkup = CheckUp.objects.get(pk=pk)
    assert checkup.who == "veteran"
    assert [(row.fact, row.state, row.value) for row in checkup.answers.all()] == ROWS
    assert json.loads(checkup.outcome) == {m: [v, status, amount] for m, v, status, amount in CAME_OUT}
    assert [tables_with(word) for word in ("disabled", "X-2015", "veteran")] == [[], [], []]
    migrate(before)
    with connection.cursor() as cursor:
        cursor.execute("SELECT who FROM portal_checkup")
        assert cursor.fetchall() == [("veteran",)]
        cursor.execute("SELECT fact, state, value FROM portal_checkupanswer ORDER BY id")
        assert cursor.fetchall() == ROWS
        cursor.execute("SELECT measure, version, status, amount::text FROM portal_checkupverdict ORDER BY id")
        assert cursor.fetchall() == CAME_OUT
    migrate(after)
    assert CheckUp.objects.get(pk=pk).who == "veteran"
