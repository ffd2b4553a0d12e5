"""What waits for a person, and what the person sent on.

Each kind of task is one query, whatever the number of rows; the counter of the navigation
reuses what the home page has read.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q
from django.urls import reverse

from awards.models import (
    CouncilMeeting,
    Decision,
    DecisionState,
    LetterState,
    MeetingState,
    Nomination,
    NominationState,
    ProposalState,
    SubmissionLetter,
    UnitMeeting,
)
from awards.queries.desk import headed_units, open_campaigns, own_proposals
from awards.queries.lines import UNCONFIRMED
from awards.queries.progress import Progress, with_progress
from awards.queries.quotas import quota_lines
from campaigns.models import (
    AwardRoute,
    Campaign,
    Quota,
)
from campaigns.queries import days, talk, windows
from campaigns.queries.forms import awaiting_choice
from campaigns.queries.law import to_review
from thidua.core import clock
from thidua.core.permissions import COUNCIL, OFFICE, Role, headed_unit_ids, roles_of

SHOWN_REVIEWS = 8
_LAW_IS_URGENT = dt.timedelta(days=30)
PART_NAMES = ("tập thể, cá nhân đề nghị", "báo cáo thành tích", "biên bản họp phòng", "tờ trình")


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """Một việc cần làm: what, where it is done, by when; `count` when one row stands for more.

    `plain` is the title for a mail, without anybody's name; `newest` says when the last of
    several things came up, where `since` says when the first did.
    """

    title: str
    url: str
    detail: str = ""
    action: str = "Mở"
    due_on: dt.date | None = None
    label: str = ""
    tone: str = ""
    count: int = 1
    since: dt.datetime | None = None
    working_days: int | None = None
    # What the office has to look at: when each was received, with the limit recorded then.
    receipts: tuple[tuple[dt.date, days.Limit | None], ...] = ()
    plain: str = ""
    newest: dt.datetime | None = None

    @property
    def came_at(self) -> dt.datetime | None:
        """Return when the task, or the last thing it stands for, came up."""
        return self.newest or self.since


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """Một hồ sơ đã chuyển đi: where it stands on its way."""

    title: str
    url: str
    steps: tuple[tuple[str, str], ...]


def tasks_of(user: Any, at: dt.datetime) -> list[Task]:
    """Return what waits for `user`, oldest deadline first; read once for each user object."""
    day = clock.local_day(at)
    kept: dict[dt.date, list[Task]] = user.__dict__.setdefault("_tasks", {})
    if day not in kept:
        kept[day] = sorted(_with_days(_found_for(user, at), user, day), key=_urgency)
    return kept[day]


def waiting_count(user: Any, at: dt.datetime) -> int:
    """Return how many things wait for `user`, for the navigation: no day is worked out for it."""
    return sum(task.count for task in _found_for(user, at))


def _found_for(user: Any, at: dt.datetime) -> list[Task]:
    kept: dict[dt.date, list[Task]] = user.__dict__.setdefault("_tasks_found", {})
    day = clock.local_day(at)
    if day not in kept:
        roles = roles_of(user)
        kept[day] = [task for role, read in _READERS if role & roles for task in read(user, at)]
    return kept[day]


def _with_days(tasks: list[Task], user: Any, day: dt.date) -> Iterator[Task]:
    """Work out by the calendar what is due when, and how many days are worked until then."""
    if not any(task.due_on or task.receipts for task in tasks):
        yield from tasks
        return
    calendar = days.calendar_for(user, day)
    is_received = any(task.receipts for task in tasks)
    present = days.return_limit(user.agency_id, day) if is_received else days.Limit(0)
    for task in tasks:
        ends = [(limit or present).ends_on(on, calendar) for on, limit in task.receipts]
        due_on = min(ends, default=task.due_on)
        left = days.count_working(calendar, day, due_on) if due_on else None
        yield dataclasses.replace(task, due_on=due_on, working_days=left)


def _urgency(task: Task) -> tuple[dt.date, dt.datetime]:
    return (
        task.due_on or dt.date.max,
        task.since or dt.datetime.max.replace(tzinfo=dt.UTC),
    )


def _head_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """A head opens and completes the proposal of each own unit, and mends what came back."""
    campaigns = list(open_campaigns(user, at))
    if not campaigns:
        return
    day = clock.local_day(at)
    editable = Nomination.objects.filter(
        state__in=(NominationState.DRAFT, NominationState.RETURNED)
    ).select_related("award_form")
    proposals: list[Any] = list(
        own_proposals(user)
        .filter(campaign__in=campaigns)
        .annotate(
            has_meeting=Exists(UnitMeeting.objects.filter(proposal=OuterRef("pk"))),
            has_quotas=Exists(Quota.objects.filter(award_form__campaign=OuterRef("campaign"))),
        )
        .prefetch_related(None)
        .prefetch_related(Prefetch("nominations", with_progress(editable)))
    )
    by_key = {campaign.pk: campaign for campaign in campaigns}
    for proposal in proposals:
        proposal.campaign = by_key[proposal.campaign_id]  # it has brought its extensions along
    begun = {(proposal.campaign, proposal.unit_id) for proposal in proposals}
    proposals = [p for p in proposals if windows.is_receiving(p.campaign, p.unit_id, day)]
    drafts = [proposal for proposal in proposals if proposal.state == ProposalState.DRAFT]
    quotas = quota_lines([draft for draft in drafts if draft.has_quotas], day)
    for proposal in proposals:
        due_on = windows.due_on(proposal.campaign, proposal.unit_id)
        for nomination in proposal.nominations.all():
            if nomination.state == NominationState.RETURNED:
                yield Task(
                    f"Bổ sung hồ sơ của {nomination.recipient_name} theo yêu cầu của Văn phòng",
                    reverse("report_edit", args=[nomination.pk]),
                    f"{nomination.award_form.name} · {_first_line(nomination.return_reason)}",
                    "Sửa",
                    due_on=due_on,
                    since=nomination.reviewed_at,
                    plain="Bổ sung một hồ sơ theo yêu cầu của Văn phòng",
                )
        if proposal.state == ProposalState.DRAFT:
            over = sum(line.is_over for line in quotas.get(proposal.pk, ()))
            yield _proposal_task(proposal, over, due_on)
    places = {
        (campaign, unit_id)
        for campaign in campaigns
        for unit_id in headed_unit_ids(user)
        if windows.is_receiving(campaign, unit_id, day)
    }
    if free := places - begun:
        yield from _proposals_to_open(user, free)


def _proposal_task(proposal: Any, over_count: int, due_on: dt.date) -> Task:
    progress = Progress.of(proposal, proposal.nominations.all(), has_meeting=proposal.has_meeting)
    if lack_count := progress.lack_count + over_count:
        return Task(
            f"Hoàn thành đề nghị của {proposal.unit}",
            reverse("proposal_detail", args=[proposal.pk]),
            f"{progress.done_count} trên 4 phần đã xong · còn thiếu {lack_count} việc, "
            f"trước hết là {progress.first_unfinished or 'rút bớt cho đúng chỉ tiêu'}",
            "Tiếp tục",
            due_on=due_on,
            since=proposal.created_at,
        )
    return Task(
        f"Gửi đề nghị của {proposal.unit}",
        reverse("proposal_submit", args=[proposal.pk]),
        "Đã đủ bốn phần · xem lại lần cuối rồi gửi Văn phòng",
        "Xem và gửi",
        due_on=due_on,
        since=proposal.created_at,
    )


def _proposals_to_open(user: Any, places: set[tuple[Campaign, int]]) -> Iterator[Task]:
    units = {unit.pk: unit for unit in headed_units(user)}
    for campaign, unit_id in sorted(places, key=lambda place: (place[0].pk, place[1])):
        if unit_id in units:
            yield Task(
                f"Lập đề nghị khen thưởng của {units[unit_id]}",
                reverse("proposal_mine"),
                str(campaign),
                "Bắt đầu",
                due_on=windows.due_on(campaign, unit_id),
            )


def _line_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """A head confirms how the own unit's recipients are printed, before the decision's number."""
    waiting = (
        Nomination.objects.filter(UNCONFIRMED, proposal__unit_id__in=headed_unit_ids(user))
        .order_by()
        .values("proposal_id", "proposal__unit__name")
        .annotate(count=Count("pk"), first_at=Min("settled_at"), newest=Max("settled_at"))
        .order_by("first_at")
    )
    for row in waiting:
        yield Task(
            f"Xác nhận dòng in: {row['count']} người nhận",
            reverse("line_confirm", args=[row["proposal_id"]]),
            f"{row['proposal__unit__name']} · tên, chức vụ in trên Giấy khen, trước khi cấp số "
            "quyết định",
            "Xác nhận",
            count=row["count"],
            since=row["first_at"],
            newest=row["newest"],
        )


def _author_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """Somebody invited writes the own report."""
    invited: Any = with_progress(
        Nomination.objects.filter(
            author=user,
            state__in=(NominationState.DRAFT, NominationState.RETURNED),
            campaign__in=open_campaigns(user, at),
        )
        .select_related("award_form", "campaign", "proposal")
        .prefetch_related("campaign__extensions")
    ).order_by("pk")
    for nomination in invited:
        if not windows.is_receiving(
            nomination.campaign, nomination.proposal.unit_id, clock.local_day(at)
        ):
            continue
        if not nomination.missing_count and nomination.state == NominationState.DRAFT:
            continue
        written = nomination.required_count - nomination.unwritten_count
        returned = _first_line(nomination.return_reason)
        yield Task(
            "Viết báo cáo thành tích của mình",
            reverse("report_edit", args=[nomination.pk]),
            f"{nomination.award_form.name} · "
            + (returned or f"{written} trên {nomination.required_count} mục đã viết"),
            "Viết tiếp" if written else "Viết",
            due_on=windows.due_on(nomination.campaign, nomination.proposal.unit_id),
            since=nomination.created_at,
            newest=nomination.reviewed_at,
        )


def _review_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The office reviews what was sent, except where the reviewer is concerned.

    Each is due when the limit for a return ends: counted from its last receipt, under the law
    that was recorded then.
    """
    waiting = (
        Nomination.objects.filter(
            campaign__agency_id=user.agency_id, state=NominationState.SUBMITTED
        )
        .exclude(_concerns(user))
        .exclude(proposal__unit_id__in=headed_unit_ids(user))
        .select_related("award_form", "proposal__unit")
        .order_by("submitted_at", "pk")
    )
    rows = list(waiting)
    shown = rows if len(rows) <= SHOWN_REVIEWS else rows[: SHOWN_REVIEWS - 1]
    for nomination in shown:
        yield Task(
            f"Thẩm định hồ sơ của {nomination.recipient_name}",
            reverse("nomination_detail", args=[nomination.pk]),
            f"{nomination.award_form.name} · {nomination.proposal.unit} · "
            f"gửi {clock.local_day(nomination.submitted_at):%d/%m/%Y}",
            "Thẩm định",
            receipts=(_receipt_of(nomination),),
            plain=f"Thẩm định một hồ sơ của {nomination.proposal.unit}",
            since=nomination.submitted_at,
        )
    if more := len(rows) - len(shown):
        yield Task(
            f"Thẩm định {more} hồ sơ khác",
            reverse("review_queue"),
            "Gửi sau các hồ sơ trên",
            "Mở bàn thẩm định",
            receipts=tuple(_receipt_of(nomination) for nomination in rows[len(shown) :]),
            count=more,
            since=rows[-1].submitted_at,
        )


def _receipt_of(nomination: Nomination) -> tuple[dt.date, days.Limit | None]:
    # What was mended and sent again is received again.
    moments = (nomination.submitted_at, nomination.received_for_appraisal_at)
    received_at = max(moment for moment in moments if moment)
    return clock.local_day(received_at), days.recorded_return_limit(nomination.received_law)


def _question_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The office answers what was asked."""
    for row in talk.waiting_questions(user.agency_id):
        many = row["count"] > 1
        yield Task(
            f"Trả lời {row['count']} câu hỏi" if many else "Trả lời câu hỏi",
            reverse("question_list", args=[row["campaign_id"]])
            if many
            else reverse("question_answer", args=[row["only"]]),
            row["campaign__short_title"],
            "Trả lời",
            label=f"Hỏi {_short(row['first_at'])}",
            tone="wait",
            count=row["count"],
            since=row["first_at"],
            newest=row["last_at"],
        )


def _answer_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The office records what came back from the superior."""
    letters = (
        SubmissionLetter.objects.filter(
            campaign__agency_id=user.agency_id, state=LetterState.NUMBERED
        )
        .select_related("award_form")
        .annotate(open_count=Count("lines", filter=Q(lines__outcome__isnull=True)))
        .order_by("issued_on", "pk")
    )
    for letter in letters:
        yield Task(
            f"Ghi kết quả của cấp trên cho {letter}",
            letter.get_absolute_url(),
            f"{letter.award_form.name} · {letter.open_count} trường hợp chờ kết quả",
            "Ghi kết quả",
            label=f"Trình {letter.issued_on:%d/%m/%Y}",
            tone="info",
            since=letter.approved_at,
        )


def _law_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The office looks up again what is announced to end, until it has recorded its review."""
    bases = to_review(user.agency_id, clock.local_day(at)) if user.agency_id else []
    if not bases:
        return
    one = bases[0] if len(bases) == 1 else None
    ends = min(day for basis in bases for day in (basis.review_on, basis.out_of_force_on) if day)
    is_near = ends <= clock.local_day(at) + _LAW_IS_URGENT
    yield Task(
        "Rà soát quy định sắp hết hiệu lực",
        one.get_absolute_url() if one else reverse("law_list"),
        ", ".join(basis.code for basis in bases),
        "Rà soát",
        due_on=ends if is_near else None,  # until then it waits behind the dossiers
        label="" if is_near else f"Trước {ends:%d/%m/%Y}",
    )


def _form_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The office says which form of report follows the one that has ended."""
    for award_form in awaiting_choice(user.agency_id, clock.local_day(at)):
        named = award_form.report_form
        yield Task(
            f"Chọn mẫu báo cáo cho {award_form.name}",
            reverse("form_choice_create", args=[award_form.campaign_id, award_form.pk]),
            f"{award_form.campaign} · Mẫu số {named.number} {named.basis.short_name} đã hết hiệu lực",
            "Chọn mẫu",
        )


def _secretary_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The secretary finishes the open meetings and calls one over what waits."""
    open_meetings = _open_meetings(user)
    for meeting in open_meetings:
        yield Task(
            f"Ghi và kết thúc {str(meeting)[0].lower()}{str(meeting)[1:]}",
            meeting.get_absolute_url(),
            f"{meeting.award_form.name} · {meeting.item_count} nội dung, "
            f"{meeting.counted_count} đã có kết quả biểu quyết",
            "Mở phiên họp",
            label="Đang ghi",
            tone="wait",
            since=meeting.held_at,
        )
    waiting = (
        Nomination.objects.filter(
            campaign__agency_id=user.agency_id,
            state=NominationState.ACCEPTED,
            award_form__route=AwardRoute.SUPERIOR,
        )
        .exclude(award_form__in=[meeting.award_form_id for meeting in open_meetings])
        .order_by()
        .values("award_form__name")
        .annotate(count=Count("pk"), newest=Max("reviewed_at"))
        .order_by("award_form__name")
    )
    for row in waiting:
        yield Task(
            f"Mở phiên họp xét {row['award_form__name']}",
            reverse("council_list"),
            f"{row['count']} đề nghị đã đủ điều kiện, chờ Hội đồng",
            "Mở phiên họp",
            newest=row["newest"],
        )


def _member_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """A member reads what the agenda of an open meeting holds."""
    if Role.COUNCIL_SECRETARY in roles_of(user):
        return
    for meeting in _meetings_just_closed(user, at):
        yield Task(
            f"Đọc biên bản của {str(meeting)[0].lower()}{str(meeting)[1:]}",
            meeting.get_absolute_url(),
            meeting.award_form.name,
            "Đọc biên bản",
            label="Đã kết thúc",
            tone="ok",
            since=meeting.held_at,
        )
    for meeting in _open_meetings(user):
        yield Task(
            f"Đọc hồ sơ của {str(meeting)[0].lower()}{str(meeting)[1:]}",
            meeting.get_absolute_url(),
            f"{meeting.award_form.name} · {meeting.item_count} nội dung",
            "Đọc hồ sơ",
            label="Đang họp",
            tone="info",
            since=meeting.held_at,
        )


_MINUTES_ARE_NEWS = dt.timedelta(days=3)  # nobody keeps who has read them


def _meetings_just_closed(user: Any, at: dt.datetime) -> list[Any]:
    """Return the meetings of the last days, whose minutes a member still wants to read."""
    return list(
        CouncilMeeting.objects.filter(
            campaign__agency_id=user.agency_id,
            state=MeetingState.CLOSED,
            ended_at__gte=at - _MINUTES_ARE_NEWS,
        )
        .select_related("award_form")
        .order_by("-held_at", "pk")
    )


def _open_meetings(user: Any) -> list[Any]:
    return list(
        CouncilMeeting.objects.filter(campaign__agency_id=user.agency_id, state=MeetingState.OPEN)
        .select_related("award_form")
        .annotate(
            item_count=Count("agenda"),
            counted_count=Count("agenda", filter=Q(agenda__for_count__isnull=False)),
        )
        .order_by("held_at", "pk")
    )


def _signatory_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The head of the agency approves what the office accepted and signs off letters."""
    waiting = (
        Nomination.objects.filter(
            campaign__agency_id=user.agency_id,
            state=NominationState.ACCEPTED,
            award_form__route=AwardRoute.OWN,
        )
        .exclude(_concerns(user))
        .exclude(reviewed_by=user)
        .order_by()
        .values("award_form__name")
        .annotate(count=Count("pk"), newest=Max("reviewed_at"))
        .order_by("award_form__name")
    )
    for row in waiting:
        yield Task(
            f"Phê duyệt {row['count']} đề nghị {row['award_form__name']}",
            reverse("approval_list"),
            "Văn phòng đã thẩm định, đủ điều kiện",
            "Xem và phê duyệt",
            count=row["count"],
            newest=row["newest"],
        )
    letters = (
        SubmissionLetter.objects.filter(campaign__agency_id=user.agency_id, state=LetterState.DRAFT)
        .select_related("award_form")
        .annotate(line_count=Count("lines"))
        .order_by("created_at")
    )
    for letter in letters:
        yield Task(
            f"Duyệt tờ trình đề nghị {letter.award_form.name}",
            letter.get_absolute_url(),
            f"{letter.line_count} trường hợp Hội đồng đã thông qua",
            "Xem và duyệt",
            since=letter.created_at,
        )


def _registrar_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The registrar numbers, and closes with the signed file."""
    approved = (
        Nomination.objects.filter(
            campaign__agency_id=user.agency_id, state=NominationState.APPROVED
        )
        .order_by()
        .values("award_form_id", "award_form__name")
        .annotate(
            count=Count("pk"),
            open_count=Count("pk", filter=UNCONFIRMED),
            newest=Max("settled_at"),
        )
        .order_by("award_form_id")
    )
    for row in approved:
        open_count = row["open_count"]
        yield Task(
            f"Cấp số quyết định tặng {row['award_form__name']}",
            reverse("decision_create", args=[row["award_form_id"]]),
            f"{row['count']} trường hợp đã được phê duyệt"
            + (f", {open_count} dòng in chờ đơn vị xác nhận" if open_count else ""),
            "Xem danh sách" if open_count else "Cấp số",
            label="Chờ đơn vị" if open_count else "",
            tone="wait" if open_count else "",
            newest=row["newest"],
        )
    for decision in Decision.objects.filter(
        campaign__agency_id=user.agency_id, state=DecisionState.NUMBERED
    ).order_by("issued_on", "number"):
        yield Task(
            f"Tải bản đã ký của {str(decision)[0].lower()}{str(decision)[1:]}",
            decision.get_absolute_url(),
            "Quyết định có hiệu lực và vào sổ khi có bản đã ký",
            "Mở quyết định",
            label=f"Ngày {decision.issued_on:%d/%m/%Y}",
            tone="wait",
            since=clock.start_of(decision.issued_on),
        )
    for letter in (
        SubmissionLetter.objects.filter(
            campaign__agency_id=user.agency_id, state=LetterState.APPROVED
        )
        .select_related("award_form")
        .order_by("approved_at")
    ):
        yield Task(
            f"Cấp số tờ trình đề nghị {letter.award_form.name}",
            letter.get_absolute_url(),
            "Đã duyệt, chờ số và ngày",
            "Cấp số",
            since=letter.approved_at,
        )


def _administrator_tasks(user: Any, at: dt.datetime) -> Iterator[Task]:
    """The administrator gives the emblem that certificates are printed with."""
    if user.agency is not None and user.agency.emblem_id is None:
        yield Task(
            "Tải tệp Quốc huy để in giấy khen",
            reverse("agency_detail"),
            "Khi chưa có tệp, giấy khen in một vòng tròn giữ chỗ",
            "Tải lên",
        )


def _concerns(user: Any) -> Q:
    """Nominations that `user` wrote, sent, or is named in: others judge those."""
    concerned = Q(created_by=user) | Q(author=user) | Q(submitted_by=user)
    return concerned | Q(person_id=user.person_id) if user.person_id else concerned


_Reader = Callable[[Any, dt.datetime], Iterator[Task]]
_READERS: tuple[tuple[frozenset[Role], _Reader], ...] = (
    (frozenset({Role.UNIT_HEAD}), _head_tasks),
    (frozenset({Role.UNIT_HEAD}), _line_tasks),
    (frozenset({Role.STAFF_MEMBER}), _author_tasks),
    (OFFICE, _review_tasks),
    (OFFICE, _answer_tasks),
    (OFFICE, _law_tasks),
    (OFFICE, _form_tasks),
    (OFFICE, _question_tasks),
    (frozenset({Role.COUNCIL_SECRETARY}), _secretary_tasks),
    (frozenset({Role.COUNCIL_MEMBER}), _member_tasks),
    (frozenset({Role.SIGNATORY}), _signatory_tasks),
    (frozenset({Role.REGISTRAR}), _registrar_tasks),
    (frozenset({Role.ADMINISTRATOR}), _administrator_tasks),
)

# What comes next when nothing waits: the first line whose roles the person holds.
_NEXT = (
    (
        frozenset({Role.UNIT_HEAD}),
        "Đơn vị đã gửi những gì cần gửi. Khi Văn phòng yêu cầu bổ sung, việc sẽ hiện ở đây.",
    ),
    (OFFICE, "Chưa có hồ sơ nào chờ thẩm định. Hồ sơ các đơn vị gửi sẽ hiện ở đây."),
    (COUNCIL, "Chưa có phiên họp nào. Đề nghị đủ điều kiện trình Hội đồng sẽ hiện ở đây."),
    (
        frozenset({Role.SIGNATORY}),
        "Chưa có đề nghị nào chờ phê duyệt. Hồ sơ Văn phòng thẩm định xong sẽ hiện ở đây.",
    ),
    (
        frozenset({Role.REGISTRAR}),
        "Chưa có văn bản nào chờ cấp số. Đề nghị được phê duyệt sẽ hiện ở đây.",
    ),
    (
        frozenset({Role.STAFF_MEMBER}),
        "Khi Trưởng phòng mời viết báo cáo thành tích, việc sẽ hiện ở đây.",
    ),
    (
        frozenset({Role.ADMINISTRATOR}),
        "Không có việc nào chờ. Mọi thao tác của phần mềm đọc được ở trang Nhật ký.",
    ),
)


def next_sentence(user: Any, campaign: Campaign | None) -> str:
    """Say what comes next, and when, to somebody for whom nothing waits."""
    roles = roles_of(user)
    told = next((sentence for held, sentence in _NEXT if held & roles), "Không có việc nào chờ.")
    if campaign is None:
        return f"{told} Chưa có đợt thi đua nào đang nhận hồ sơ."
    if reason := windows.why_ended(campaign):
        return f"{told} {reason}"
    due_on = windows.last_day_of(campaign, windows.own_unit_ids(user))
    return f"{told} Đợt này nhận hồ sơ đến hết ngày {due_on:%d/%m/%Y}."


# --- What was sent on --------------------------------------------------------------------------

_WAYS = {
    AwardRoute.OWN: ("Đã gửi", "Văn phòng thẩm định", "Phê duyệt", "Ban hành quyết định"),
    AwardRoute.SUPERIOR: (
        "Đã gửi",
        "Văn phòng thẩm định",
        "Hội đồng xét",
        "Trình cấp trên",
        "Kết quả",
    ),
}
# The step at which a nomination of a state stands; one that has been awarded has passed them all.
_STEP_OF = {
    NominationState.SUBMITTED: 1,
    NominationState.DECLINED: 1,
    NominationState.ACCEPTED: 2,
    NominationState.REFUSED: 2,
    NominationState.NOT_ENDORSED: 2,
    NominationState.APPROVED: 3,
    NominationState.DECIDED: 3,
    NominationState.ENDORSED: 3,
    NominationState.FORWARDED: 4,
    NominationState.NOT_GRANTED: 4,
    NominationState.AWARDED: 5,
}
_ENDINGS = {
    NominationState.DECLINED,
    NominationState.REFUSED,
    NominationState.NOT_ENDORSED,
    NominationState.NOT_GRANTED,
}


def sent_by(user: Any) -> list[Sent]:
    """Return the nominations of the units that `user` heads and that are on their way."""
    headed = headed_unit_ids(user)
    if not headed:
        return []
    sent = (
        Nomination.objects.filter(proposal__unit_id__in=headed, state__in=_STEP_OF)
        .select_related("award_form")
        .order_by("-subject_kind", "sort_key")
    )
    return [
        Sent(
            f"{nomination.recipient_name} · {nomination.award_form.name}",
            nomination.get_absolute_url(),
            steps_of(nomination),
        )
        for nomination in sent
    ]


def steps_of(nomination: Nomination) -> tuple[tuple[str, str], ...]:
    """Return the way of a nomination as (label, "done" | "now" | "")."""
    place = _STEP_OF.get(NominationState(nomination.state), 0)
    labels = list(_WAYS[AwardRoute(nomination.award_form.route)])
    if nomination.submitted_at:
        labels[0] = f"Đã gửi {_short(nomination.submitted_at)}"
    if nomination.reviewed_at and place > 1:
        labels[1] = f"Văn phòng thẩm định xong {_short(nomination.reviewed_at)}"
    if nomination.state in _ENDINGS:
        labels[place] = nomination.get_state_display()
    return tuple(
        (label, "done" if index < place else "now" if index == place else "")
        for index, label in enumerate(labels)
    )


def _short(at: dt.datetime) -> str:
    return f"{at.astimezone(clock.VIET_NAM):%d/%m}"


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")[:200]
