"""The table of the cache, in which the limits of sign-in and sign-up are counted (django.core.cache, DatabaseCache)."""

from django.db import migrations

FORWARDS = """
CREATE TABLE core_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_history_is_append_only")]
    operations = [migrations.RunSQL(FORWARDS, "DROP TABLE core_cache")]
