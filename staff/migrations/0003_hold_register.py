"""Make the hold register, and let nothing in it be deleted or written over.

Why: nobody is commended while discipline, an inspection or a complaint about him is being settled.
What: the table, its constraints, and triggers with the function of core 0003: a row is never
deleted, what opened it never changes, its end is written once, a correction is not taken back.
Reverse: drops the table with the register in it.
Size: a new table; the change of choices touches no row.
"""

import django.db.models.deletion
import thidua.core.clock
from django.conf import settings
from django.db import migrations, models

_OPENING = (
    "agency_id, person_id, unit_id, kind, reason, opened_on, document_number, document_on,"
    " opened_by_id, opened_at, corrects_id, correction_reason, is_sample"
)
_END = (
    "concluded_on, concluding_number, concluding_file_id, outcome, discipline_until,"
    " concluded_by_id, concluded_at"
)


def _row(name, columns):
    return "ROW(" + ", ".join(f"{name}.{column.strip()}" for column in columns.split(",")) + ")"


FORWARD = f"""
CREATE TRIGGER staff_hold_stays BEFORE DELETE ON staff_hold
    FOR EACH ROW EXECUTE FUNCTION thidua_refuse_change();
CREATE TRIGGER staff_hold_fixed BEFORE UPDATE ON staff_hold
    FOR EACH ROW WHEN (
        {_row("NEW", _OPENING)} IS DISTINCT FROM {_row("OLD", _OPENING)}
        OR (OLD.is_corrected AND NOT NEW.is_corrected)
        OR (
            (OLD.concluded_on IS NOT NULL OR OLD.is_corrected)
            AND {_row("NEW", _END)} IS DISTINCT FROM {_row("OLD", _END)}
        )
    ) EXECUTE FUNCTION thidua_refuse_change();
"""
BACKWARD = "DROP TRIGGER staff_hold_stays ON staff_hold; DROP TRIGGER staff_hold_fixed ON staff_hold;"


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_append_only_log'),
        ('core', '0005_rendered_paper'),
        ('staff', '0002_mail'),
        ('units', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='roleassignment',
            name='role',
            field=models.CharField(choices=[('unit_head', 'Trưởng phòng'), ('staff_member', 'Công chức, người lao động'), ('appraiser', 'Chuyên viên Văn phòng'), ('office_chief', 'Chánh Văn phòng'), ('council_member', 'Thành viên Hội đồng'), ('council_secretary', 'Thư ký Hội đồng'), ('signatory', 'Chánh Thanh tra'), ('registrar', 'Văn thư'), ('administrator', 'Quản trị hệ thống'), ('hold_keeper', 'Người giữ sổ tạm giữ')], max_length=20, verbose_name='vai trò'),
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('discipline', 'Xem xét kỷ luật'), ('investigation', 'Điều tra'), ('inspection', 'Thanh tra, kiểm tra có dấu hiệu vi phạm'), ('complaint', 'Khiếu nại, tố cáo hoặc báo chí nêu, đang xác minh')], max_length=20, verbose_name='loại')),
                ('reason', models.TextField(verbose_name='lý do')),
                ('opened_on', models.DateField(verbose_name='tạm giữ từ ngày')),
                ('document_number', models.CharField(max_length=100, verbose_name='số, ký hiệu văn bản')),
                ('document_on', models.DateField(verbose_name='ngày văn bản')),
                ('opened_at', models.DateTimeField(default=thidua.core.clock.now, verbose_name='ghi lúc')),
                ('correction_reason', models.CharField(blank=True, max_length=500, verbose_name='lý do đính chính')),
                ('is_corrected', models.BooleanField(default=False, verbose_name='đã được đính chính')),
                ('concluded_on', models.DateField(blank=True, null=True, verbose_name='ngày văn bản kết luận')),
                ('concluding_number', models.CharField(blank=True, max_length=100, verbose_name='số văn bản kết luận')),
                ('outcome', models.CharField(blank=True, choices=[('cleared', 'Không vi phạm'), ('disciplined', 'Bị kỷ luật')], max_length=15, verbose_name='kết luận')),
                ('discipline_until', models.DateField(blank=True, null=True, verbose_name='thời hạn kỷ luật đến hết ngày')),
                ('concluded_at', models.DateTimeField(blank=True, null=True, verbose_name='ghi kết luận lúc')),
                ('is_sample', models.BooleanField(default=False, verbose_name='dữ liệu mẫu')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='units.agency', verbose_name='cơ quan')),
                ('concluded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi kết luận')),
                ('concluding_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile', verbose_name='tệp kết luận')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='staff.hold', verbose_name='đính chính cho dòng')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người ghi')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='staff.person', verbose_name='cá nhân')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='units.unit', verbose_name='tập thể')),
            ],
            options={
                'verbose_name': 'tạm giữ xét khen thưởng',
                'verbose_name_plural': 'tạm giữ xét khen thưởng',
                'ordering': ['-opened_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('unit__isnull', True)), models.Q(('person__isnull', True), ('unit__isnull', False)), _connector='OR'), name='hold_one_subject', violation_error_message='Hãy chọn một cá nhân hoặc một tập thể.'), models.CheckConstraint(condition=models.Q(models.Q(('document_number', ''), _negated=True), models.Q(('reason', ''), _negated=True), ('document_on__lte', models.F('opened_on'))), name='hold_opens_by_a_document', violation_error_message='Tạm giữ phải có lý do và văn bản không sau ngày tạm giữ.'), models.CheckConstraint(condition=models.Q(models.Q(('concluded_at__isnull', True), ('concluded_by__isnull', True), ('concluded_on__isnull', True), ('concluding_file__isnull', True), ('concluding_number', ''), ('outcome', '')), models.Q(('concluded_at__isnull', False), ('concluded_by__isnull', False), ('concluded_on__gte', models.F('opened_on')), ('concluded_on__isnull', False), ('outcome__in', ['cleared', 'disciplined']), models.Q(('concluding_number', ''), _negated=True)), _connector='OR'), name='hold_ends_by_a_document', violation_error_message='Kết luận phải có số, ngày văn bản không trước ngày tạm giữ.'), models.CheckConstraint(condition=models.Q(models.Q(('discipline_until__gte', models.F('concluded_on')), ('discipline_until__isnull', False), ('outcome', 'disciplined')), models.Q(models.Q(('outcome', 'disciplined'), _negated=True), ('discipline_until__isnull', True)), _connector='OR'), name='hold_discipline_has_its_end', violation_error_message='Kỷ luật phải có ngày hết thời hạn, không trước ngày kết luận.'), models.CheckConstraint(condition=models.Q(models.Q(('correction_reason', ''), ('corrects__isnull', True)), models.Q(('corrects__isnull', False), models.Q(('correction_reason', ''), _negated=True)), _connector='OR'), name='hold_correction_says_why', violation_error_message='Hãy ghi lý do đính chính.'), models.UniqueConstraint(condition=models.Q(('concluded_on__isnull', True), ('is_corrected', False)), fields=('agency', 'person', 'unit', 'kind', 'document_number', 'document_on'), name='hold_once_by_a_document', nulls_distinct=False, violation_error_message='Văn bản này đã được ghi vào sổ cho cùng đối tượng.')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
