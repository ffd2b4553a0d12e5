"""Findings before sending: each rule says pass, fail or cannot tell, with clause and day.

What fails here and stands in no other list blocks the sending; what cannot be told never does.
"""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.urls import reverse

from awards.models import CriterionAnswer, Nomination, Proposal, RegisterEntry
from awards.policy import sees_hold, sees_what_counts
from awards.queries.findings import (
    DOSSIER,
    ON_HOLD,
    ONE_AWARD,
    SUBJECTS,
    Known,
    asked_form,
    known_about,
    law_day,
    nominations_to_check,
    overlap,
    subject_of,
)
from awards.rules.holds import WHO_TELLS
from awards.rules.nomination import Lack, lacks_of_nomination, unit_exists
from awards.rules.quotas import over_quota_sentence
from campaigns.models import Criterion
from campaigns.queries.forms import choice_of, has_ended

_DAY = dt.timedelta(days=1)


class Rule(models.TextChoices):
    """Điều được kiểm tra: one finding for each, in the order in which a dossier is read."""

    SUBJECT = "subject", "Đúng đối tượng"
    CRITERIA = "criteria", "Báo cáo nêu đủ tiêu chuẩn"
    QUOTA = "quota", "Trong chỉ tiêu của đơn vị"
    LIVE_ONCE = "live_once", "Một thành tích, một đề nghị"
    RECEIVED = "received", "Chưa được khen cho cùng thành tích"
    HOLD = "hold", "Không bị tạm giữ"
    COUNTED = "counted", "Thời gian tính thành tích"
    FORM = "form", "Báo cáo đúng mẫu"
    DOCUMENTS = "documents", "Đủ thành phần hồ sơ"


class Outcome(models.TextChoices):
    """Kết quả kiểm tra: a rule that cannot be judged says so."""

    PASS = "pass", "Đạt"
    FAIL = "fail", "Không đạt"
    UNKNOWN = "unknown", "Chưa rõ"


TONES = {Outcome.PASS: "ok", Outcome.FAIL: "stop", Outcome.UNKNOWN: "wait"}


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Kết quả một điều kiểm tra: `clause` has been in force since `in_force_from`.

    `url` is where its unit mends it; `blocks` when nothing else keeps it from being sent.
    """

    rule: Rule
    outcome: Outcome
    sentence: str
    clause: str
    in_force_from: dt.date | None
    url: str = ""
    blocks: bool = False

    @property
    def tone(self) -> str:
        return TONES[self.outcome]


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """Một đề nghị đã kiểm tra: its findings, counted for the line above them."""

    nomination: Nomination
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> list[tuple[str, str]]:
        """Return «8 đạt», «1 chưa rõ» with their tones, the worst first."""
        number = Counter(found.outcome for found in self.findings)
        order = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS)
        return [(f"{number[one]} {one.label.lower()}", TONES[one]) for one in order if number[one]]

    @property
    def is_clear(self) -> bool:
        return all(found.outcome == Outcome.PASS for found in self.findings)


# --- Asking ------------------------------------------------------------------------------------


def check(nominations: Sequence[Nomination], at: dt.datetime, reader: Any = None) -> list[Checked]:
    """Return the findings of some nominations, as far as `reader` may know (None: all)."""
    known = known_about(nominations, at)
    return [
        Checked(nomination, tuple(_findings(nomination, known, at, reader)))
        for nomination in nominations
    ]


def check_proposal(proposal: Proposal, at: dt.datetime, reader: Any = None) -> list[Checked]:
    """Return the findings of every name of a proposal."""
    return check(nominations_to_check(proposal), at, reader)


def lacks_of_findings(checked: Iterable[Checked]) -> list[Lack]:
    """Return a line for whatever keeps a proposal from being sent and no other list names."""
    return [
        Lack(
            f"{one.nomination.recipient_name}: {found.sentence}".removesuffix("."),
            found.clause,
            found.url,
        )
        for one in checked
        for found in one.findings
        if found.blocks
    ]


def findings_allow_sending(proposal: Proposal, at: dt.datetime) -> str:
    """Refuse to send while a finding blocks it, naming the first."""
    lacks = lacks_of_findings(check_proposal(proposal, at))
    return f"{lacks[0].sentence} ({lacks[0].clause})." if lacks else ""


def _findings(
    nomination: Nomination, known: Known, at: dt.datetime, reader: Any
) -> Iterable[Finding]:
    yield _subject(nomination, known, at)
    yield _criteria(nomination)
    yield _quota(nomination, known)
    yield _live_once(nomination, known, at)
    yield _received(nomination, known, at)
    if reader is None or sees_hold(reader, nomination):
        yield _hold(nomination, known, at)
    if reader is None or sees_what_counts(reader, nomination):
        yield _counted(nomination, known, at)
    yield _form(nomination, known, at)
    yield _documents(nomination, known, at)


# --- The rules ---------------------------------------------------------------------------------

_Ground = tuple[str, dt.date | None]


def _plan(nomination: Nomination, clause: str) -> _Ground:
    """Cite the plan, in force since the launch."""
    return f"Mục {clause} của kế hoạch", nomination.campaign.launched_on


def _law(nomination: Nomination, known: Known, key: str, at: dt.datetime) -> _Ground:
    """Cite the law of the nomination's day; empty when the catalogue does not hold it."""
    provision = known.principles[law_day(nomination, at)].get(key)
    if provision is None or provision.basis is None:
        return "", None
    return f"{provision.article} {provision.basis.short_name}", provision.in_force_on


def _criteria_of(nomination: Nomination) -> list[Criterion]:
    return [
        criterion
        for criterion in nomination.award_form.criteria.all()
        if criterion.subject_kind == nomination.subject_kind
    ]


def _withdraw(nomination: Nomination) -> str:
    return reverse("nomination_withdraw", args=[nomination.pk])


def _subject(nomination: Nomination, known: Known, at: dt.datetime) -> Finding:
    """The plan names whom a form is for by having a criterion for that kind of subject."""
    criteria = _criteria_of(nomination)
    kind = nomination.get_subject_kind_display().lower()
    if not criteria:
        return Finding(
            Rule.SUBJECT,
            Outcome.FAIL,
            f"Kế hoạch không nêu tiêu chuẩn {nomination.award_form.name} cho {kind}.",
            *_law(nomination, known, SUBJECTS, at),
            url=_withdraw(nomination),
            blocks=True,
        )
    ground = _plan(nomination, criteria[0].clause)
    if reason := unit_exists(nomination, at):
        return Finding(
            Rule.SUBJECT, Outcome.FAIL, reason, *ground, url=_withdraw(nomination), blocks=True
        )
    person = nomination.person
    last = person.in_service_until if person else None
    if last and last < law_day(nomination, at):
        return Finding(
            Rule.SUBJECT,
            Outcome.UNKNOWN,
            f"Đã thôi công tác từ sau ngày {last:%d/%m/%Y}; thành tích chỉ xét đến ngày ấy.",
            *ground,
        )
    who = f", {person.get_employment_kind_display().lower()}" if person else ""
    return Finding(Rule.SUBJECT, Outcome.PASS, f"{kind.capitalize()}{who}.", *ground)


def _criteria(nomination: Nomination) -> Finding:
    """Each criterion is shown under a heading that has its text; the unit says which."""
    criteria = _criteria_of(nomination)
    clause = criteria[0].clause if criteria else nomination.award_form.clause
    ground = _plan(nomination, clause)
    page = reverse("nomination_check", args=[nomination.pk])
    report = getattr(nomination, "report", None)
    answers = {answer.criterion_id: answer for answer in nomination.criterion_answers.all()}
    shown: list[str] = []
    for criterion in criteria:
        answer: CriterionAnswer | None = answers.get(criterion.pk)
        heading = answer.heading if answer else None
        if heading is None or report is None or heading.form_id != report.form_id:
            break
        if heading.pk not in {s.heading_id for s in report.sections.all() if s.text}:
            return Finding(
                Rule.CRITERIA,
                Outcome.FAIL,
                f"Tiêu chuẩn được chỉ vào mục {heading.number} của báo cáo, nhưng mục ấy còn trống.",
                *ground,
                url=page,
                # A heading that the form asks for is named by «Còn thiếu» already.
                blocks=not heading.is_required,
            )
        shown.append(heading.number)
    if criteria and len(shown) == len(criteria):
        places = ", ".join(dict.fromkeys(shown))
        return Finding(Rule.CRITERIA, Outcome.PASS, f"Nêu ở mục {places} của báo cáo.", *ground)
    sentence = "Đơn vị chưa chỉ ra mục nào của báo cáo nêu tiêu chuẩn này."
    return Finding(Rule.CRITERIA, Outcome.UNKNOWN, sentence, *ground, url=page)


def _quota(nomination: Nomination, known: Known) -> Finding:
    """What is over is refused by the quota's own rule; here it is told."""
    ground = ("Chỉ tiêu của đợt", nomination.campaign.launched_on)
    lines = known.quotas[nomination.proposal_id]
    line = next((line for line in lines if line.holds(nomination)), None)
    url = reverse("proposal_detail", args=[nomination.proposal_id]) + "#danh-sach"
    if line is None:
        if not lines:
            sentence = "Đợt này không đặt chỉ tiêu."
            return Finding(Rule.QUOTA, Outcome.PASS, sentence, *ground)
        sentence = (
            "Đợt có chỉ tiêu nhưng chưa nêu cho hình thức và đối tượng này; Văn phòng trả lời."
        )
        return Finding(Rule.QUOTA, Outcome.UNKNOWN, sentence, *ground)
    if line.is_over:
        return Finding(Rule.QUOTA, Outcome.FAIL, over_quota_sentence(line), *ground, url=url)
    waived = f", thêm {line.allowed - line.most} được vượt" if line.waivers else ""
    return Finding(Rule.QUOTA, Outcome.PASS, f"{line.sentence}{waived}.", *ground)


def _live_once(nomination: Nomination, known: Known, at: dt.datetime) -> Finding:
    """One achievement, one nomination; a second one stands only with its reason."""
    ground = _law(nomination, known, ONE_AWARD, at)
    unit_id = nomination.proposal.unit_id
    others = [
        other
        for other in known.others.get(subject_of(nomination), ())
        if other.pk != nomination.pk
        and overlap(other.campaign, nomination.campaign)
        # What another unit has not sent is its own affair.
        and (other.submitted_at or other.proposal.unit_id == unit_id)
    ]
    if not others:
        sentence = "Không có đề nghị nào khác trong cùng thời gian thi đua."
        return Finding(Rule.LIVE_ONCE, Outcome.PASS, sentence, *ground)
    other = others[0]
    reason = nomination.both_forms_reason or other.both_forms_reason
    also = f"Cũng đang được đề nghị {other.award_form.name}, {other.campaign}"
    if reason:
        sentence = f"{also}. Lý do của đơn vị: {reason.rstrip('.')}."
        return Finding(Rule.LIVE_ONCE, Outcome.UNKNOWN, sentence, *ground)
    return Finding(
        Rule.LIVE_ONCE,
        Outcome.FAIL,
        f"{also}. Hãy rút một đề nghị, hoặc thêm lại kèm lý do hai thành tích khác nhau.",
        *ground,
        url=_withdraw(nomination),
        blocks=True,
    )


def _received(nomination: Nomination, known: Known, at: dt.datetime) -> Finding:
    """What was given for the same days was given for the same achievement, or its unit says why."""
    ground = _law(nomination, known, ONE_AWARD, at)
    own = [
        entry
        for entry in known.awards.get(subject_of(nomination), ())
        if entry.nomination_id != nomination.pk
    ]
    same = [entry for entry in own if overlap(entry.campaign, nomination.campaign)]
    if same:
        line = _line(same[0])
        reason = nomination.both_forms_reason or same[0].nomination.both_forms_reason
        if reason:
            sentence = f"Đã được tặng {line}. Lý do của đơn vị: {reason.rstrip('.')}."
            return Finding(Rule.RECEIVED, Outcome.UNKNOWN, sentence, *ground)
        return Finding(
            Rule.RECEIVED,
            Outcome.FAIL,
            f"Đã được tặng {line}. Hãy rút, hoặc thêm lại kèm lý do hai thành tích khác nhau.",
            *ground,
            url=_withdraw(nomination),
            blocks=True,
        )
    namesakes = [
        entry
        for entry in known.namesakes.get(nomination.recipient_name, ())
        if nomination.person_id and entry.person_id != nomination.person_id
        if overlap(entry.campaign, nomination.campaign)
    ]
    if namesakes:
        sentence = (
            f"Một người cùng tên đã được tặng {_line(namesakes[0])}: hãy xem có phải một người."
        )
        return Finding(Rule.RECEIVED, Outcome.UNKNOWN, sentence, *ground)
    if own:
        sentence = f"Lần trước được tặng {_line(own[0])}, cho thời gian thi đua khác."
        return Finding(Rule.RECEIVED, Outcome.PASS, sentence, *ground)
    sentence = "Sổ khen thưởng chưa có dòng nào của đối tượng này."
    return Finding(Rule.RECEIVED, Outcome.PASS, sentence, *ground)


def _line(entry: RegisterEntry) -> str:
    return (
        f"{entry.award_name} theo Quyết định số {entry.decision_number} ngày "
        f"{entry.decided_on:%d/%m/%Y} (dòng {entry.number:02d}/{entry.year} sổ khen thưởng)"
    )


def _hold(nomination: Nomination, known: Known, at: dt.datetime) -> Finding:
    """On hold nothing is decided, and the unit still sends in time: it cannot be told yet."""
    ground = _law(nomination, known, ON_HOLD, at)
    if nomination.pk in known.holds.held:
        sentence = f"Đang tạm giữ. Hồ sơ vẫn gửi được trong hạn. {WHO_TELLS}"
        return Finding(Rule.HOLD, Outcome.UNKNOWN, sentence, *ground)
    sentence = "Sổ tạm giữ không có dòng nào đang mở."
    return Finding(Rule.HOLD, Outcome.PASS, sentence, *ground)


def _counted(nomination: Nomination, known: Known, at: dt.datetime) -> Finding:
    """Achievements count from the day after the last one that is left out."""
    ground = _law(nomination, known, ON_HOLD, at)
    begins, ends = nomination.campaign.launched_on, nomination.campaign.emulation_ends_on
    left_out = [
        until
        for since, until in known.holds.uncounted.get(nomination.pk, ())
        if since <= ends and until >= begins
    ]
    if not left_out:
        sentence = "Thành tích của cả thời gian thi đua được tính."
        return Finding(Rule.COUNTED, Outcome.PASS, sentence, *ground)
    first = max(left_out) + _DAY
    if first > ends:
        return Finding(
            Rule.COUNTED,
            Outcome.FAIL,
            f"Thành tích chỉ tính từ ngày {first:%d/%m/%Y}, sau ngày kết thúc thi đua "
            f"{ends:%d/%m/%Y}. Hãy rút đề nghị này.",
            *ground,
            url=_withdraw(nomination),
            blocks=True,
        )
    return Finding(
        Rule.COUNTED,
        Outcome.UNKNOWN,
        f"Thành tích chỉ tính từ ngày {first:%d/%m/%Y}: hãy xem báo cáo nêu thành tích từ ngày ấy.",
        *ground,
    )


def _form(nomination: Nomination, known: Known, at: dt.datetime) -> Finding:
    """A report stands under the form of the plan, or the one that the office chose instead."""
    report = getattr(nomination, "report", None)
    if report is None:
        ground = _plan(nomination, nomination.award_form.clause)
        return Finding(Rule.FORM, Outcome.FAIL, "Chưa có báo cáo thành tích.", *ground)
    form = report.form
    ground = (f"Mẫu số {form.number} {form.basis.short_name}", form.basis.in_force_on)
    choice = choice_of(nomination.award_form)
    asked = known.last_edition(asked_form(nomination.award_form))
    is_asked = known.last_edition(form.pk) == asked
    if not is_asked and nomination.received_for_appraisal_at is None:
        return Finding(
            Rule.FORM,
            Outcome.FAIL,
            "Báo cáo viết theo mẫu mà hình thức này không còn dùng. Hãy rút rồi thêm lại đề nghị.",
            *ground,
            url=_withdraw(nomination),
            blocks=True,
        )
    if has_ended(form, law_day(nomination, at)) and (choice is None or not is_asked):
        return Finding(
            Rule.FORM,
            Outcome.UNKNOWN,
            f"Mẫu hết hiệu lực từ ngày {form.basis.out_of_force_on:%d/%m/%Y}; "
            "Văn phòng chưa chọn giữ hay thay.",
            *ground,
        )
    kept = "; Văn phòng chọn mẫu này" if choice else ""
    return Finding(Rule.FORM, Outcome.PASS, f"Viết theo Mẫu số {form.number}{kept}.", *ground)


def _documents(nomination: Nomination, known: Known, at: dt.datetime) -> Finding:
    """What lacks is named by «Còn thiếu»; here it is counted."""
    items = list(nomination.award_form.required_items.all())
    if not items:
        ground = _law(nomination, known, DOSSIER, at)
        sentence = "Kế hoạch không nêu thành phần hồ sơ của hình thức này."
        return Finding(Rule.DOCUMENTS, Outcome.UNKNOWN, sentence, *ground)
    ground = _plan(nomination, items[0].clause)
    lacks = lacks_of_nomination(nomination)
    if not lacks:
        sentence = "Báo cáo đủ mục, kết quả họp đã ghi."
        return Finding(Rule.DOCUMENTS, Outcome.PASS, sentence, *ground)
    return Finding(
        Rule.DOCUMENTS,
        Outcome.FAIL,
        f"Còn thiếu {len(lacks)} việc: {lacks[0].sentence}.",
        *ground,
        url=lacks[0].url,
    )
