"""The acts of the sample: each is an act of the product, done at a moment of 2025."""

import contextlib
import datetime as dt
import decimal
import html
from collections.abc import Iterable, Iterator, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ

from awards.actions import (
    council,
    decisions,
    letters,
    lines,
    printing,
    proposals,
    reports,
    unit_papers,
)
from awards.actions.evidence import attach_evidence
from awards.actions.holds import conclude_hold, open_hold
from awards.models import (
    CouncilMeeting,
    Decision,
    LetterLine,
    Nomination,
    Proposal,
    SubmissionLetter,
)
from awards.papers.council import keep_minutes
from awards.queries.printing import OPEN_ELEMENTS, sheet_of
from awards.workflow import LETTER, NOMINATION
from campaigns.actions.announcements import publish_announcement
from campaigns.actions.questions import answer_question, ask_question
from campaigns.models import AwardForm, AwardType, Campaign, Question, SubjectKind
from dossiers.actions import send_letter
from dossiers.sample.agency import Cast
from dossiers.sample.reports import letter_text, report_texts
from staff.models import Hold, HoldKind, HoldOutcome, Person
from thidua.core import clock, files, jobs
from thidua.core.certificates import ELEMENT_LABELS, CertificatePaper, print_certificates_together
from thidua.core.models import Job, JobState
from thidua.core.pdf import render_html_to_pdf
from thidua.core.raster import page_png
from thidua.core.workflow import Workflow

# A unit of more than this has somebody away on the day of its meeting.
_ALL_AT_HOME = 4
_SCAN_DPI = 150


class Acts:
    """The acts of the sample, each at a moment later than the one before."""

    def __init__(self, cast: Cast, campaign: Campaign) -> None:
        self.cast, self.campaign = cast, campaign
        self.last = moment("10-01 08:00")
        self.turn = 0

    @contextlib.contextmanager
    def on(self, text: str) -> Iterator[dt.datetime]:
        """Hold the clock at a moment of 2025."""
        at = moment(text)
        if at <= self.last:
            raise ValueError(f"{text} is not after {self.last}")
        self.last = at
        with clock.frozen(at):
            yield at

    # --- What a unit does ------------------------------------------------------------------

    def prepare(
        self, when: str, code: str, names: Sequence[str], collective: Sequence[str]
    ) -> dict[str, Nomination]:
        """Open a unit's proposal with its collective and people, reports written.

        Return the nominations by the person's name, or by "merit" and "letter".
        """
        with self.on(when) as at:
            head = self.cast.head_of(code)
            proposal = proposals.open_proposal(
                campaign=self.campaign, unit=self.cast.units[code], actor=head, at=at
            )
            made = {key: self._add(proposal, key, at) for key in collective}
            for name in names:
                made[name] = self._add(proposal, "letter", at, self.cast.people[name])
            for nomination in made.values():
                self._write(nomination, at)
        return made

    def nominate_too(self, when: str, code: str, reason: str) -> dict[str, Nomination]:
        """Propose the collective for the Giấy khen too, with the reason that this needs."""
        with self.on(when) as at:
            proposal = self._proposal(code)
            nomination = self._add(proposal, "letter", at, reason=reason)
            self._write(nomination, at)
        return {"letter": nomination}

    def begin(
        self, moments: Sequence[str], code: str, *, invited: str, withdrawn: str, named: str
    ) -> None:
        """Leave a proposal half-written: one report begun, one author invited, one name taken out."""
        made = self.prepare(moments[0], code, [withdrawn], ["letter"])
        with self.on(moments[1]) as at:
            head, proposal = self.cast.head_of(code), self._proposal(code)
            NOMINATION.fire(
                made[withdrawn],
                "withdraw",
                actor=head,
                at=at,
                note="Cá nhân xin rút để nhường cho đồng nghiệp.",
            )
            person = self.cast.people[invited]
            nomination = self._add(proposal, "letter", at, person)
            reports.invite_author(nomination=nomination, author=person.user, actor=head, at=at)
            self._write(nomination, at, only={"I.1", "I.2"}, actor=person.user)
            self._add(proposal, "letter", at, self.cast.people[named])

    def ask(self, when: str, code: str, text: str) -> Question:
        """Let a head ask the office about the plan."""
        with self.on(when) as at:
            head = self.cast.head_of(code)
            return ask_question(campaign=self.campaign, text=text, actor=head, at=at)

    def answer(self, when: str, who: str, question: Question, text: str) -> None:
        """Let the office answer, for everybody to read."""
        with self.on(when) as at:
            answer_question(
                question=question,
                answer=text,
                is_public=True,
                version=question.version,
                actor=self.cast.accounts[who],
                at=at,
            )

    def hold(self, when: str, name: str, kind: HoldKind, number: str, reason: str) -> Hold:
        """Let the keeper write a line about somebody into the hold register."""
        with self.on(when) as at:
            day = clock.local_day(at)
            return open_hold(
                agency=self.cast.agency,
                subject=self.cast.people[name],
                kind=kind,
                reason=reason,
                opened_on=day,
                document_number=number,
                document_on=day,
                actor=self.cast.accounts["giuso"],
                at=at,
                is_sample=True,
            )

    def clear(self, when: str, hold: Hold, number: str) -> None:
        """Let the keeper write that nothing was found."""
        with self.on(when) as at:
            conclude_hold(
                hold=hold,
                concluded_on=clock.local_day(at),
                concluding_number=number,
                outcome=HoldOutcome.CLEARED,
                actor=self.cast.accounts["giuso"],
                at=at,
            )

    def announce(self, when: str, who: str, title: str, text: str) -> None:
        """Let the office tell everybody something."""
        with self.on(when) as at:
            publish_announcement(
                campaign=self.campaign,
                title=title,
                text=text,
                actor=self.cast.accounts[who],
                at=at,
            )

    def send(self, when: str, code: str) -> None:
        """Record the unit's meeting, finish the letter and send everything."""
        with self.on(when) as at:
            head, proposal = self.cast.head_of(code), self._proposal(code)
            unit = proposal.unit
            staff = list(unit.people.order_by("pk"))
            present = len(staff) - (len(staff) > _ALL_AT_HOME)
            unit_papers.record_unit_meeting(
                proposal=proposal,
                facts={
                    "held_at": at - dt.timedelta(hours=3),
                    "ended_at": at - dt.timedelta(hours=2),
                    "place": f"Phòng họp {unit.name}",
                    "chair_name": head.display_name,
                    "secretary_name": staff[-1].full_name,
                    "conclusion": "Thống nhất đề nghị các trường hợp có tên trong danh sách.",
                },
                people=[
                    unit_papers.Sitting(
                        person.full_name,
                        person.position,
                        person.pk,
                        absent_reason="đi công tác" if turn == 1 and present < len(staff) else "",
                    )
                    for turn, person in enumerate(staff)
                ],
                votes={
                    nomination.pk: unit_papers.Votes(present - turn % 2)
                    for turn, nomination in enumerate(proposal.nominations.order_by("pk"))
                },
                actor=head,
                at=at,
            )
            unit_papers.write_letter(
                proposal=proposal,
                text=letter_text(unit.name, f"“{self.campaign.short_title}”"),
                confirmed=True,
                actor=head,
                at=at,
            )
            proposals.submit_proposal(proposal=proposal, actor=head, at=at)

    def mend(self, when: str, nomination: Nomination, note: str) -> None:
        """Write what the office asked for, and send again."""
        with self.on(when) as at:
            head = self.cast.head_of(nomination.proposal.unit.code)
            report = nomination.report
            report.refresh_from_db()
            section = report.sections.get(heading__number="II.1")
            reports.write_report(
                nomination=nomination,
                texts={
                    section.heading_id: f"{section.text}\nSo với cùng kỳ năm 2024, khối lượng công "
                    "việc hoàn thành tăng 15%, thời gian xử lý trung bình giảm 03 ngày; giải pháp "
                    "được áp dụng từ ngày 02 tháng 6 năm 2025."
                },
                version=report.version,
                actor=head,
                at=at,
            )
            proposals.resubmit_nomination(nomination=nomination, note=note, actor=head, at=at)

    # --- What the office, the Chief Inspector and the registrar do -------------------------

    def review(
        self,
        when: str,
        reviewer: str,
        action: str,
        nominations: Iterable[Nomination],
        note: str = "",
    ) -> None:
        """Accept, return or decline, one after the other."""
        self._fire_each(when, NOMINATION, reviewer, action, nominations, note=note)

    def settle(
        self, when: str, action: str, nominations: Iterable[Nomination], note: str = ""
    ) -> None:
        """Approve or refuse as the Chief Inspector."""
        self._fire_each(when, NOMINATION, "chanhthanhtra", action, nominations, note=note)

    def decide(self, moments: Sequence[str], nominations: Iterable[Nomination]) -> Decision:
        """Let each unit confirm its lines as they stand; then number the decision and print."""
        confirmed_on, numbered_on = moments
        with self.on(confirmed_on) as at:
            for nomination in nominations:
                lines.confirm_lines(
                    proposal=nomination.proposal,
                    lines=[lines.as_it_stands(nomination)],
                    actor=self.cast.head_of(nomination.proposal.unit.code),
                    at=at,
                )
        with self.on(numbered_on) as at:
            decision = decisions.issue_decision(
                award_form=self._form("letter"),
                issued_on=clock.local_day(at),
                actor=self.cast.accounts["vanthu"],
                at=at,
            )
            _run_waiting_jobs()
        return decision

    def stock(self, when: str, count: int) -> None:
        """Take a blank and a printer into use, and enter the blanks that came."""
        registrar = self.cast.accounts["vanthu"]
        with self.on(when) as at:
            printing.create_printer(
                agency=self.cast.agency,
                name="Máy in phòng Văn thư, khay tay",
                right_mm=decimal.Decimal("1.5"),
                down_mm=decimal.Decimal("-0.5"),
                actor=registrar,
                at=at,
            )
            blank = printing.create_blank(
                agency=self.cast.agency,
                name="Phôi hoa văn, đặt in năm 2025",
                scan=files.keep(
                    _blank_scan(self.cast.agency.granting_title),
                    name="phoi-mau.png",
                    media_type="image/png",
                    actor=registrar,
                ),
                layout={},
                elements=OPEN_ELEMENTS,
                actor=registrar,
            )
            printing.receive_blanks(
                blank=blank,
                count=count,
                note="Nhận từ nhà in, đủ số lượng.",
                seen=0,
                actor=registrar,
                at=at,
            )

    def close(self, when: str, decision: Decision) -> None:
        """Close a decision with the sample of a signed scan."""
        with self.on(when) as at:
            decisions.close_decision(
                decision=decision,
                upload=_scan(f"Quyết định số {decision.number_text}"),
                signed_on=decision.issued_on,
                actor=self.cast.accounts["vanthu"],
                at=at,
            )

    # --- What the council does, and what the province answers ------------------------------

    def meet(
        self,
        when: str,
        until: str,
        votes: dict[Nomination, tuple[int, int]],
        discussion: str,
        absent: dict[str, str] | None = None,
    ) -> SubmissionLetter | None:
        """Hold a meeting of the council over all that is ready; return the letter it drafts."""
        secretary = self.cast.accounts["thuky"]
        with self.on(when) as held_at:
            meeting = council.open_meeting(
                council=self.cast.council,
                award_form=self._form("merit"),
                held_at=held_at,
                place="Phòng họp số 1, Thanh tra tỉnh",
                actor=secretary,
                at=held_at,
            )
            seats = {seat.person.full_name: seat.pk for seat in self.cast.council.members.all()}
            council.record_attendance(
                meeting=meeting,
                absences={seats[name]: why for name, why in (absent or {}).items()},
                actor=secretary,
                at=held_at,
            )
            council.record_discussion(meeting=meeting, text=discussion, actor=secretary, at=held_at)
            for nomination, (for_count, against_count) in votes.items():
                council.record_votes(
                    item=meeting.agenda.get(nomination=nomination),
                    for_count=for_count,
                    against_count=against_count,
                    actor=secretary,
                    at=held_at,
                )
        with self.on(until) as at:
            letter = council.close_meeting(meeting=meeting, ended_at=at, actor=secretary, at=at)
            keep_minutes(CouncilMeeting.objects.get(pk=meeting.pk), secretary)
        return letter

    def send_letter(self, moments: Sequence[str], letter: SubmissionLetter | None) -> None:
        """Sign the letter off, number it, and put its sets together."""
        if letter is None:
            raise ValueError("the council endorsed nothing")
        approved_on, numbered_on = moments
        self._fire_each(approved_on, LETTER, "chanhthanhtra", "approve", [letter])
        with self.on(numbered_on) as at:
            send_letter(
                letter=letter,
                issued_on=clock.local_day(at),
                actor=self.cast.accounts["vanthu"],
                at=at,
            )
            _run_waiting_jobs()

    def learn(
        self,
        when: str,
        nomination: Nomination,
        decision_number: str = "",
        decided_on: dt.date | None = None,
        *,
        reason: str = "",
    ) -> None:
        """Record what the province decided on one collective."""
        with self.on(when) as at:
            letters.record_outcome(
                line=LetterLine.objects.get(nomination=nomination),
                is_granted=decided_on is not None,
                decision_number=decision_number,
                decided_on=decided_on,
                reason=reason,
                actor=self.cast.accounts["chanhvp"],
                at=at,
            )

    # --- Parts -----------------------------------------------------------------------------

    def _form(self, key: str) -> AwardForm:
        kinds = {
            "letter": AwardType.COMMENDATION_LETTER,
            "merit": AwardType.CERTIFICATE_OF_MERIT,
        }
        return self.campaign.award_forms.get(award_type=kinds[key])

    def _proposal(self, code: str) -> Proposal:
        return Proposal.objects.select_related("unit").get(
            campaign=self.campaign, unit=self.cast.units[code]
        )

    def _add(
        self,
        proposal: Proposal,
        key: str,
        at: dt.datetime,
        person: Person | None = None,
        reason: str = "",
    ) -> Nomination:
        """Propose a person, or the unit itself."""
        return proposals.add_nomination(
            proposal=proposal,
            award_form=self._form(key),
            subject_kind=SubjectKind.PERSON if person else SubjectKind.UNIT,
            person=person,
            recipient_unit=None if person else proposal.unit,
            both_forms_reason=reason,
            actor=self.cast.head_of(proposal.unit.code),
            at=at,
        )

    def _write(
        self,
        nomination: Nomination,
        at: dt.datetime,
        *,
        only: set[str] | None = None,
        actor: object = None,
    ) -> None:
        """Write the report of a nomination (or a part of it) and add evidence to every other."""
        self.turn += 1
        unit = nomination.proposal.unit
        head = self.cast.head_of(unit.code)
        texts = report_texts(
            nomination.subject_kind,
            turn=self.turn,
            name=nomination.recipient_name,
            position=nomination.person.position if nomination.person else "",
            unit=unit.name,
            field=self.cast.fields[unit.code],
            headcount=unit.people.count(),
            own=self.cast.own_words.get(nomination.recipient_name, {}),
        )
        headings = nomination.report.form.headings.filter(
            subject_kind=nomination.subject_kind, is_group=False
        )
        reports.write_report(
            nomination=nomination,
            texts={
                heading.pk: texts.get(heading.number, "")
                for heading in headings
                if only is None or heading.number in only
            },
            version=nomination.report.version,
            actor=actor or head,
            at=at,
        )
        if self.turn % 3 == 1:
            attach_evidence(
                nomination=nomination,
                upload=_scan(f"Văn bản đánh giá kết quả công tác số {self.turn:02d}"),
                caption="Văn bản đánh giá kết quả công tác",
                actor=actor or head,
                at=at,
            )

    def _fire_each(
        self,
        when: str,
        workflow: Workflow,
        username: str,
        action: str,
        records: Iterable[Nomination | SubmissionLetter],
        *,
        note: str = "",
    ) -> None:
        with self.on(when) as at:
            for record in records:
                workflow.fire(
                    record,
                    action,
                    actor=self.cast.accounts[username],
                    at=at,
                    note=note,
                    confirmed=True,
                )


def forget_what_is_queued() -> None:
    """All that the sample asked for is done: nothing waits for the worker."""
    OrmQ.objects.all().delete()


def _run_waiting_jobs() -> None:
    """Do at once what was just queued: the worker may not be there yet."""
    waiting = list(Job.objects.filter(state=JobState.WAITING).values_list("pk", flat=True))
    for pk in waiting:
        jobs.run(pk)


def _scan(title: str) -> SimpleUploadedFile:
    """Return a small PDF that stands for a scan, and says so."""
    page = (
        f"<html lang='vi'><head><title>{html.escape(title)}</title></head>"
        f"<body><h1>Bản quét mẫu</h1><p>{html.escape(title)}</p>"
        "<p>Trang này thay cho bản quét của văn bản giấy trong buổi diễn tập.</p></body></html>"
    )
    return SimpleUploadedFile(f"{title}.pdf", render_html_to_pdf(page), "application/pdf")


def _blank_scan(authority: str) -> bytes:
    """Return a picture that stands for the scan of a blank, drawn by the product: all that a run does not print."""
    paper = CertificatePaper(
        recipient_name="",
        achievement="",
        decision_line="",
        golden_number="",
        place_date="",
        signer_title="",
        signer_name="",
        authority=authority,
        kind=AwardType.COMMENDATION_LETTER.label.upper(),
    )
    printed = [str(element) for element in ELEMENT_LABELS if element not in OPEN_ELEMENTS]
    content = print_certificates_together([paper], sheet_of({}, printed))
    return page_png(content, dpi=_SCAN_DPI)


def moment(text: str) -> dt.datetime:
    """Return a moment of 2025 in Viet Nam: "10-06 08:30"."""
    return dt.datetime.fromisoformat(f"2025-{text}").replace(tzinfo=clock.VIET_NAM)
