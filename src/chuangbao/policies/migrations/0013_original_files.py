"""A document on the desk keeps the file that it was read from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0012_readings_of_whom"), ("policies", "0012_printed_marks")]
    operations = [
        migrations.AddField(
            "registereddocument",
            "original",
            models.ForeignKey(
                blank=True,
                help_text="the file that was brought; none where a text was pasted",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.storedfile",
                verbose_name="Original file",
            ),
        ),
    ]
