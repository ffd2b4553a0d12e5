"""Refuse a set whose number is beyond the count.

Why: apart from 0003, since the counts of standing sets are filled in between.
What: one CHECK.
Reverse: drops it.
Size: one scan of a small table.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("dossiers", "0004_sets_of_letters")]

    operations = [
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('set_number__lte', models.F('set_count'))), name='dossier_set_within_count', violation_error_message='Bộ hồ sơ đánh số đến tổng số bộ.'),
        ),
    ]
