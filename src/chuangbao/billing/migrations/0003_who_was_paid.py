"""Payments name who took the money, and deposits who kept them: a space that changes hands leaves both behind.

What is on record is filled in from the statement that a payment was for, else from who ran the space on the day it was
recorded; the guards that keep these tables unchanged are lifted for that alone.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TABLES = ("billing_payment", "billing_depositentry")
UNGUARD = "".join(f"ALTER TABLE {table} DISABLE TRIGGER {table}_unchanged;\n" for table in TABLES)
GUARD = "SET CONSTRAINTS ALL IMMEDIATE;\n" + "".join(
    f"ALTER TABLE {table} ENABLE TRIGGER {table}_unchanged;\n" for table in TABLES
)
OPERATOR_THEN = """
    (SELECT o.organisation_id FROM spaces_operatorship o
     WHERE o.space_id = t.space_id AND o.since <= {day} AND (o.until IS NULL OR o.until > {day})
     ORDER BY o.since DESC LIMIT 1)"""
FILL = f"""
UPDATE billing_payment p SET payee_id = COALESCE(
    (SELECT s.issuer_id FROM billing_paymentshare h JOIN billing_statement s ON s.id = h.statement_id
     WHERE h.payment_id = COALESCE(p.reverses_id, p.id) ORDER BY h.id LIMIT 1),
    {OPERATOR_THEN.format(day="p.recorded_at::date")},
    c.operator_id)
FROM tenants_tenancy t JOIN spaces_space c ON c.id = t.space_id WHERE t.id = p.tenancy_id;
UPDATE billing_depositentry d SET keeper_id = COALESCE(
    {OPERATOR_THEN.format(day="d.recorded_at::date")},
    c.operator_id)
FROM billing_contract k JOIN tenants_tenancy t ON t.id = k.tenancy_id JOIN spaces_space c ON c.id = t.space_id
WHERE k.id = d.contract_id;
"""
ORGANISATION: dict[str, Any] = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": "accounts.organisation"}


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_money_is_never_changed"), ("spaces", "0002_site_has_a_venue")]
    operations = [
        migrations.AddField("payment", "payee", models.ForeignKey(null=True, verbose_name="Paid to", **ORGANISATION)),
        migrations.AddField("depositentry", "keeper", models.ForeignKey(null=True, **ORGANISATION)),
        migrations.RunSQL(f"SET CONSTRAINTS ALL IMMEDIATE;\n{UNGUARD}{FILL}{GUARD}", migrations.RunSQL.noop),
        migrations.AlterField("payment", "payee", models.ForeignKey(verbose_name="Paid to", **ORGANISATION)),
        migrations.AlterField("depositentry", "keeper", models.ForeignKey(**ORGANISATION)),
    ]
