"""Remove what stood in clear of check-ups, from the files of the tables as well."""

from django.db import migrations

from chuangbao.core.storage.reencryption import rewrite_table
from chuangbao.core.storage.encryption import EncryptedTextField


def rewrite(_apps, editor):
    for table in ("portal_checkup", "portal_checkupanswer"):
        rewrite_table(editor.connection, table)


def require(model, name):
    """A value in each row; in SQL, since a sealed value has no default of the column to fill rows with."""
    alter = f"ALTER TABLE portal_{model} ALTER COLUMN {name}"
    return migrations.RunSQL(
        f"{alter} SET NOT NULL", f"{alter} DROP NOT NULL",
        state_operations=[migrations.AlterField(model, name, EncryptedTextField(blank=True, default=""))],
    )


class Migration(migrations.Migration):
    dependencies = [("portal", "0008_seal_answers")]
    operations = [
        migrations.DeleteModel("CheckUpVerdict"),
        migrations.RemoveField("checkup", "who"),
        migrations.RenameField("checkup", "sealed_who", "who"),
        require("checkup", "who"),
        migrations.RemoveField("checkupanswer", "value"),
        migrations.RenameField("checkupanswer", "sealed_value", "value"),
        require("checkupanswer", "value"),
        migrations.RunPython(rewrite, migrations.RunPython.noop),
    ]
