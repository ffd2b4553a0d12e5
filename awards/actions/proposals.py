"""What a unit does: opens a proposal, fills it, sends it, takes it back, sends again."""

import dataclasses
import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from awards.actions.editing import editable_proposal, locked_proposal
from awards.actions.numbers import take_number
from awards.actions.returns import answer_points
from awards.models import (
    AchievementReport,
    Book,
    Nomination,
    NominationState,
    Proposal,
    ReportSection,
    SendingVisit,
    Submission,
)
from awards.policy import OWN_HEAD
from awards.queries import fingerprint, proposal_content, supplement_content
from awards.rules.nomination import campaign_window_is_open
from awards.workflow import NOMINATION, PROPOSAL
from campaigns.models import AwardForm, Campaign, SubjectKind
from campaigns.queries import windows
from campaigns.queries.forms import current_form
from staff.models import Person
from thidua.core import audit, clock, jobs
from thidua.core.models import StoredFile
from thidua.core.text import compose
from thidua.core.workflow import Refused, must
from units.models import Unit


@transaction.atomic
def open_proposal(*, campaign: Campaign, unit: Unit, actor: Any, at: dt.datetime) -> Proposal:
    """Return the unit's proposal in the campaign, made now if there is none."""
    must(OWN_HEAD.refuses(actor, Proposal(campaign=campaign, unit=unit)))
    existing = Proposal.objects.filter(campaign=campaign, unit=unit).first()
    if existing:
        return existing
    must(campaign_window_is_open(campaign, unit.pk, at))
    made, is_new = Proposal.objects.get_or_create(
        campaign=campaign, unit=unit, defaults={"created_by": actor, "created_at": at}
    )
    if is_new:
        audit.record("create", made, actor=actor, label="Lập đề nghị")
    return made


@transaction.atomic
def add_nomination(
    *,
    proposal: Proposal,
    award_form: AwardForm,
    subject_kind: str,
    person: Person | None = None,
    recipient_unit: Unit | None = None,
    both_forms_reason: str = "",
    actor: Any,
    at: dt.datetime,
) -> Nomination:
    """Propose one person or collective for one form of award.

    Raises Refused when the form is not for that kind of subject, when a live nomination stands
    already, or when a second form lacks its reason.
    """
    proposal = editable_proposal(proposal, actor, at)
    if award_form.campaign_id != proposal.campaign_id:
        raise Refused("Hình thức này không thuộc đợt thi đua.")
    if not award_form.criteria.filter(subject_kind=subject_kind).exists():
        kind = SubjectKind(subject_kind).label.lower()
        raise Refused(f"Kế hoạch không nêu tiêu chuẩn {award_form.name} cho {kind}.")
    if person:
        name, title = person.full_name, f"{person.position}, {person.unit.name}"
        if person.unit_id != proposal.unit_id:
            raise Refused(f"{person.full_name} không thuộc {proposal.unit}.")
    elif recipient_unit:
        name, title = recipient_unit.name, proposal.campaign.agency.name
        if recipient_unit.pk != proposal.unit_id:
            raise Refused(f"Đề nghị của {proposal.unit} chỉ gồm tập thể {proposal.unit}.")
    else:
        raise Refused("Hãy chọn một cá nhân hoặc một tập thể.")
    nomination = Nomination(
        proposal=proposal,
        campaign=proposal.campaign,
        award_form=award_form,
        subject_kind=subject_kind,
        person=person,
        recipient_unit=recipient_unit,
        recipient_name=name,
        recipient_title=title,
        both_forms_reason=compose(both_forms_reason),
        created_by=actor,
        created_at=at,
    )
    try:
        with transaction.atomic():
            nomination.full_clean()
            nomination.save()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    except IntegrityError:
        raise Refused(f"{name} vừa được đề nghị trong đợt này. Hãy tải lại trang.") from None
    # Held, so that the office does not choose another form between this look and the report.
    form = current_form(
        AwardForm.objects.select_for_update(of=("self",), no_key=True).get(pk=award_form.pk)
    )
    report = AchievementReport.objects.create(
        nomination=nomination, form=form, edited_by=actor, edited_at=at
    )
    report_headings = form.headings.filter(subject_kind=subject_kind, is_group=False)
    ReportSection.objects.bulk_create(
        [ReportSection(report=report, heading=heading) for heading in report_headings]
    )
    audit.record(
        "create", nomination, actor=actor, label="Thêm vào đề nghị", note=both_forms_reason
    )
    return nomination


_VISITS_KEPT = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Sending:
    """What a person saw when they sent; what is sent without a page has nothing of it.

    The printed package, the fingerprint of the content it was printed from, and the visit.
    """

    package: StoredFile | None = None
    content_sha256: str = ""
    visit: SendingVisit | None = None


_UNSEEN = Sending()


def open_sending(*, proposal: Proposal, actor: Any, at: dt.datetime) -> SendingVisit:
    """Note when the page that sends was opened: its first instant decides on the grace."""
    SendingVisit.objects.filter(
        proposal=proposal, used_at__isnull=True, opened_at__lt=at - _VISITS_KEPT
    ).delete()
    return SendingVisit.objects.create(proposal=proposal, user=actor, opened_at=at)


@transaction.atomic
def submit_proposal(
    *, proposal: Proposal, sending: Sending = _UNSEEN, actor: Any, at: dt.datetime
) -> Submission:
    """Send the proposal with all its nominations and return the receipt.

    Raises Refused when the content is no longer the one that its sender saw.
    """
    proposal = locked_proposal(proposal)
    drafts = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(proposal=proposal, state=NominationState.DRAFT)
        .order_by("pk")
    )
    _use_visit(sending, at)
    # The receipt's number is taken before the log is written: see the order of locks.
    reason = PROPOSAL.refusal(proposal, "submit", actor, at)
    code = "" if reason else _receipt_code(proposal, actor, at)
    PROPOSAL.fire(proposal, "submit", actor=actor, at=at, within="submit_proposal")
    for nomination in drafts:
        NOMINATION.fire(nomination, "submit", actor=actor, at=at, within="submit_proposal")
    return _receipt(
        proposal, proposal_content(proposal), code=code, sending=sending, actor=actor, at=at
    )


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, note: str, actor: Any, at: dt.datetime) -> None:
    """Take a proposal back before the office has begun with it."""
    proposal = locked_proposal(proposal)
    sent = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(proposal=proposal)
        .order_by("pk")
    )
    PROPOSAL.fire(proposal, "withdraw", actor=actor, at=at, note=note, within="withdraw_proposal")
    for nomination in sent:
        if nomination.state == NominationState.SUBMITTED:
            NOMINATION.fire(nomination, "recall", actor=actor, at=at, within="withdraw_proposal")


@transaction.atomic
def resubmit_nomination(
    *,
    nomination: Nomination,
    note: str = "",
    sending: Sending = _UNSEEN,
    actor: Any,
    at: dt.datetime,
) -> Submission:
    """Send a mended nomination again and return the receipt of the supplement."""
    locked = Nomination.objects.select_for_update(of=("self",), no_key=True).get(pk=nomination.pk)
    _use_visit(sending, at)
    reason = NOMINATION.refusal(locked, "resubmit", actor, at)
    code = "" if reason else _receipt_code(locked.proposal, actor, at)
    NOMINATION.fire(
        nomination, "resubmit", actor=actor, at=at, note=note, within="resubmit_nomination"
    )
    content = supplement_content(Nomination.objects.get(pk=nomination.pk))
    receipt = _receipt(
        locked.proposal,
        content,
        code=code,
        sending=sending,
        actor=actor,
        at=at,
        is_supplement=True,
    )
    answer_points(locked, receipt)
    return receipt


def _use_visit(sending: Sending, at: dt.datetime) -> None:
    if sending.visit:
        SendingVisit.objects.filter(pk=sending.visit.pk).update(used_at=at)


def _receipt_code(proposal: Proposal, actor: Any, at: dt.datetime) -> str:
    agency, year = proposal.campaign.agency, clock.local_day(at).year
    number = take_number(
        agency, Book.RECEIPT, year, purpose=f"Biên nhận: {proposal}", actor=actor, at=at
    )
    return f"HS-{agency.pk}-{year}-{number:04d}"


def _receipt(
    proposal: Proposal,
    content: dict[str, Any],
    *,
    code: str,
    sending: Sending,
    actor: Any,
    at: dt.datetime,
    is_supplement: bool = False,
) -> Submission:
    sha256 = fingerprint(content)
    if sending.content_sha256 not in {"", sha256}:
        raise Refused("Nội dung đã thay đổi từ khi trang này mở. Hãy xem lại bản dưới rồi gửi.")
    closes_at = windows.closes_at(proposal.campaign, proposal.unit_id)
    late = {}
    if at >= closes_at and sending.visit:
        until = windows.grace_until(proposal.campaign, proposal.unit_id)
        late = {"opened_at": sending.visit.opened_at, "grace_until": until}
    receipt = Submission.objects.create(
        proposal=proposal,
        code=code,
        is_supplement=is_supplement,
        submitted_at=at,
        window_closes_at=closes_at,
        submitted_by=actor,
        content=content,
        content_sha256=sha256,
        package=sending.package,
        **late,
    )
    if actor.email:
        jobs.later("awards.jobs.mail_receipt", receipt.pk)
    return receipt
