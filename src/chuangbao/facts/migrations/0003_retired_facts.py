"""Withdraw what was stated about facts that the catalogue no longer asks for, or asks for in another sense.

The rows stay: they are the history of what somebody said. A fact whose question got another meaning is asked
again, so that an old answer is not read as an answer to the new question.
"""

from django.db import migrations

RETIRED = (
    "equity_gain", "graduated", "hires", "iit_business_tax", "is_ic_or_machine", "jobs", "province_factor", "trained",
)  # fmt: skip
ASKED_ANEW = ("benefit_months_used", "rd_expense", "tax_due")
WITHDRAW = """
UPDATE facts_fact SET stage = 'withdrawn' WHERE stage <> 'withdrawn' AND name = ANY (%s)
"""


class Migration(migrations.Migration):
    """Rows are changed, no column."""

    dependencies = [("facts", "0002_names_and_areas")]
    operations = [migrations.RunSQL([(WITHDRAW, [[*RETIRED, *ASKED_ANEW]])], migrations.RunSQL.noop)]
