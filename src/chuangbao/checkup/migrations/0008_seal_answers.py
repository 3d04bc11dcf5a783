"""Seal who one is, what was answered and what came out; data alone, the columns were made before."""

import json
from decimal import Decimal

from django.db import migrations

from chuangbao.core.storage.reencryption import Column, open_column, seal_column
from chuangbao.core.storage.encryption import SealedError, decrypt_bytes, pad, encrypt_bytes, unpad

ANSWERS = Column("portal_checkupanswer", "sealed_value", "portal.checkupanswer.value", ("checkup_id", "fact"), 128)
WHO = Column("portal_checkup", "sealed_who", "portal.checkup.who", ("token_hash",), 64)
OUTCOMES = Column("portal_checkup", "outcome", "portal.checkup.outcome", ("token_hash",), 4096)
VERDICTS = """
    SELECT c.id, c.token_hash, json_agg(json_build_array(v.measure, v.version, v.status, v.amount::text) ORDER BY v.id)
    FROM portal_checkup c JOIN portal_checkupverdict v ON v.checkup_id = c.id GROUP BY c.id
"""
INSERT = """
    INSERT INTO portal_checkupverdict (checkup_id, measure, version, status, amount) VALUES (%s, %s, %s, %s, %s)
"""


def seal(_apps, editor):
    seal_column(editor.connection, ANSWERS, plain="value")
    seal_column(editor.connection, WHO, plain="who")
    with editor.connection.cursor() as cursor:
        cursor.execute(VERDICTS)
        for checkup, token, rows in cursor.fetchall():
            found = rows if isinstance(rows, list) else json.loads(rows)
            text = json.dumps({measure: rest for measure, *rest in found}, ensure_ascii=False)
            value = encrypt_bytes(pad(text, OUTCOMES.block), context=OUTCOMES.context_of([token]))
            cursor.execute("UPDATE portal_checkup SET outcome = %s WHERE id = %s", [value, checkup])


def unseal(_apps, editor):
    open_column(editor.connection, ANSWERS, plain="value")
    open_column(editor.connection, WHO, plain="who")
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT id, token_hash, outcome FROM portal_checkup WHERE outcome IS NOT NULL")
        for checkup, token, value in cursor.fetchall():
            try:
                text = unpad(decrypt_bytes(value, context=OUTCOMES.context_of([token])).decode())
            except SealedError:  # lost before; it is worked out again at the next look
                continue
            for measure, (version, status, amount) in json.loads(text).items():
                sum_ = None if amount is None else Decimal(amount)
                cursor.execute(INSERT, [checkup, measure, version, status, sum_])


class Migration(migrations.Migration):
    dependencies = [("portal", "0007_columns_for_sealed_answers")]
    operations = [migrations.RunPython(seal, unseal)]
