"""Mark the heading of the packs that asks for past awards, in agencies that have it already."""

from django.db import migrations

TITLE = "Các hình thức đã được khen thưởng"


def mark(apps, schema_editor):
    heading = apps.get_model("campaigns", "ReportHeading")
    heading.objects.filter(title=TITLE, is_group=False, kind="text").update(kind="awards")


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0011_kinds_of_headings'),
    ]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
