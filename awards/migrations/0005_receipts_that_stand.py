"""Give nominations that were sent before their receipt for appraisal, and the law of that day.

Why: the day of receipt decides the law of the appraisal; the next migration asks for it.
What: the moment of the first sending in the audit log, else of the last one in the row; the law
as the rows of the agency give it for that day.
Reverse: nothing is taken back; the columns go with the migration before.
Size: one pass over the nominations in batches; rows that have a receipt are left as they are, so
it can be run twice.
"""

import re
import zoneinfo

from django.db import migrations

VIET_NAM = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")


def _receive(apps, schema_editor):
    model = apps.get_model
    first_sent = {}
    for subject_id, at in (
        model("core", "AuditEntry")
        .objects.filter(action="awards.nomination.submit")
        .order_by("-sequence")
        .values_list("subject_id", "at")
    ):
        first_sent[subject_id] = at
    kept = {}
    sent = (
        model("awards", "Nomination")
        .objects.filter(received_for_appraisal_at__isnull=True, submitted_at__isnull=False)
        .select_related("campaign", "report__form__basis")
    )
    for nomination in sent.iterator(chunk_size=500):
        logged = first_sent.get(str(nomination.pk))
        at = min(logged, nomination.submitted_at) if logged else nomination.submitted_at
        nomination.received_for_appraisal_at = at
        nomination.received_law = _law(model, nomination, at.astimezone(VIET_NAM).date(), kept)
        nomination.save(update_fields=["received_for_appraisal_at", "received_law"])


def _law(model, nomination, day, kept):
    agency_id = nomination.campaign.agency_id
    if (agency_id, day) not in kept:
        kept[agency_id, day] = [
            {
                "code": basis.code,
                "name": _name(basis.citation),
                "citation": basis.citation,
                "verified": basis.verified_at is not None,
            }
            for basis in model("campaigns", "LegalBasis")
            .objects.filter(agency_id=agency_id)
            .order_by("in_force_on", "code")
            if (basis.in_force_on is None or basis.in_force_on <= day)
            and (basis.out_of_force_on is None or day < basis.out_of_force_on)
        ]
    law = {"day": day.isoformat(), "bases": kept[agency_id, day], "limits": []}
    report = getattr(nomination, "report", None)
    if report:
        form = report.form
        law["report_form"] = {
            "label": form.label,
            "number": form.number,
            "basis": form.basis.code,
            "verified": form.verified_at is not None and form.basis.verified_at is not None,
            "notice": "",
            "kept": "",
        }
    return law


def _name(citation):
    """Return a citation up to its number, else to its day, as the model does today."""
    words = citation.removeprefix("Căn cứ ")
    numbered = re.match(r".{2,40}? số \d\S*", words)
    return numbered.group().rstrip(",;.") if numbered else words.split(" ngày ")[0].strip()


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0004_three_dates_and_reminders"),
        ("core", "0003_append_only_log"),
    ]

    operations = [migrations.RunPython(_receive, migrations.RunPython.noop)]
