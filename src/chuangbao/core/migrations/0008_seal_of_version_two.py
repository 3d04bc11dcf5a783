"""A second form of the seal, beside the first: each field with its length, so that nothing moves between fields.

In the first form the fields stand one after the other with a separator that a field may hold as well; two rows that
differ only in where it stands had one seal. Rows keep the form in which they were sealed (``version``); new rows get
the second, and the chain goes on from one to the other.
"""

from django.db import migrations, models

FIELDS = (
    "h.id::text", "to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')", "coalesce(h.person_id::text, '')",
    "h.acting", "h.verb", "h.kind", "coalesce(h.object_id::text, '')", "h.region", "h.before", "h.after", "h.reason",
    "h.data::text",
)
FIRST = f"concat_ws(E'\\x1f', {', '.join(FIELDS)})"
SECOND = "concat('v2:', " + ", ".join(f"octet_length({field}), ':', {field}" for field in FIELDS) + ")"
SEAL = """
CREATE OR REPLACE FUNCTION core_history_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    last_seq bigint;
    last_digest bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('chuangbao.history'));
    SELECT seq, digest INTO last_seq, last_digest FROM core_seal ORDER BY seq DESC LIMIT 1;
    INSERT INTO core_seal (seq, history_id, digest{columns})
    SELECT coalesce(last_seq, 0) + 1, h.id,
           sha256(coalesce(last_digest, '\\x'::bytea) || convert_to({content}, 'UTF8')){values}
    FROM core_history h WHERE h.id = NEW.id;
    RETURN NULL;
END $$;
"""


def seal(content, columns="", values=""):
    return SEAL.replace("{content}", content).replace("{columns}", columns).replace("{values}", values)


class Migration(migrations.Migration):
    dependencies = [("core", "0007_the_cache_holds_json")]
    operations = [
        migrations.AddField("seal", "version", models.PositiveSmallIntegerField(db_default=1)),
        migrations.RunSQL(seal(SECOND, ", version", ", 2"), seal(FIRST)),
    ]
