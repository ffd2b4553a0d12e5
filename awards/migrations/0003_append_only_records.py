"""Make receipts, given numbers and the register append-only.

Why: what was sent, numbered or entered is a fact; a correction is a new row.
What: triggers on UPDATE and DELETE of the three tables, with the function of core 0003.
Reverse: drops the triggers; no data is touched either way.
Size: instant at any table size; takes short locks.
"""

from django.db import migrations

TABLES = ("awards_submission", "awards_issuednumber", "awards_registerentry")
FORWARD = "\n".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION thidua_refuse_change();"
    for table in TABLES
)
BACKWARD = "\n".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("awards", "0002_initial"), ("core", "0003_append_only_log")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
