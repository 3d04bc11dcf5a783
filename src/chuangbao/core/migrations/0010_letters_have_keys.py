"""A key for each letter, to which what is sealed in it is bound (0011 seals what waits anew)."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0009_history_is_never_emptied")]
    operations = [migrations.AddField("letter", "key", models.UUIDField(default=uuid.uuid4, editable=False))]
