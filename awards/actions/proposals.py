"""What a unit does: opens a proposal, fills it, sends it, takes it back, sends again."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from awards.actions.numbers import take_number
from awards.models import (
    AchievementReport,
    Book,
    Evidence,
    MeetingVote,
    Nomination,
    NominationState,
    Proposal,
    ProposalState,
    ReportSection,
    Submission,
    UnitMeeting,
)
from awards.policy import OWN_HEAD
from awards.queries import fingerprint, nomination_content, proposal_content
from awards.rules.nomination import campaign_window_is_open, window_is_open
from awards.workflow import NOMINATION, PROPOSAL
from campaigns.models import AwardForm, Campaign, SubjectKind
from campaigns.queries import windows
from campaigns.queries.forms import current_form
from staff.models import Person, User
from thidua.core import audit, clock, files
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused, must
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
    proposal = _editable_proposal(proposal, actor, at)
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


@transaction.atomic
def invite_author(*, nomination: Nomination, author: User, actor: Any, at: dt.datetime) -> None:
    """Let the nominee write the own report."""
    nomination = _editable_nomination(nomination, actor, at)
    must(OWN_HEAD.refuses(actor, nomination))
    if author.person_id is None or author.person_id != nomination.person_id:
        raise Refused("Chỉ mời chính cá nhân được đề nghị viết báo cáo của mình.")
    nomination.author = author
    nomination.version += 1
    nomination.save(update_fields=["author", "version"])
    audit.record(
        "invite", nomination, actor=actor, label="Mời viết báo cáo", note=author.display_name
    )


@transaction.atomic
def write_report(
    *,
    nomination: Nomination,
    texts: Mapping[int, str],
    version: int,
    actor: Any,
    at: dt.datetime,
) -> AchievementReport:
    """Save texts by heading id, if the report is still the `version` that the writer saw.

    Raises Conflict when somebody saved in between: the writer then compares both texts.
    """
    nomination = _editable_nomination(nomination, actor, at)
    report = AchievementReport.objects.select_for_update(no_key=True).get(nomination=nomination)
    if report.version != version:
        raise Conflict(
            f"{report.edited_by.display_name} vừa lưu báo cáo này lúc "
            f"{report.edited_at.astimezone(clock.VIET_NAM):%H:%M}. "
            "Nội dung quý vị vừa gõ còn nguyên bên dưới; hãy so sánh rồi lưu lại."
        )
    changed = []
    for section in report.sections.select_related("heading"):
        text = compose(texts.get(section.heading_id, section.text))
        if text != section.text:
            section.text = text
            changed.append(section)
    if not changed:
        return report
    ReportSection.objects.bulk_update(changed, ["text"])
    report.version += 1
    report.edited_by, report.edited_at = actor, at
    report.save()
    audit.record(
        "write_report",
        nomination,
        actor=actor,
        label="Viết báo cáo",
        note="Mục " + ", ".join(section.heading.number for section in changed),
    )
    return report


@transaction.atomic
def attach_evidence(
    *, nomination: Nomination, upload: UploadedFile, caption: str, actor: Any, at: dt.datetime
) -> Evidence:
    """Check a file and attach it to a nomination; the same file once only."""
    nomination = _editable_nomination(nomination, actor, at)
    stored = files.accept_upload(upload, actor=actor)
    if nomination.evidence.filter(sha256=stored.sha256).exists():
        raise Refused("Tệp này đã có trong hồ sơ.")
    evidence = Evidence.objects.create(
        nomination=nomination,
        file=stored,
        sha256=stored.sha256,
        caption=compose(caption) or stored.name,
        added_by=actor,
        added_at=at,
    )
    audit.record("attach", nomination, actor=actor, label="Thêm minh chứng", note=evidence.caption)
    return evidence


@transaction.atomic
def detach_evidence(*, evidence: Evidence, actor: Any, at: dt.datetime) -> None:
    """Take a file out of an editable nomination; the bytes stay in the store."""
    nomination = _editable_nomination(evidence.nomination, actor, at)
    evidence.delete()
    audit.record("detach", nomination, actor=actor, label="Bỏ minh chứng", note=evidence.caption)


@transaction.atomic
def record_unit_meeting(
    *,
    proposal: Proposal,
    facts: Mapping[str, Any],
    votes: Mapping[int, int],
    actor: Any,
    at: dt.datetime,
) -> UnitMeeting:
    """Record the department's meeting and the votes for each nomination (by its id).

    `facts` are the columns of UnitMeeting. Open while a part of the proposal can be edited.
    """
    proposal = _editable_proposal(proposal, actor, at, also_returned=True)
    meeting = UnitMeeting.objects.filter(proposal=proposal).first() or UnitMeeting(
        proposal=proposal
    )
    for name, value in facts.items():
        setattr(meeting, name, compose(value) if isinstance(value, str) else value)
    if clock.local_day(meeting.held_at) > clock.local_day(at):
        raise Refused("Ngày họp ở tương lai. Hãy ghi biên bản sau khi họp.")
    try:
        meeting.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    meeting.save()
    # Locked, so that none is sent again between this look at its state and its new vote.
    named = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(proposal=proposal, pk__in=votes)
        .order_by("pk")
    )
    names = []
    for nomination in named:
        for_count = votes[nomination.pk]
        if for_count > meeting.present_count:
            raise Refused(
                f"{nomination.recipient_name}: {for_count} phiếu đồng ý vượt "
                f"{meeting.present_count} người có mặt."
            )
        if not nomination.is_editable:
            continue
        MeetingVote.objects.update_or_create(
            nomination=nomination,
            defaults={
                "meeting": meeting,
                "for_count": for_count,
                "present_count": meeting.present_count,
            },
        )
        names.append(f"{nomination.recipient_name} {for_count}/{meeting.present_count}")
    audit.record(
        "meeting", proposal, actor=actor, label="Ghi biên bản họp phòng", note="; ".join(names)
    )
    return meeting


@transaction.atomic
def write_letter(
    *, proposal: Proposal, text: str, confirmed: bool, actor: Any, at: dt.datetime
) -> None:
    """Keep the text of the unit's letter, and whether the head calls it finished."""
    proposal = _editable_proposal(proposal, actor, at)
    proposal.letter_text = compose(text)
    proposal.letter_confirmed = confirmed and bool(proposal.letter_text)
    proposal.version += 1
    proposal.save(update_fields=["letter_text", "letter_confirmed", "version"])
    audit.record("letter", proposal, actor=actor, label="Soạn tờ trình")


@transaction.atomic
def submit_proposal(*, proposal: Proposal, actor: Any, at: dt.datetime) -> Submission:
    """Send the proposal with all its nominations and return the receipt."""
    proposal = _locked(proposal)
    drafts = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(proposal=proposal, state=NominationState.DRAFT)
        .order_by("pk")
    )
    # The receipt's number is taken before the log is written: see the order of locks.
    reason = PROPOSAL.refusal(proposal, "submit", actor, at)
    code = "" if reason else _receipt_code(proposal, actor, at)
    PROPOSAL.fire(proposal, "submit", actor=actor, at=at, within="submit_proposal")
    for nomination in drafts:
        NOMINATION.fire(nomination, "submit", actor=actor, at=at, within="submit_proposal")
    return _receipt(proposal, proposal_content(proposal), code, actor, at)


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, note: str, actor: Any, at: dt.datetime) -> None:
    """Take a proposal back before the office has begun with it."""
    proposal = _locked(proposal)
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
    *, nomination: Nomination, note: str = "", actor: Any, at: dt.datetime
) -> Submission:
    """Send a mended nomination again and return the receipt of the supplement."""
    locked = Nomination.objects.select_for_update(of=("self",), no_key=True).get(pk=nomination.pk)
    reason = NOMINATION.refusal(locked, "resubmit", actor, at)
    code = "" if reason else _receipt_code(locked.proposal, actor, at)
    NOMINATION.fire(
        nomination, "resubmit", actor=actor, at=at, note=note, within="resubmit_nomination"
    )
    content = {
        **proposal_content(locked.proposal),
        "nominations": [nomination_content(Nomination.objects.get(pk=nomination.pk))],
    }
    return _receipt(locked.proposal, content, code, actor, at, is_supplement=True)


def _receipt_code(proposal: Proposal, actor: Any, at: dt.datetime) -> str:
    agency, year = proposal.campaign.agency, clock.local_day(at).year
    number = take_number(
        agency, Book.RECEIPT, year, purpose=f"Biên nhận: {proposal}", actor=actor, at=at
    )
    return f"HS-{agency.pk}-{year}-{number:04d}"


def _receipt(
    proposal: Proposal,
    content: dict[str, Any],
    code: str,
    actor: Any,
    at: dt.datetime,
    *,
    is_supplement: bool = False,
) -> Submission:
    return Submission.objects.create(
        proposal=proposal,
        code=code,
        is_supplement=is_supplement,
        submitted_at=at,
        window_closes_at=windows.closes_at(proposal.campaign, proposal.unit_id),
        submitted_by=actor,
        content=content,
        content_sha256=fingerprint(content),
    )


def _locked(proposal: Proposal) -> Proposal:
    return (
        Proposal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "unit")
        .get(pk=proposal.pk)
    )


def _editable_proposal(
    proposal: Proposal, actor: Any, at: dt.datetime, *, also_returned: bool = False
) -> Proposal:
    """Lock the proposal and refuse unless its head may still write in it."""
    locked = _locked(proposal)
    must(OWN_HEAD.refuses(actor, locked))
    must(window_is_open(locked, at))
    if locked.state == ProposalState.DRAFT:
        return locked
    if also_returned and locked.nominations.filter(state=NominationState.RETURNED).exists():
        return locked
    raise Refused(
        "Đề nghị đã gửi Văn phòng nên không sửa được. Hãy thu hồi khi Văn phòng chưa thẩm định."
    )


def _editable_nomination(nomination: Nomination, actor: Any, at: dt.datetime) -> Nomination:
    """Lock the nomination and refuse unless its head or invited author may still write."""
    locked = (
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "proposal")
        .get(pk=nomination.pk)
    )
    if locked.author_id != actor.pk:
        must(OWN_HEAD.refuses(actor, locked))
    must(window_is_open(locked, at))
    if not locked.is_editable:
        raise Refused(
            f"Hồ sơ đang ở trạng thái «{locked.get_state_display()}» nên không sửa được. "
            "Chỉ sửa được bản nháp hoặc hồ sơ Văn phòng trả lại."
        )
    return locked
