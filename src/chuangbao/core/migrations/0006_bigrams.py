from django.db import migrations

MADE = """
CREATE FUNCTION core_bigrams(name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT pg_catalog.substr(pg_catalog.upper(name), n, 2))
    FROM pg_catalog.generate_series(1, greatest(pg_catalog.length(name) - 1, 1)) n
$$
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0005_letters_refused")]

    operations = [migrations.RunSQL(MADE, "DROP FUNCTION core_bigrams(text)")]
