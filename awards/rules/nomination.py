"""Guards of a nomination: window, completeness, route, and the text that was sent."""

import datetime as dt

from django.urls import reverse

from awards.models import Nomination, Proposal, SendingVisit
from awards.queries import nomination_fingerprint
from awards.rules.evidence import lacks_of_evidence
from awards.rules.lacks import Lack, clause_of
from awards.rules.past_awards import row_of
from campaigns.models import AwardRoute, Campaign, DocumentKind
from campaigns.queries import windows
from thidua.core import clock


def window_is_open(record: Nomination | Proposal, at: dt.datetime) -> str:
    """Nothing is accepted before the first instant of the window nor after its last."""
    proposal = record if isinstance(record, Proposal) else record.proposal
    return campaign_window_is_open(record.campaign, proposal.unit_id, at)


def campaign_window_is_open(campaign: Campaign, unit_id: int, at: dt.datetime) -> str:
    """The due day of the unit counts whole, in Viet Nam, whatever the server's own time zone."""
    if reason := windows.why_ended(campaign):
        return reason
    if at < campaign.opens_at:
        return f"Đợt này nhận hồ sơ từ ngày {campaign.opens_on:%d/%m/%Y}."
    due_on = windows.due_on(campaign, unit_id)
    if at >= clock.end_of(due_on):
        return (
            f"Đợt này đã hết hạn: nhận hồ sơ đến hết ngày {due_on:%d/%m/%Y}. Hãy liên hệ Văn phòng."
        )
    return ""


def sending_is_open(record: Nomination | Proposal, at: dt.datetime) -> str:
    """What is sent some minutes too late counts, if its page was opened within the window.

    The page that sends is the visit that was used at this very instant.
    """
    reason = window_is_open(record, at)
    if not reason or windows.why_ended(record.campaign):
        return reason
    proposal = record if isinstance(record, Proposal) else record.proposal
    closes = windows.closes_at(record.campaign, proposal.unit_id)
    in_grace = closes <= at < windows.grace_until(record.campaign, proposal.unit_id)
    opened = SendingVisit.objects.filter(proposal=proposal, used_at=at, opened_at__lt=closes)
    return "" if in_grace and opened.exists() else reason


def lacks_of_report(nomination: Nomination) -> list[Lack]:
    """Return a line for each heading that lacks its text, each half row and what is not placed.

    Reads whole relations, so that a list of nominations can bring them along.
    """
    report = getattr(nomination, "report", None)
    clause = clause_of(nomination, DocumentKind.REPORT)
    url = reverse("report_edit", args=[nomination.pk])
    if report is None:
        return [Lack(f"Viết báo cáo của {nomination.recipient_name}", clause, url)]
    rows = list(report.past_awards.all())
    written = {s.heading_id for s in report.sections.all() if s.text}
    written |= {row.heading_id for row in rows}
    group = f"Báo cáo của {nomination}"
    lacks = [
        Lack(
            f"Viết mục {heading.number} báo cáo của {nomination.recipient_name}",
            clause,
            f"{url}#id_heading_{heading.pk}",
            group=group,
            short=f"mục {heading.number}",
        )
        for heading in report.form.headings.all()
        if heading.subject_kind == nomination.subject_kind
        and heading.is_required
        and not heading.is_group
        and heading.pk not in written
    ]
    lacks += [
        Lack(
            f"Ghi nốt dòng khen thưởng {row.position} trong báo cáo của {nomination.recipient_name}",
            clause,
            f"{url}#id_award_{row.heading_id}_{row.position}_{next(iter(missing))}",
            group=group,
            short=f"dòng khen thưởng {row.position}",
        )
        for row in rows
        if (missing := row_of(row).lacks)
    ]
    if report.unplaced:
        lacks.append(
            Lack(
                "Xếp hoặc bỏ phần chưa xếp được từ tệp Word trong báo cáo của "
                f"{nomination.recipient_name}",
                clause,
                f"{url}#id_unplaced_text",
                group=group,
                short="phần chưa xếp được từ tệp Word",
            )
        )
    return lacks


def lacks_of_vote(nomination: Nomination) -> list[Lack]:
    """Return a line when the plan asks for the department's minutes and they lack this name."""
    clause = clause_of(nomination, DocumentKind.UNIT_MINUTES)
    if not clause or hasattr(nomination, "unit_vote"):
        return []
    url = reverse("unit_meeting_edit", args=[nomination.proposal_id])
    vote = f"{url}#id_vote_{nomination.pk}"
    return [Lack(f"Ghi kết quả biểu quyết cho {nomination}", clause, vote)]


def lacks_of_nomination(nomination: Nomination) -> list[Lack]:
    """Return all that one nomination still lacks, in the order of the four parts."""
    return [
        *lacks_of_report(nomination),
        *lacks_of_evidence([nomination]),
        *lacks_of_vote(nomination),
    ]


def nomination_is_complete(nomination: Nomination, at: dt.datetime) -> str:
    """Refuse while anything lacks, naming the first thing."""
    lacks = lacks_of_nomination(nomination)
    return f"Còn thiếu {len(lacks)} việc: {lacks[0].sentence} ({lacks[0].clause})." if lacks else ""


def text_is_as_sent(nomination: Nomination, at: dt.datetime) -> str:
    """Refuse a nomination whose content is no longer what its unit sent."""
    if nomination.content_sha256 == nomination_fingerprint(nomination):
        return ""
    return "Nội dung hồ sơ không còn khớp với bản đã gửi. Hãy trả lại để đơn vị gửi lại."


def own_route(nomination: Nomination, at: dt.datetime) -> str:
    """The head of the agency decides only the forms of the own competence."""
    if nomination.award_form.route == AwardRoute.OWN:
        return ""
    return f"{nomination.award_form.name} do Hội đồng xét và cấp trên quyết định."


def superior_route(nomination: Nomination, at: dt.datetime) -> str:
    """The council considers only what the superior decides."""
    if nomination.award_form.route == AwardRoute.SUPERIOR:
        return ""
    return f"{nomination.award_form.name} không qua Hội đồng: thủ trưởng cơ quan quyết định."


def review_has_not_begun(proposal: Proposal, at: dt.datetime) -> str:
    """A unit takes its proposal back only until the first nomination is touched."""
    if proposal.nominations.exclude(state__in=("submitted", "withdrawn")).exists():
        return "Văn phòng đã bắt đầu thẩm định. Hãy đề nghị Văn phòng trả lại để bổ sung."
    return ""


def unit_exists(nomination: Nomination, at: dt.datetime) -> str:
    """A dissolved unit is not honoured; its successor may be nominated instead."""
    unit = nomination.recipient_unit
    day = clock.local_day(at)
    if unit and unit.valid_until and unit.valid_until < day:
        heir = f" Hãy đề nghị {unit.successor}." if unit.successor else ""
        return f"{unit} đã giải thể từ ngày {unit.valid_until:%d/%m/%Y}.{heir}"
    return ""
