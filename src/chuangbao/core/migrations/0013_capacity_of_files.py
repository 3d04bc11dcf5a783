"""Keep the capacity in which a file was brought; of files from before it is read from the record."""

from django.db import migrations, models

READ = """
    UPDATE core_storedfile f SET holder = h.acting
    FROM core_history h
    WHERE h.verb = 'file.keep' AND h.kind = 'core.storedfile' AND h.object_id = f.id AND h.person_id = f.uploaded_by_id
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0012_readings_of_whom")]
    operations = [
        migrations.AddField("storedfile", "holder", models.CharField(
            blank=True, max_length=40, help_text="the capacity it was brought in, as ``member:12``",
        )),
        migrations.RunSQL(READ, migrations.RunSQL.noop),
    ]
