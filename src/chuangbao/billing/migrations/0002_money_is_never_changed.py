"""PostgreSQL keeps the accounts: what was charged, paid or taken is never changed or deleted, it is reversed.

A person who erases the account may take their name off; no other column of these rows can be written again.
"""

from django.db import migrations

TABLES = {
    "billing_charge": "",
    "billing_chargepart": "",
    "billing_payment": " - 'recorded_by_id'",
    "billing_paymentshare": "",
    "billing_depositentry": " - 'recorded_by_id'",
}


def triggers():
    """Return the statements that guard each table."""
    yield """
CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'accounts are append-only: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;"""
    for table, free in TABLES.items():
        yield f"""
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION billing_refuse_change();
CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} FOR EACH ROW
    WHEN (to_jsonb(OLD){free} IS DISTINCT FROM to_jsonb(NEW){free}) EXECUTE FUNCTION billing_refuse_change();"""


FORWARDS = "\n".join(triggers())
BACKWARDS = (
    "\n".join(f"DROP TRIGGER {table}_kept ON {table}; DROP TRIGGER {table}_unchanged ON {table};" for table in TABLES)
    + "DROP FUNCTION billing_refuse_change();"
)


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
