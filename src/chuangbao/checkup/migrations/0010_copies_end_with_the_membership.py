"""Which membership a copy was shared in. A copy of an organisation from before cannot say it: it opens no more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_hash_tokens_bind_factors"),
        ("portal", "0009_answers_are_sealed"),
    ]
    operations = [
        migrations.AddField("checkup", "shared_by", models.ForeignKey(
            help_text="the membership in which a copy of an organisation was shared; the copy ends with it",
            null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.membership",
        )),
    ]
