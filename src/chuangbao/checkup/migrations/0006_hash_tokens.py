"""Keep the hash of an address instead of the address; links in use go on working."""

from django.db import migrations, models

from chuangbao.core.access.tokens import hash_tokens_of


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_copies_go_with_their_checkup")]
    operations = [
        migrations.RenameField("checkup", "token", "token_hash"),
        migrations.AlterField(
            "checkup", "token_hash", models.CharField(editable=False, max_length=64, unique=True)
        ),
        migrations.RunPython(hash_tokens_of("portal_checkup")),
    ]
