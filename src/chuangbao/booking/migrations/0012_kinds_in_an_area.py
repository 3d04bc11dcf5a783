"""An index for what is searched in one place and of one kind: of a county all resources were read."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """The smallest of a kind in an area come first."""

    dependencies = [("booking", "0011_ledger_is_never_changed")]

    operations = [
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                condition=models.Q(("retired_at", None)),
                fields=["area", "kind", "capacity", "id"],
                name="resource_kind_in_area",
            ),
        ),
    ]
