"""Say of each set of a letter that stands already how many there are.

Why: a set now carries its own count, as its cover has it.
What: one UPDATE from the form of award of the letter; may run twice.
Reverse: nothing; the column goes with the migration before.
Size: two rows for each letter.
"""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def say_how_many(apps, schema_editor):
    Dossier = apps.get_model("dossiers", "Dossier")
    letters = apps.get_model("awards", "SubmissionLetter").objects.filter(pk=OuterRef("letter"))
    Dossier.objects.filter(letter__isnull=False).update(
        set_count=Subquery(letters.values("award_form__set_count")[:1])
    )


class Migration(migrations.Migration):

    dependencies = [("dossiers", "0003_dossiers_of_every_subject")]

    operations = [migrations.RunPython(say_how_many, migrations.RunPython.noop)]
