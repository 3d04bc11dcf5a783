"""PostgreSQL keeps the ledger of materials: no movement is ever changed or deleted, but for whose name it carries."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION booking_keep_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of materials is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER booking_stockentry_kept BEFORE DELETE ON booking_stockentry
    FOR EACH ROW EXECUTE FUNCTION booking_keep_ledger();
CREATE TRIGGER booking_stockentry_unchanged BEFORE UPDATE ON booking_stockentry FOR EACH ROW
    WHEN (to_jsonb(OLD) - 'person_id' - 'recorded_by_id' IS DISTINCT FROM to_jsonb(NEW) - 'person_id' - 'recorded_by_id')
    EXECUTE FUNCTION booking_keep_ledger();
"""
BACKWARDS = """
DROP TRIGGER booking_stockentry_kept ON booking_stockentry;
DROP TRIGGER booking_stockentry_unchanged ON booking_stockentry;
DROP FUNCTION booking_keep_ledger();
"""


class Migration(migrations.Migration):
    dependencies = [("booking", "0010_materials")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
