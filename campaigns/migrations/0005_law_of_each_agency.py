"""Give each agency its own rows of law; base salaries and prize rates become provisions.

Why: an agency marks and mends the law it works under; another agency's copy is not its affair.
What: the first agency takes the rows that stand, every further one a copy; campaigns of that
agency are pointed at the copy. A campaign without a day of launch takes its day of issue.
Reverse: nothing is taken back; the older tables are still there until the next migration.
Size: some dozens of rows for each agency.
"""

from django.db import migrations


def _own(apps, schema_editor):
    model = apps.get_model
    agencies = list(model("units", "Agency").objects.order_by("pk"))
    basis_model, form_model = model("campaigns", "LegalBasis"), model("campaigns", "ReportForm")
    standing = list(basis_model.objects.filter(agency__isnull=True))
    forms = list(form_model.objects.filter(agency__isnull=True))
    if not agencies:
        # Rows of law without an agency: the packs bring them again when there is one.
        model("campaigns", "BaseSalary").objects.all().delete()
        model("campaigns", "PrizeRate").objects.all().delete()
        form_model.objects.filter(agency__isnull=True).delete()
        basis_model.objects.filter(agency__isnull=True).delete()
        return
    first, *others = agencies
    basis_model.objects.filter(agency__isnull=True).update(agency=first)
    form_model.objects.filter(agency__isnull=True).update(agency=first)
    copies = {first.pk: {basis.pk: basis.pk for basis in standing}}
    for agency in others:
        copies[agency.pk] = _copy(model, agency, standing, forms)
    for agency in agencies:
        _provisions(model, agency, copies[agency.pk])
    for campaign in model("campaigns", "Campaign").objects.filter(launched_on__isnull=True):
        campaign.launched_on = campaign.issued_on or campaign.opens_on
        campaign.save(update_fields=["launched_on"])


def _copy(model, agency, standing, forms):
    """Copy the law for one more agency, point its campaigns there, return {old key: new key}."""
    bases = {}
    for basis in standing:
        old = basis.pk
        basis.pk, basis.agency = None, agency
        basis.save(force_insert=True)
        bases[old], basis.pk = basis.pk, old
    for form in forms:
        old = form.pk
        headings = list(model("campaigns", "ReportHeading").objects.filter(form_id=old))
        form.pk, form.agency, form.basis_id = None, agency, bases[form.basis_id]
        form.save(force_insert=True)
        for heading in headings:
            heading.pk, heading.form_id = None, form.pk
            heading.save(force_insert=True)
        model("campaigns", "AwardForm").objects.filter(
            campaign__agency=agency, report_form_id=old
        ).update(report_form_id=form.pk)
        back = {new: was for was, new in bases.items()}
        form.pk, form.basis_id = old, back[form.basis_id]
    for line in model("campaigns", "CampaignBasis").objects.filter(campaign__agency=agency):
        line.basis_id = bases[line.basis_id]
        line.save(update_fields=["basis"])
    for campaign in model("campaigns", "Campaign").objects.filter(
        agency=agency, reference_plan__isnull=False
    ):
        campaign.reference_plan_id = bases[campaign.reference_plan_id]
        campaign.save(update_fields=["reference_plan"])
    return bases


def _provisions(model, agency, bases):
    provision = model("campaigns", "Provision")
    for row in model("campaigns", "BaseSalary").objects.all():
        provision.objects.get_or_create(
            agency=agency,
            kind="base_salary",
            key="base_salary",
            in_force_on=row.in_force_on,
            defaults={
                "title": f"Mức lương cơ sở {row.amount:,} đồng".replace(",", "."),
                "basis_id": bases[row.basis_id],
                "content": {"amount": row.amount},
            },
        )
    names = {"commendation_letter": "Giấy khen", "certificate_of_merit": "Bằng khen cấp tỉnh"}
    kinds = {"unit": "tập thể", "person": "cá nhân"}
    for row in model("campaigns", "PrizeRate").objects.all():
        provision.objects.get_or_create(
            agency=agency,
            kind="prize_rate",
            key=f"{row.award_type}/{row.subject_kind}",
            in_force_on=row.in_force_on,
            defaults={
                "title": f"{names[row.award_type]}, {kinds[row.subject_kind]}",
                "basis_id": bases[row.basis_id],
                "article": row.article,
                "content": {"coefficient": str(row.coefficient), "round_to": row.round_to},
            },
        )


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_law_and_running")]

    operations = [migrations.RunPython(_own, migrations.RunPython.noop)]
