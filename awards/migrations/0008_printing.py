"""The printing room: blanks with their stock, printers, runs.

Why: an office counts its pre-printed blanks, and says of each certificate how often it was printed.
What: five tables; triggers on UPDATE and DELETE of what is a fact, with the function of core 0003.
Of a run only the missing file may be filled in.
Reverse: drops triggers and tables; the counts are lost.
Size: new tables only; no locks on others but for their keys.
"""

import django.core.validators
import django.db.models.deletion
import thidua.core.clock
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER awards_blankentry_append_only BEFORE UPDATE OR DELETE ON awards_blankentry
    FOR EACH ROW EXECUTE FUNCTION thidua_refuse_change();
CREATE TRIGGER awards_printedline_append_only BEFORE UPDATE OR DELETE ON awards_printedline
    FOR EACH ROW EXECUTE FUNCTION thidua_refuse_change();
CREATE TRIGGER awards_printrun_undeleted BEFORE DELETE ON awards_printrun
    FOR EACH ROW EXECUTE FUNCTION thidua_refuse_change();
CREATE TRIGGER awards_printrun_fixed BEFORE UPDATE ON awards_printrun
    FOR EACH ROW WHEN (
        OLD.file_id IS NOT NULL
        OR to_jsonb(NEW.*) - 'file_id' IS DISTINCT FROM to_jsonb(OLD.*) - 'file_id'
    ) EXECUTE FUNCTION thidua_refuse_change();
"""
BACKWARD = """
DROP TRIGGER awards_printrun_fixed ON awards_printrun;
DROP TRIGGER awards_printrun_undeleted ON awards_printrun;
DROP TRIGGER awards_printedline_append_only ON awards_printedline;
DROP TRIGGER awards_blankentry_append_only ON awards_blankentry;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('awards', '0007_line_confirmation'),
        ('core', '0004_visit'),
        ('units', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CertificateBlank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='tên phôi')),
                ('layout', models.JSONField(blank=True, default=dict, verbose_name='vị trí in (mm, pt)')),
                ('elements', models.JSONField(default=list, verbose_name='phần được in')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang dùng')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='phiên bản')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificate_blanks', to='units.agency')),
                ('scan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile', verbose_name='ảnh quét của phôi')),
            ],
            options={
                'verbose_name': 'phôi giấy khen',
                'verbose_name_plural': 'phôi giấy khen',
                'ordering': ['-is_active', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Printer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='tên máy in')),
                ('right_mm', models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name='dời sang phải (mm)')),
                ('down_mm', models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name='dời xuống dưới (mm)')),
                ('calibrated_at', models.DateTimeField(blank=True, null=True, verbose_name='căn chỉnh lúc')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang dùng')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='phiên bản')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='printers', to='units.agency')),
                ('calibrated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người căn chỉnh')),
            ],
            options={
                'verbose_name': 'máy in',
                'verbose_name_plural': 'máy in',
                'ordering': ['-is_active', 'name'],
            },
        ),
        migrations.CreateModel(
            name='PrintRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right_mm', models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name='dời sang phải (mm)')),
                ('down_mm', models.DecimalField(decimal_places=1, default=0, max_digits=4, verbose_name='dời xuống dưới (mm)')),
                ('layout', models.JSONField(verbose_name='vị trí in (mm, pt)')),
                ('elements', models.JSONField(verbose_name='phần được in')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='lý do in lại')),
                ('requested_at', models.DateTimeField(default=thidua.core.clock.now, verbose_name='in lúc')),
                ('blank', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='print_runs', to='awards.certificateblank', verbose_name='phôi')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='print_runs', to='awards.decision')),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile', verbose_name='bản in')),
                ('printer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='print_runs', to='awards.printer', verbose_name='máy in')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người in')),
            ],
            options={
                'verbose_name': 'lượt in',
                'verbose_name_plural': 'lượt in',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PrintedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveIntegerField(verbose_name='lần in thứ')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='printings', to='awards.decisionline')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='awards.printrun')),
            ],
            options={
                'verbose_name': 'giấy khen đã in',
                'verbose_name_plural': 'giấy khen đã in',
                'ordering': ['run', 'line__ordinal'],
            },
        ),
        migrations.CreateModel(
            name='BlankEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'Nhận'), ('spoilt', 'Hỏng')], max_length=10, verbose_name='loại')),
                ('count', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10000)], verbose_name='số tờ')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='lý do, ghi chú')),
                ('recorded_at', models.DateTimeField(default=thidua.core.clock.now, verbose_name='ghi lúc')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi')),
                ('blank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='awards.certificateblank')),
                ('run', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='blank_entries', to='awards.printrun', verbose_name='lượt in')),
            ],
            options={
                'verbose_name': 'sổ phôi',
                'verbose_name_plural': 'sổ phôi',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='certificateblank',
            constraint=models.UniqueConstraint(fields=('agency', 'name'), name='certificate_blank_once', violation_error_message='Cơ quan đã có phôi tên này. Hãy đặt tên khác.'),
        ),
        migrations.AddConstraint(
            model_name='printer',
            constraint=models.UniqueConstraint(fields=('agency', 'name'), name='printer_once', violation_error_message='Cơ quan đã có máy in tên này. Hãy đặt tên khác.'),
        ),
        migrations.AddConstraint(
            model_name='printer',
            constraint=models.CheckConstraint(condition=models.Q(('right_mm__range', (-20, 20)), ('down_mm__range', (-20, 20))), name='printer_shift_is_small', violation_error_message='Máy in lệch nhiều nhất 20 mm mỗi chiều.'),
        ),
        migrations.AddConstraint(
            model_name='printrun',
            constraint=models.CheckConstraint(condition=models.Q(('blank__isnull', True), ('printer__isnull', False), _connector='OR'), name='print_run_on_blank_has_printer', violation_error_message='In trên phôi phải chọn máy in.'),
        ),
        migrations.AddConstraint(
            model_name='printedline',
            constraint=models.UniqueConstraint(fields=('line', 'ordinal'), name='printed_line_once'),
        ),
        migrations.AddConstraint(
            model_name='printedline',
            constraint=models.UniqueConstraint(fields=('run', 'line'), name='printed_line_once_in_a_run'),
        ),
        migrations.AddConstraint(
            model_name='printedline',
            constraint=models.CheckConstraint(condition=models.Q(('ordinal__gte', 1)), name='printed_line_from_one', violation_error_message='Lần in đầu là lần 1.'),
        ),
        migrations.AddConstraint(
            model_name='blankentry',
            constraint=models.CheckConstraint(condition=models.Q(('count__range', (1, 10000))), name='blank_entry_from_one', violation_error_message='Số tờ từ 1 trở lên.'),
        ),
        migrations.AddConstraint(
            model_name='blankentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'received'), ('run__isnull', True)), models.Q(('kind', 'spoilt'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='blank_entry_spoilt_says_why', violation_error_message='Phôi hỏng phải có lý do.'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
