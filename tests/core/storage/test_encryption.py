"""What is sealed opens in its own row, and in no other."""

from __future__ import annotations

import uuid
from importlib import import_module

import pytest
from django.apps import apps
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

import factories
from chuangbao.core.messaging.outbox import queue_letters, send_pending
from chuangbao.core.models import Letter
from chuangbao.core.storage.encryption import EncryptedTextField, SealedBytes, SealedError, encrypt_bytes
from chuangbao.core.storage.reencryption import reseal
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact, Intake, IntakeRow, Source

pytestmark = pytest.mark.usefixtures("regions")
PLAIN = '{"codes": ["自主就业退役士兵"]}'


def fact_of(secret=PLAIN, name="person_group", **fields):
    subject = subject_of(factories.founder())
    day = timezone.localdate()
    return Fact.objects.create(subject=subject, name=name, as_of=day, source=Source.SELF, secret=secret, **fields)


def copied(table, column, source, target):
    """What whoever may write to the database does: the value of one row into another."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = (SELECT {column} FROM {table} WHERE id = %s) WHERE id = %s",  # noqa: S608 - our own words
            [source.pk, target.pk],
        )


def test_a_value_is_read_and_written_with_its_row(django_assert_num_queries):
    made = fact_of()
    assert Fact.objects.get(pk=made.pk).secret == PLAIN
    loaded = Fact.objects.get(pk=made.pk)
    assert "secret" not in loaded.__dict__
    with django_assert_num_queries(1):
        assert loaded.secret == loaded.secret == PLAIN
    loaded.save()
    loaded.refresh_from_db()
    assert loaded.secret == PLAIN
    assert isinstance(Fact.objects.values_list("secret", flat=True).get(), SealedBytes)
    assert fact_of(secret=None, absent=True).secret is None
    assert isinstance(Fact.secret.field, EncryptedTextField)
    assert Fact._meta.get_field("secret").value_to_string(loaded) == PLAIN


def test_a_text_without_its_row_is_refused():
    made = fact_of()
    with pytest.raises(TypeError, match="written with its row"), transaction.atomic():
        Fact.objects.filter(pk=made.pk).update(secret="x")
    assert Fact.objects.filter(pk=made.pk).update(secret=None, absent=True) == 1


def test_a_fact_copied_to_somebody_else_stays_shut():
    mine, theirs = fact_of(), fact_of(secret='{"codes": []}')
    copied("facts_fact", "secret", mine, theirs)
    with pytest.raises(SealedError):
        _ = Fact.objects.get(pk=theirs.pk).secret
    Fact.objects.filter(pk=mine.pk).update(subject=theirs.subject)
    with pytest.raises(SealedError):
        _ = Fact.objects.get(pk=mine.pk).secret


def test_a_line_of_a_file_copied_to_another_stays_shut():
    intake = Intake.objects.create(filename="a.csv", register="社保", digest="x")
    first, second = (IntakeRow.objects.create(intake=intake, line=n, value=str(n)) for n in (1, 2))
    copied("facts_intakerow", "value", first, second)
    assert IntakeRow.objects.get(line=1).value == "1"
    with pytest.raises(SealedError):
        _ = IntakeRow.objects.get(line=2).value


def test_a_letter_cannot_be_sent_to_somebody_else(settings):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    queue_letters([EmailMessage("题", "给他的链接", None, ["victim@example.org"])])
    queue_letters([EmailMessage("题", "文", None, ["thief@example.org"])])
    victim, thief = Letter.objects.all()
    copied("core_letter", "recipient", thief, victim)
    with pytest.raises(SealedError):
        send_pending()


def put_as_before(row, column, text):
    """A value as it was sealed before it was bound to its row."""
    label = f"{row._meta.label_lower}.{column}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s",  # noqa: S608 - our own words
            [encrypt_bytes(text.encode(), context=label), row.pk],
        )


def test_what_was_sealed_before_is_bound_by_the_migrations_and_goes_back():
    facts = import_module("chuangbao.facts.migrations.0004_bind_sealed_values")
    letters = import_module("chuangbao.core.migrations.0011_bind_letters_to_their_rows")
    made, lost = fact_of(), fact_of()
    put_as_before(made, "secret", PLAIN)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE facts_fact SET secret = 'aes:k9:lost' WHERE id = %s", [lost.pk])
    queue_letters([EmailMessage("题", "文", None, ["a@example.org", "b@example.org"])])
    same = uuid.uuid4()
    Letter.objects.update(key=same)
    for letter in Letter.objects.all():
        for column in ("recipient", "subject", "body"):
            put_as_before(letter, column, column)
    with connection.schema_editor() as editor:
        facts.bind(apps, editor)
        letters.give_keys(apps, editor)
        letters.bind(apps, editor)
    assert Fact.objects.get(pk=made.pk).secret == PLAIN
    with pytest.raises(SealedError):
        _ = Fact.objects.get(pk=lost.pk).secret
    assert [(x.recipient, x.subject, x.body, x.html) for x in Letter.objects.all()] == [
        ("recipient", "subject", "body", None)
    ] * 2
    assert len({letter.key for letter in Letter.objects.all()} | {same}) == 3
    with connection.schema_editor() as editor:
        facts.bind(apps, editor, back=True)
        letters.unbind(apps, editor)
    with pytest.raises(SealedError):
        _ = Fact.objects.get(pk=made.pk).secret
    assert reseal(connection, "facts_fact", "secret", place="facts.fact.secret", bound_to=("subject_id", "name")) == 1
