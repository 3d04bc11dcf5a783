"""PostgreSQL keeps the record: nobody changes or deletes a row, and each row is sealed as its transaction commits.

The seal is written by a trigger that is deferred to the commit: only then is the lock of the chain taken, so that
long transactions do not wait for each other and no deadlock can come of it. The trigger runs with its owner's
rights; the application's own role may add history and read seals, and nothing else (``ops.roles``).
"""

from django.db import migrations

# The fields in the order and form in which they are sealed; core.audit.verify composes the same text when it verifies.
SEALED = """concat_ws(E'\\x1f', h.id, to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    coalesce(h.person_id::text, ''), h.acting, h.verb, h.kind, coalesce(h.object_id::text, ''), h.region,
    h.before, h.after, h.reason, h.data::text)"""

FORWARDS = f"""
CREATE FUNCTION core_history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER core_history_kept BEFORE UPDATE OR DELETE ON core_history
    FOR EACH ROW EXECUTE FUNCTION core_history_refuse();
CREATE TRIGGER core_seal_kept BEFORE UPDATE OR DELETE ON core_seal
    FOR EACH ROW EXECUTE FUNCTION core_history_refuse();

CREATE FUNCTION core_history_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last_seq bigint;
    last_digest bytea;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('chuangbao.history'));
    SELECT seq, digest INTO last_seq, last_digest FROM core_seal ORDER BY seq DESC LIMIT 1;
    INSERT INTO core_seal (seq, history_id, digest)
    SELECT coalesce(last_seq, 0) + 1, h.id,
           sha256(coalesce(last_digest, '\\x'::bytea) || convert_to({SEALED}, 'UTF8'))
    FROM core_history h WHERE h.id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER core_history_sealed AFTER INSERT ON core_history
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION core_history_seal();
"""
BACKWARDS = """
DROP TRIGGER core_history_sealed ON core_history;
DROP TRIGGER core_history_kept ON core_history;
DROP TRIGGER core_seal_kept ON core_seal;
DROP FUNCTION core_history_seal();
DROP FUNCTION core_history_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
