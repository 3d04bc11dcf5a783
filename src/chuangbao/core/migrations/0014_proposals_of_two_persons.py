"""Keep what one person proposes and another decides; PostgreSQL refuses a person who confirms their own."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PEOPLE: dict[str, Any] = {
    "on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": settings.AUTH_USER_MODEL,
}
STAGES = [("open", "Waits for a second person"), ("confirmed", "Confirmed"), ("declined", "Turned down"),
          ("withdrawn", "Taken back")]


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_capacity_of_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel("Proposal", [
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("verb", models.CharField(max_length=60)),
            ("kind", models.CharField(help_text="app_label.model of the row it is about", max_length=60)),
            ("object_id", models.BigIntegerField()),
            ("region", models.CharField(blank=True, max_length=12)),
            ("data", models.JSONField(blank=True, default=dict)),
            ("reason", models.TextField()),
            ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("stage", models.CharField(choices=STAGES, default="open", max_length=10)),
            ("decided_at", models.DateTimeField(null=True)),
            ("decider", models.ForeignKey(null=True, **PEOPLE)),
            ("proposer", models.ForeignKey(**PEOPLE)),
        ], options={"ordering": ["pk"], "constraints": [
            models.UniqueConstraint(
                fields=["kind", "object_id", "verb"], condition=models.Q(stage="open"), name="proposed_once_at_a_time",
            ),
            models.CheckConstraint(
                name="confirmed_by_a_second_person",
                condition=~models.Q(stage__in=["confirmed", "declined"])
                | models.Q(decider__isnull=False) & ~models.Q(decider=models.F("proposer")),
            ),
        ]}),
    ]
