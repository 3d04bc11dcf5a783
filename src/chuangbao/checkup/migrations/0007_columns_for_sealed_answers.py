"""Columns for what is sealed of check-ups; 0008 fills them, 0009 removes what stood in clear."""

from django.db import migrations

from chuangbao.core.storage.encryption import EncryptedTextField


class Migration(migrations.Migration):
    dependencies = [("portal", "0006_hash_tokens")]
    operations = [
        migrations.AddField("checkup", "sealed_who", EncryptedTextField(null=True)),
        migrations.AddField("checkup", "outcome", EncryptedTextField(
            null=True,
            help_text="version, status and amount of each measure, as JSON, to show next time what changed (上次结果)",
        )),
        migrations.AddField("checkupanswer", "sealed_value", EncryptedTextField(null=True)),
    ]
