"""Make extensions, waivers, choices of forms and announcements append-only.

Why: who allowed what, and what was told to everybody, are facts; a correction is a new row.
What: triggers on UPDATE and DELETE of the four tables, with the function of core 0003.
Reverse: drops the triggers; no data is touched either way.
Size: instant at any table size; takes short locks.
"""

from django.db import migrations

TABLES = (
    "campaigns_windowextension",
    "campaigns_quotawaiver",
    "campaigns_formchoice",
    "campaigns_announcement",
)
FORWARD = "\n".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION thidua_refuse_change();"
    for table in TABLES
)
BACKWARD = "\n".join(f"DROP TRIGGER {table}_append_only ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0008_plan_draft_key"), ("core", "0003_append_only_log")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
