"""Keep when each SMS is tried next, so that one which the gateway cannot take holds up no other."""

from django.db import migrations, models

WHEN = "it is not tried before; empty until the gateway did not take it"


class Migration(migrations.Migration):
    dependencies = [("core", "0015_mobiles_and_sms")]
    operations = [
        migrations.AddField("ShortMessage", "next_try_at", models.DateTimeField(null=True, help_text=WHEN)),
    ]
