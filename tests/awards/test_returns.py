"""After a return only what the office named opens: everything else stays bit for bit as it was."""

import os
import random

import pytest
from django.db import IntegrityError, transaction
from django.forms import BooleanField
from django.urls import reverse

from awards.actions.evidence import attach_evidence, detach_evidence
from awards.actions.returns import return_nomination
from awards.actions.unit_papers import Votes, record_unit_meeting
from awards.models import Claim, Evidence, MeetingVote, PastAward, ReturnKind, Submission
from awards.queries.returns import EVERYTHING, NOTHING, open_parts
from campaigns.models import HeadingKind
from tests import factories
from thidua.core import clock
from thidua.core.permissions import Role
from thidua.core.workflow import Refused

pytestmark = pytest.mark.usefixtures("printed_once")

# `make corrections` runs thirty; the suite some of them.
SCRIPTS = int(os.environ.get("SCRIPTS") or 5)


@pytest.fixture
def head(cast, campaign):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def sent(unit, head, campaign, letter_form, people):
    """A nomination that waits for review, with a file, a claim, rows of past awards and a vote."""
    proposal = factories.draft_proposal(unit, head, campaign)
    nomination = factories.nominate(proposal, people[0], letter_form)
    evidence = attach_evidence(
        nomination=nomination,
        upload=factories.upload(),
        caption="Giấy xác nhận",
        actor=head,
        at=clock.now(),
    )
    factories.complete(proposal)
    factories.claim(evidence)
    heading = nomination.report.form.headings.get(
        subject_kind="person", kind=HeadingKind.AWARDS, is_group=False
    )
    PastAward.objects.create(
        report=nomination.report,
        heading=heading,
        position=1,
        year="2024",
        name="Lao động tiên tiến",
        decision_number="05/QĐ-TTr",
        issued_by="Chánh Thanh tra",
    )
    factories.submit(factories.fresh(proposal))
    return factories.fresh(nomination)


def returned(nomination, reviewer, *places):
    return_nomination(
        nomination=nomination,
        remarks=dict.fromkeys(places, "Cần sửa."),
        actor=reviewer,
        at=clock.now(),
    )
    return factories.fresh(nomination)


def state_of(nomination):
    """Return everything that a unit can write of a nomination, part by part."""
    report = factories.fresh(nomination.report)
    rows = {}
    for award in PastAward.objects.filter(report=report).order_by("pk"):
        rows.setdefault(award.heading_id, []).append(
            [award.year, award.name, award.decision_number, award.issued_by]
        )
    texts = {s.heading_id: s.text for s in report.sections.all()}
    vote = MeetingVote.objects.get(nomination=nomination)
    return {
        **{("heading", pk): (text, rows.get(pk, [])) for pk, text in texts.items()},
        "evidence": list(
            Evidence.objects.filter(nomination=nomination).values_list("pk", "sha256")
        ),
        "claims": list(
            Claim.objects.filter(section__report=report).values_list("pk", "statement", "page")
        ),
        "vote": (vote.for_count, vote.against_count, vote.blank_count, vote.present_count),
    }


def sections_of(nomination):
    return list(nomination.report.sections.select_related("heading").order_by("heading__position"))


@pytest.mark.parametrize("seed", range(SCRIPTS))
def test_a_correction_changes_what_was_named_and_nothing_else(client, cast, head, sent, seed):
    """Each script names some parts; its unit then tries to change every one, on every page."""
    draw = random.Random(seed)
    headings = [section.heading for section in sections_of(sent)]
    places = [*headings, ReturnKind.EVIDENCE, ReturnKind.VOTE]
    named = draw.sample(places, draw.randint(1, len(places) - 1))
    nomination = returned(sent, cast[Role.APPRAISER], *named)
    before = state_of(nomination)
    client.force_login(head)

    rewrite_the_report(client, nomination, draw)
    for heading in headings:  # by a page that knows nothing of what is closed
        rewrite_the_report(client, nomination, draw, only=heading.pk)
    url = reverse("evidence_create", args=[nomination.pk])
    client.post(url, {"file": factories.upload(factories.pdf_bytes(3), "them.pdf"), "caption": "x"})
    vote_otherwise(client, nomination)

    after = state_of(nomination)
    opened = {("heading", place.pk) for place in named if place not in set(ReturnKind)}
    opened |= {"evidence"} if ReturnKind.EVIDENCE in named else set()
    opened |= {"vote"} if ReturnKind.VOTE in named else set()
    assert {part for part in before if before[part] != after[part]} == opened


def rewrite_the_report(client, nomination, draw, only=None):
    """Send another text under every heading, or under one, and other rows of past awards."""
    url = reverse("report_edit", args=[nomination.pk])
    report = factories.fresh(nomination.report)
    data = {"version": report.version}
    for section in sections_of(nomination):
        if only in {None, section.heading_id}:
            data[f"heading_{section.heading_id}"] = f"Chữ mới {draw.random()}"
            if section.heading.kind == HeadingKind.AWARDS:
                row = {"year": "2025", "name": "Bịa", "decision_number": "1", "issued_by": "Ai đó"}
                data |= {f"award_{section.heading_id}_1_{name}": v for name, v in row.items()}
    shown = client.get(url).context["form"]
    if only is None:  # as a browser does: what is closed has no field
        closed = set(shown.closed)
        data = {k: v for k, v in data.items() if not any(f"_{pk}" in k for pk in closed)}
    client.post(url, data)


def vote_otherwise(client, nomination):
    url = reverse("unit_meeting_edit", args=[nomination.proposal_id])
    page = client.get(url)
    form = page.context["form"] if page.status_code == 200 else None
    data = {f"{part}_{nomination.pk}": "1" for part in ("vote", "against", "blank")}
    if form:
        texts = [n for n, field in form.fields.items() if not isinstance(field, BooleanField)]
        data = {name: form[name].value() or "" for name in texts} | data
        data |= {f"listed_{seat.person_id}": "1" for seat in form.seats}
    client.post(url, data)


def test_what_opens_follows_the_points(sent, cast):
    assert open_parts(sent) == NOTHING
    heading = sections_of(sent)[0].heading
    parts = open_parts(returned(sent, cast[Role.APPRAISER], heading, ReturnKind.VOTE))
    assert (parts.headings, parts.evidence, parts.vote) == ({heading.pk}, False, True)


def test_the_whole_can_be_opened(sent, cast):
    assert open_parts(returned(sent, cast[Role.APPRAISER], ReturnKind.WHOLE)) == EVERYTHING


def test_a_closed_part_says_who_closed_it(client, head, cast, sent):
    first, second, *_ = [section.heading for section in sections_of(sent)]
    nomination = returned(sent, cast[Role.APPRAISER], first)
    client.force_login(head)
    page = client.get(reverse("report_edit", args=[nomination.pk])).content.decode()

    assert f"Văn phòng yêu cầu ở mục {first.number}" in page
    assert f'name="heading_{first.pk}"' in page
    assert f'name="heading_{second.pk}"' not in page
    assert "Văn phòng không yêu cầu sửa mục này nên giữ như đã gửi." in page
    assert "Văn phòng không yêu cầu sửa minh chứng." in page
    assert "Thêm minh chứng" not in page


def test_files_and_votes_are_refused_by_name(cast, head, sent):
    nomination = returned(sent, cast[Role.APPRAISER], sections_of(sent)[0].heading)
    acts = {
        "Văn phòng không yêu cầu sửa minh chứng": lambda: detach_evidence(
            evidence=nomination.evidence.get(), with_claims=True, actor=head, at=clock.now()
        ),
        "Đề nghị đã gửi Văn phòng nên không sửa được": lambda: record_unit_meeting(
            proposal=nomination.proposal,
            facts={},
            votes={nomination.pk: Votes(1)},
            actor=head,
            at=clock.now(),
        ),
    }
    for sentence, act in acts.items():
        with pytest.raises(Refused, match=sentence), transaction.atomic():
            act()


def test_sending_again_answers_the_points_and_keeps_every_version(client, head, cast, sent):
    heading = sections_of(sent)[0].heading
    nomination = returned(sent, cast[Role.APPRAISER], heading)
    first = Submission.objects.get()
    client.force_login(head)
    url = reverse("report_edit", args=[nomination.pk])
    client.post(url, {"version": nomination.report.version, f"heading_{heading.pk}": "Đã sửa."})
    again = reverse("nomination_resubmit", args=[nomination.pk])
    done = client.post(again, {"note": "Đã nêu số liệu.", **factories.shown(client, again)})

    assert done.status_code == 302, done.content.decode()
    first.refresh_from_db()
    second = Submission.objects.get(is_supplement=True)
    assert nomination.return_points.get().answered_by == second
    texts = [
        {number: text for number, _, text in content["nominations"][0]["report"]}
        for content in (first.content, second.content)
    ]
    assert texts[0][heading.number] != texts[1][heading.number] == "Đã sửa."
    assert first.content_sha256 != second.content_sha256
    page = client.get(reverse("proposal_detail", args=[nomination.proposal_id])).content.decode()
    assert first.code in page
    assert second.code in page

    # A second return has points of its own; the first one's stay on record.
    returned(factories.fresh(nomination), cast[Role.APPRAISER], ReturnKind.EVIDENCE)
    assert open_parts(factories.fresh(nomination)).headings == frozenset()
    assert nomination.return_points.count() == 2


def test_a_return_that_nobody_answered_gives_way_to_the_next(cast, sent, head):
    heading = sections_of(sent)[0].heading
    nomination = returned(sent, cast[Role.APPRAISER], heading)
    with pytest.raises(IntegrityError), transaction.atomic():
        point = nomination.return_points.get()
        point.pk = None
        point.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        nomination.return_points.create(
            kind=ReturnKind.EVIDENCE, heading=heading, remark="x", made_by=head
        )
