"""Make the audit log append-only.

Why: an entry that can be edited proves nothing.
What: a trigger function that refuses, and triggers on UPDATE and DELETE of core_auditentry.
Reverse: drops trigger and function; no data is touched either way.
Size: instant at any table size; takes a short lock.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION thidua_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER auditentry_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION thidua_refuse_change();
"""
BACKWARD = """
DROP TRIGGER auditentry_append_only ON core_auditentry;
DROP FUNCTION thidua_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
