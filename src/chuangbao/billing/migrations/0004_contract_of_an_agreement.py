"""A contract names the agreement that it follows from; contracts of before are joined to the one confirmed by both."""

import django.db.models.deletion
from django.db import migrations, models

JOIN = """
UPDATE billing_contract c SET agreement_id = (
    SELECT a.id FROM tenants_agreement a WHERE a.tenancy_id = c.tenancy_id AND a.stage = 'signed'
    ORDER BY a.signed_at DESC, a.id DESC LIMIT 1);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_who_was_paid"), ("tenants", "0003_agreements_to_cards")]
    operations = [
        migrations.AddField(
            "contract",
            "agreement",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contracts",
                to="tenants.agreement",
                verbose_name="Agreement of tenancy",
            ),
        ),
        migrations.RunSQL(JOIN, migrations.RunSQL.noop),
    ]
