"""Give each letter that waits a key of its own and seal it for its row; data alone, the schema was changed before."""

import uuid

from django.db import migrations

from chuangbao.core.storage.reencryption import reseal


def give_keys(_apps, editor):
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM core_letter")
        for (row,) in cursor.fetchall():
            cursor.execute("UPDATE core_letter SET key = %s WHERE id = %s", [uuid.uuid4(), row])


def bind(_apps, editor):
    for column in ("recipient", "subject", "body", "html"):
        reseal(editor.connection, "core_letter", column, place=f"core.letter.{column}", bound_to=("key",))


def unbind(_apps, editor):
    for column in ("recipient", "subject", "body", "html"):
        reseal(editor.connection, "core_letter", column, place=f"core.letter.{column}", bound_to=("key",), back=True)


class Migration(migrations.Migration):
    dependencies = [("core", "0010_letters_have_keys")]
    operations = [
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.RunPython(bind, unbind),
    ]
