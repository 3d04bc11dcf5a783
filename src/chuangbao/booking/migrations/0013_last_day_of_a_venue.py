"""The last day that is announced of a venue: what begins after it is not booked."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Most venues have none."""

    dependencies = [("booking", "0012_kinds_in_an_area")]

    operations = [
        migrations.AddField(
            model_name="venue",
            name="last_day",
            field=models.DateField(null=True, help_text="announced: no time after it is given, and it closes then"),
        ),
    ]
