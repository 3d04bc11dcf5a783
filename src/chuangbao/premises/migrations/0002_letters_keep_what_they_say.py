"""A letter keeps the address and the operator that it was issued with; look-ups are kept without persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import django.db.models.deletion
from django.db import migrations, models

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.state import StateApps


def keep_what_they_say(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write into each letter what its premise and its space say today."""
    letters = apps.get_model("premises", "ConsentLetter")._base_manager
    for letter in letters.select_related("premise__site", "space").iterator():
        address = f"{letter.premise.site.address} {letter.premise.room}"
        letters.filter(pk=letter.pk).update(address=address, issuer=letter.space.operator_id)


class Migration(migrations.Migration):
    """Two columns more, one less."""

    dependencies = [("accounts", "0011_directory_of_offices"), ("premises", "0001_premises_and_letters")]

    operations = [
        migrations.AddField(
            "consentletter", "address", models.CharField(default="", max_length=300, verbose_name="Address of the premise")
        ),
        migrations.AddField(
            "consentletter",
            "issuer",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.RunPython(keep_what_they_say, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "consentletter", "address", models.CharField(max_length=300, verbose_name="Address of the premise")
        ),
        migrations.AlterField(
            "consentletter",
            "issuer",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.RemoveField("letterlookup", "person"),
    ]
