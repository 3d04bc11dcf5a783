"""What the cache held were pickled objects; counts and locks begin again (``core.http.cache`` reads JSON alone)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0006_bigrams")]
    operations = [migrations.RunSQL("DELETE FROM core_cache", migrations.RunSQL.noop)]
