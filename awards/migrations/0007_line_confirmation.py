"""Keep how a recipient is printed, as the unit confirmed it before the decision's number.

Why: what a certificate says is settled by those who know the person, not by the day's records.
What: five columns with a constraint; a trigger on UPDATE, with the function of core 0003, once the
nomination stands in a decision. What was decided before keeps its lines in the decision alone.
Reverse: drops trigger, constraint and columns: what was confirmed but not decided is lost.
Size: no rewrite; one scan of the nominations for the constraint; short locks.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER awards_nomination_line_fixed BEFORE UPDATE ON awards_nomination
    FOR EACH ROW WHEN (
        OLD.state IN ('decided', 'awarded')
        AND (NEW.printed_name, NEW.printed_title, NEW.line_confirmed_at, NEW.line_confirmed_by_id)
            IS DISTINCT FROM
            (OLD.printed_name, OLD.printed_title, OLD.line_confirmed_at, OLD.line_confirmed_by_id)
    ) EXECUTE FUNCTION thidua_refuse_change();
"""
BACKWARD = "DROP TRIGGER awards_nomination_line_fixed ON awards_nomination;"


class Migration(migrations.Migration):

    dependencies = [
        ('awards', '0006_three_dates_are_fixed'),
        ('core', '0003_append_only_log'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='nomination',
            name='line_confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='xác nhận dòng in lúc'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='line_confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người xác nhận dòng in'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='line_confirmed_note',
            field=models.CharField(blank=True, max_length=500, verbose_name='lý do xác nhận thay'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='printed_name',
            field=models.CharField(blank=True, max_length=200, verbose_name='tên in trên Giấy khen'),
        ),
        migrations.AddField(
            model_name='nomination',
            name='printed_title',
            field=models.CharField(blank=True, max_length=250, verbose_name='chức vụ, đơn vị in trên Giấy khen'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('line_confirmed_at__isnull', True), ('line_confirmed_by__isnull', True), ('line_confirmed_note', ''), ('printed_name', ''), ('printed_title', '')), models.Q(('line_confirmed_at__isnull', False), ('line_confirmed_by__isnull', False), models.Q(('printed_name', ''), _negated=True)), _connector='OR'), name='nomination_line_confirmed_whole', violation_error_message='Dòng in đã xác nhận phải có tên, người và thời điểm xác nhận.'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
