"""Name the people of a department's meeting, count every vote, and keep what is half typed.

Why: minutes say who was absent and why, and how many were against or silent; two people who
write one paper never overwrite each other; a signed scan stands beside its paper.
What: four tables, versions of minutes and letter, two columns of a vote. Of votes that stand, those
who were not for it were printed as against it: they are written down as that.
Reverse: drops tables and columns: people, scans, half typed papers and blank votes are lost.
Size: one rewrite of the votes; short locks.
"""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


def count_those_against(apps, schema_editor):
    """Write down as against whoever was present and not for it, as the minutes printed it."""
    votes = apps.get_model('awards', 'MeetingVote').objects.filter(against_count=0, blank_count=0)
    votes.update(against_count=models.F('present_count') - models.F('for_count'))


class Migration(migrations.Migration):

    dependencies = [
        ('awards', '0013_claims_and_scans'),
        ('core', '0005_rendered_paper'),
        ('staff', '0002_mail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MeetingPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='họ và tên')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='chức vụ')),
                ('is_guest', models.BooleanField(default=False, verbose_name='khách mời')),
                ('is_present', models.BooleanField(default=True, verbose_name='có mặt')),
                ('absent_reason', models.CharField(blank=True, max_length=200, verbose_name='lý do vắng')),
                ('position', models.PositiveSmallIntegerField(verbose_name='thứ tự')),
            ],
            options={
                'verbose_name': 'người dự họp',
                'verbose_name_plural': 'người dự họp',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='SignedScan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('minutes', 'Biên bản họp phòng'), ('letter', 'Tờ trình')], max_length=10, verbose_name='giấy tờ')),
                ('declared_number', models.CharField(blank=True, max_length=40, verbose_name='số ghi trên bản ký')),
                ('declared_on', models.DateField(blank=True, null=True, verbose_name='ngày ghi trên bản ký')),
                ('declared_present', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='số người có mặt ghi trên bản ký')),
                ('declared_names', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='số tên ghi trên bản ký')),
                ('is_current', models.BooleanField(default=True, verbose_name='bản hiện dùng')),
                ('added_at', models.DateTimeField(verbose_name='thêm lúc')),
            ],
            options={
                'verbose_name': 'bản ký quét',
                'verbose_name_plural': 'bản ký quét',
                'ordering': ['-added_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='UnfinishedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('minutes', 'Biên bản họp phòng'), ('letter', 'Tờ trình')], max_length=10, verbose_name='giấy tờ')),
                ('typed', models.JSONField(verbose_name='nội dung đã gõ')),
                ('version', models.PositiveIntegerField(verbose_name='phiên bản')),
                ('edited_at', models.DateTimeField(verbose_name='gõ lúc')),
            ],
            options={
                'verbose_name': 'bản gõ dở',
                'verbose_name_plural': 'bản gõ dở',
            },
        ),
        migrations.AddField(
            model_name='meetingvote',
            name='against_count',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='số phiếu không đồng ý'),
        ),
        migrations.AddField(
            model_name='meetingvote',
            name='blank_count',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='số phiếu không có ý kiến'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='letter_edited_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sửa tờ trình lúc'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='letter_edited_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người sửa tờ trình'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='letter_version',
            field=models.PositiveIntegerField(default=0, verbose_name='phiên bản tờ trình'),
        ),
        migrations.AddField(
            model_name='unitmeeting',
            name='edited_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='sửa lúc'),
        ),
        migrations.AddField(
            model_name='unitmeeting',
            name='edited_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người sửa sau cùng'),
        ),
        migrations.AddField(
            model_name='unitmeeting',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='phiên bản'),
        ),
        migrations.RunPython(count_those_against, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='meetingvote',
            name='meeting_vote_within_present',
        ),
        migrations.AddConstraint(
            model_name='meetingvote',
            constraint=models.CheckConstraint(condition=models.Q(('present_count__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('for_count'), '+', models.F('against_count')), '+', models.F('blank_count')))), name='meeting_vote_within_present', violation_error_message='Tổng số phiếu không vượt số người có mặt.'),
        ),
        migrations.AddField(
            model_name='meetingperson',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='awards.unitmeeting', verbose_name='cuộc họp'),
        ),
        migrations.AddField(
            model_name='meetingperson',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.person', verbose_name='cá nhân'),
        ),
        migrations.AddField(
            model_name='signedscan',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người thêm'),
        ),
        migrations.AddField(
            model_name='signedscan',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile', verbose_name='tệp'),
        ),
        migrations.AddField(
            model_name='signedscan',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signed_scans', to='awards.proposal', verbose_name='đề nghị'),
        ),
        migrations.AddField(
            model_name='unfinishedpaper',
            name='edited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người gõ'),
        ),
        migrations.AddField(
            model_name='unfinishedpaper',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unfinished_papers', to='awards.proposal', verbose_name='đề nghị'),
        ),
        migrations.AddConstraint(
            model_name='meetingperson',
            constraint=models.UniqueConstraint(fields=('meeting', 'person'), name='meeting_person_once'),
        ),
        migrations.AddConstraint(
            model_name='meetingperson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('absent_reason', ''), ('is_present', True)), models.Q(('is_present', False), models.Q(('absent_reason', ''), _negated=True)), _connector='OR'), name='meeting_person_absent_has_reason', violation_error_message='Người vắng mặt phải có lý do; người có mặt thì không.'),
        ),
        migrations.AddConstraint(
            model_name='meetingperson',
            constraint=models.CheckConstraint(condition=models.Q(('is_guest', False), ('is_present', True), _connector='OR'), name='meeting_person_guest_is_present', violation_error_message='Khách mời không dự thì không ghi vào biên bản.'),
        ),
        migrations.AddConstraint(
            model_name='signedscan',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('proposal', 'kind'), name='signed_scan_one_current'),
        ),
        migrations.AddConstraint(
            model_name='unfinishedpaper',
            constraint=models.UniqueConstraint(fields=('proposal', 'kind'), name='unfinished_paper_once'),
        ),
    ]
