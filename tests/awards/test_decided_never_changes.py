"""A decided dossier never changes when the law does: whatever an office mends afterwards.

One Giấy khen that was decided and one Bằng khen that the superior granted are looked at from every
side, then random corrections are made to everything that a pack holds. Left out of what is
compared: the frame of a page (masthead, navigation, footer), which counts what waits today.
"""

import datetime as dt
import hashlib
import html
import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from awards.models import Decision, Nomination, RegisterEntry
from awards.papers.council import council_minutes
from awards.papers.decision import certificate_paper, certificate_sheet, decision_paper
from awards.papers.unit import report_paper
from awards.queries import nomination_fingerprint
from campaigns import terms
from campaigns.models import CalendarDay, LegalBasis, Provision, ReportForm, ReportHeading
from tests import factories
from tests.factories import accepted, approved, closed, fresh, sent
from thidua.core import clock, files, jobs
from thidua.core.documents import render_html
from thidua.core.models import Job, StoredFile
from thidua.core.permissions import Role

MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
FIRST, LAST = dt.date(2020, 1, 1), dt.date(2027, 12, 31)
days = st.dates(FIRST, LAST)
texts = st.sampled_from(["Đã sửa", "Nghị định số 1/2020/NĐ-CP ngày 01 tháng 01 năm 2020", "Luật X"])
marks = st.sampled_from([None, dt.datetime(2025, 11, 19, tzinfo=dt.UTC)])
index = st.integers(0, 200)


def pick(rows, at):
    rows = list(rows)
    return rows[at % len(rows)] if rows else None


# --- What may be mended --------------------------------------------------------------------------


def mend_basis(at, text, start, length, mark):
    basis = pick(LegalBasis.objects.order_by("pk"), at)
    basis.citation = text
    basis.in_force_on = start
    basis.out_of_force_on = start + dt.timedelta(days=length) if length else None
    basis.review_on = start
    basis.verified_at = mark
    basis.version += 1
    basis.save()


def mend_provision(at, start, length, mark, draw):
    row = pick(Provision.objects.order_by("pk"), at)
    taken = Provision.objects.filter(
        agency=row.agency, kind=row.kind, key=row.key, in_force_on=start
    ).exclude(pk=row.pk)
    if not taken.exists():
        row.in_force_on = start
        row.out_of_force_on = start + dt.timedelta(days=length) if length else None
    row.content = terms.stored(terms.read(row.kind, content_of(row.kind, draw)))
    row.article = "Điều đã sửa"
    row.verified_at = mark
    row.version += 1
    row.full_clean()
    row.save()


KEYS = (
    ("base_salary", "base_salary"),
    ("prize_rate", "commendation_letter/person"),
    ("prize_rate", "commendation_letter/unit"),
    ("prize_rate", "certificate_of_merit/unit"),
    ("council_rule", "certificate_of_merit"),
    ("certificate_layout", "commendation_letter"),
    ("numbering", "decision"),
    ("numbering", "letter"),
    ("numbering", "minutes"),
    ("time_limit", "return"),
    ("notice", "law_ends"),
)


def add_provision(at, start, mark, draw):
    kind, key = KEYS[at % len(KEYS)]
    agency = LegalBasis.objects.first().agency
    basis = pick(LegalBasis.objects.order_by("pk"), at)
    content = terms.stored(terms.read(kind, content_of(kind, draw)))
    Provision.objects.get_or_create(
        agency=agency,
        kind=kind,
        key=key,
        in_force_on=start,
        defaults={"title": "Mới", "basis": basis, "content": content, "verified_at": mark},
    )


def content_of(kind, draw):
    """Return terms of a kind, drawn within their bounds."""
    content = {}
    for term in terms.TERMS[kind]:
        if term.choices:
            content[term.name] = term.choices[draw % len(term.choices)][0]
        elif term.name.endswith("_mm"):
            continue  # a place drawn alone soon leaves the paper, which is refused
        elif term.type is str:
            content[term.name] = ("Khác", "{co_quan}-K", "TRUY TẶNG")[draw % 3]
        else:
            content[term.name] = min(term.most, term.least + draw % 40)
    return content


def new_edition(at, text, mark):
    form = pick(ReportForm.objects.filter(replaced_by__isnull=True).order_by("pk"), at)
    headings = list(form.headings.all())
    # One form of a number is current at a time: the old row names the new one before it is there.
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('campaigns_reportform', 'id'))")
        [key] = cursor.fetchone()
    ReportForm.objects.filter(pk=form.pk).update(
        replaced_by=key, verified_at=mark, note=text, article=text
    )
    new = ReportForm.objects.create(
        pk=key,
        agency=form.agency,
        basis=form.basis,
        number=form.number,
        purpose=form.purpose,
        label=text,
        edition=form.edition + 1,
        verified_at=mark,
    )
    for heading in headings:
        heading.pk, heading.form, heading.title = None, new, f"{text} {heading.title}"
    ReportHeading.objects.bulk_create(headings)
    # As an office does that corrects a form: campaigns under way go on with the new edition.
    Nomination.objects.first().campaign.award_forms.filter(report_form=form).update(report_form=new)


def mend_day(start, kind, text):
    agency = LegalBasis.objects.first().agency
    CalendarDay.objects.update_or_create(
        agency=agency, day=start, defaults={"kind": kind, "name": text}
    )


corrections = st.one_of(
    st.tuples(st.just(mend_basis), index, texts, days, st.sampled_from([0, 1, 400]), marks),
    st.tuples(st.just(mend_basis), index, texts, days, st.sampled_from([0, 1, 400]), marks),
    st.tuples(st.just(mend_provision), index, days, st.sampled_from([0, 1, 400]), marks, index),
    st.tuples(st.just(add_provision), index, days, marks, index),
    st.tuples(st.just(new_edition), index, texts, marks),
    st.tuples(st.just(mend_day), days, st.sampled_from(["holiday", "working"]), texts),
)


# --- What must stay ------------------------------------------------------------------------------


@pytest.fixture
def dossiers(cast, unit, campaign, council, people, letter_form, merit_form):
    """Return a decided Giấy khen and a granted Bằng khen, with papers that were really printed."""
    head, clerk = cast[Role.UNIT_HEAD], cast[Role.APPRAISER]
    letter, merit = sent(unit, head, campaign, (people[0], letter_form), (unit, merit_form))
    approved(accepted(letter, clerk), cast[Role.SIGNATORY])
    accepted(merit, clerk)
    decision = factories.issued(letter_form, cast[Role.REGISTRAR])
    jobs.run(Job.objects.get(function="awards.jobs.print_decision").pk)
    closed(fresh(decision), cast[Role.REGISTRAR])
    to_superior = factories.endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY])
    factories.forwarded(to_superior, cast[Role.SIGNATORY], cast[Role.REGISTRAR])
    factories.answered(fresh(to_superior), clerk)
    found = [fresh(letter), fresh(merit)]
    assert [nomination.state for nomination in found] == ["awarded", "awarded"]
    return found


def shown(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    page = response.content.decode()
    inner = MAIN.search(page)
    return html.unescape(TOKEN.sub("", inner.group() if inner else page))


def looked_at(dossiers, readers, registrar):
    """Return all that can be seen or read of two dossiers, by the name of what it is."""
    seen = {}
    for dossier in dossiers:
        nomination = fresh(dossier)
        for role, client in readers.items():
            seen[f"page {nomination.pk} {role}"] = shown(client, nomination.get_absolute_url())
        seen[f"receipt {nomination.pk}"] = [
            nomination.received_for_appraisal_at,
            nomination.received_law,
        ]
        seen[f"fingerprint {nomination.pk}"] = nomination_fingerprint(nomination)
        seen[f"report {nomination.pk}"] = render_html(report_paper(nomination))
    decision = Decision.objects.get()
    line = decision.lines.get()
    seen["signing"] = [decision.signing_law, decision.number_text]
    seen["decision page"] = shown(registrar, decision.get_absolute_url())
    seen["decision paper"] = render_html(decision_paper(decision))
    seen["certificate"] = [certificate_paper(line, decision), certificate_sheet(decision)]
    seen["check"] = shown(Client(), reverse("certificate_check", args=[line.check_code]))
    seen["register page"] = shown(registrar, reverse("register_list"))
    seen["register"] = list(RegisterEntry.objects.order_by("pk").values())
    merit = fresh(dossiers[1])
    meeting = merit.agenda_items.get().meeting
    letter = merit.letter_line.letter
    seen["minutes"] = render_html(council_minutes(meeting))
    seen["letter page"] = shown(registrar, letter.get_absolute_url())
    seen["files"] = {
        stored.pk: hashlib.sha256(files.read(stored)).hexdigest()
        for stored in StoredFile.objects.all()
    }
    return seen


@pytest.mark.django_db
def test_a_decided_dossier_never_changes_when_a_pack_does(dossiers, cast):
    clients = {role: Client() for role in (Role.APPRAISER, Role.UNIT_HEAD, Role.REGISTRAR)}
    for role, client in clients.items():
        client.force_login(cast[role])
    registrar = clients.pop(Role.REGISTRAR)
    before = looked_at(dossiers, clients, registrar)
    assert len(before["files"]) >= 4
    assert "Luật áp dụng" in before[f"page {dossiers[0].pk} appraiser"]

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # each example looks at ten pages: none is made smaller
        suppress_health_check=list(HealthCheck),
    )
    @examples(st.lists(corrections, min_size=6, max_size=14))
    def holds(made):
        with transaction.atomic():
            for act, *values in made:
                act(*values)
            with clock.frozen(clock.now() + dt.timedelta(days=40)):
                after = looked_at(dossiers, clients, registrar)
            transaction.set_rollback(True)
        for name, what in before.items():
            assert after[name] == what, name

    holds()
