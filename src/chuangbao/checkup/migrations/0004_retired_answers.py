"""Forget answers of check-ups to questions that are no longer asked, or asked in another sense.

A check-up without a name lives for thirty days, and one of somebody signed in takes its answers from the facts, so
nothing is lost that is not asked again.
"""

from django.db import migrations

RETIRED = (
    "equity_gain", "graduated", "hires", "iit_business_tax", "is_ic_or_machine", "jobs", "province_factor", "trained",
)  # fmt: skip
ASKED_ANEW = ("benefit_months_used", "rd_expense", "tax_due")
FORGET = "DELETE FROM portal_checkupanswer WHERE fact = ANY (%s)"


class Migration(migrations.Migration):
    """Rows are removed, no column."""

    dependencies = [("portal", "0003_shared_copies")]
    operations = [migrations.RunSQL([(FORGET, [[*RETIRED, *ASKED_ANEW]])], migrations.RunSQL.noop)]
