"""The duties of a post are named by the contexts that have them; the column takes any of them."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Drop the list of choices; nothing changes in the database."""

    dependencies = [("accounts", "0009_hash_tokens_bind_factors")]

    operations = [
        migrations.AlterField(
            model_name="post",
            name="duties",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), size=None, verbose_name="Duties"
            ),
        ),
    ]
