"""PostgreSQL refuses to empty the record as well: a trigger for each row is not asked by TRUNCATE."""

from django.db import migrations

FORWARDS = """
CREATE TRIGGER core_history_not_emptied BEFORE TRUNCATE ON core_history
    FOR EACH STATEMENT EXECUTE FUNCTION core_history_refuse();
CREATE TRIGGER core_seal_not_emptied BEFORE TRUNCATE ON core_seal
    FOR EACH STATEMENT EXECUTE FUNCTION core_history_refuse();
"""
BACKWARDS = """
DROP TRIGGER core_history_not_emptied ON core_history;
DROP TRIGGER core_seal_not_emptied ON core_seal;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0008_seal_of_version_two")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
