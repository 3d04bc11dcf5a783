"""Bind sealed values to their rows (``core.storage.encryption``): a value copied into another row stays shut; data alone."""

from django.db import migrations

from chuangbao.core.storage.reencryption import reseal

COLUMNS = (
    ("facts_fact", "secret", "facts.fact.secret", ("subject_id", "name")),
    ("facts_intakerow", "value", "facts.intakerow.value", ("intake_id", "line")),
)


def bind(_apps, editor, *, back=False):
    for table, column, place, bound_to in COLUMNS:
        reseal(editor.connection, table, column, place=place, bound_to=bound_to, back=back)


class Migration(migrations.Migration):
    dependencies = [("facts", "0003_retired_facts"), ("core", "0011_bind_letters_to_their_rows")]
    operations = [migrations.RunPython(bind, lambda apps, editor: bind(apps, editor, back=True))]
