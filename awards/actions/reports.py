"""Reports: written, read from Word, and moved when the form of their award changes."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from awards.actions.editing import editable_nomination
from awards.models import (
    AchievementReport,
    Claim,
    Nomination,
    NominationState,
    PastAward,
    ReportSection,
)
from awards.policy import OWN_HEAD
from awards.queries.desk import known_awards
from awards.queries.returns import open_parts
from awards.rules.past_awards import AwardRow, merged, row_of, row_of_entry, tidy
from awards.rules.report import joined_texts, moved_places, moved_rows, moved_texts
from awards.rules.report_choices import chosen_rows, chosen_texts, within_limits
from awards.rules.report_reading import Reading
from awards.rules.returns import everything_is_open, headings_are_open, report_is_open
from campaigns.models import AwardForm, HeadingKind, ReportForm, ReportHeading
from staff.models import User
from thidua.core import audit, clock, drafts, files
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused, must


def rebind_reports(*, award_form: AwardForm, form: ReportForm, actor: Any) -> int:
    """Move the reports that were never sent under `form` and return how many moved.

    What was received for appraisal keeps the form under which it was received. The caller holds
    the transaction, and the lock of the form of award.
    """
    drafts = list(
        Nomination.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            award_form=award_form,
            state=NominationState.DRAFT,
            received_for_appraisal_at__isnull=True,
            report__isnull=False,
        )
        .exclude(report__form=form)
        .order_by("pk")
    )
    for nomination in drafts:
        report = (
            AchievementReport.objects.select_for_update(of=("self",), no_key=True)
            .select_related("form")
            .get(nomination=nomination)
        )
        _rebind(report, form, nomination.subject_kind)
        audit.record(
            "rebind",
            nomination,
            actor=actor,
            label="Chuyển báo cáo sang mẫu khác",
            note=f"{report.form.label}. Nội dung đã viết được giữ nguyên.",
        )
    return len(drafts)


def _rebind(report: AchievementReport, form: ReportForm, subject_kind: str) -> None:
    """Put every text under a heading of `form`; who edited it last stays who it was.

    The claims of a section go with its words.
    """
    olds = list(report.sections.select_related("heading"))
    written = [(section.heading, section.text) for section in olds]
    awards = report.past_awards.select_related("heading")
    headings = list(form.headings.filter(subject_kind=subject_kind, is_group=False))
    rows, left = moved_rows([(award.heading, row_of(award)) for award in awards], headings)
    texts = moved_texts(joined_texts(written, left), headings)
    report.past_awards.all().delete()
    PastAward.objects.bulk_create(_awards(report, rows))
    news = {
        section.heading_id: section
        for section in ReportSection.objects.bulk_create(
            [
                ReportSection(report=report, heading=heading, text=texts[heading.pk])
                for heading in headings
            ]
        )
    }
    places = moved_places(
        [section.heading for section in olds],
        headings,
        {section.heading_id: section.text for section in olds},
        texts,
    )
    for section in olds:
        Claim.objects.filter(section=section).update(section=news[places[section.heading_id]])
    report.sections.filter(pk__in=[section.pk for section in olds]).delete()
    report.form = form
    report.version += 1
    report.save(update_fields=["form", "version"])


@transaction.atomic
def invite_author(*, nomination: Nomination, author: User, actor: Any, at: dt.datetime) -> None:
    """Let the nominee write the own report."""
    nomination = editable_nomination(nomination, actor, at)
    must(OWN_HEAD.refuses(actor, nomination))
    if author.person_id is None or author.person_id != nomination.person_id:
        raise Refused("Chỉ mời chính cá nhân được đề nghị viết báo cáo của mình.")
    nomination.author = author
    nomination.version += 1
    nomination.save(update_fields=["author", "version"])
    audit.record(
        "invite", nomination, actor=actor, label="Mời viết báo cáo", note=author.display_name
    )


def _awards(report: AchievementReport, rows: Mapping[int, Sequence[AwardRow]]) -> list[PastAward]:
    """Return rows to be kept, by heading; an empty one is none."""
    return [
        PastAward(
            report=report, heading_id=heading_id, position=position, **dataclasses.asdict(row)
        )
        for heading_id, found in rows.items()
        for position, row in enumerate((row for row in found if not row.is_empty), start=1)
    ]


@transaction.atomic
def write_report(
    *,
    nomination: Nomination,
    texts: Mapping[int, str],
    version: int,
    page: str = "",
    is_autosave: bool = False,
    actor: Any,
    at: dt.datetime,
    rows: Mapping[int, Sequence[AwardRow]] | None = None,
    unplaced: str | None = None,
) -> AchievementReport:
    """Save texts and rows by heading id, if the report is still the `version` the writer saw.

    A heading that is not named keeps what stands; so does `unplaced`, the words from a Word file
    that belong nowhere yet. `page` names the open page that saves: what it saved itself last is
    never a conflict, even if the answer was lost on the way. The log names whoever writes once in
    a while, not each save that a page makes by itself.

    Raises Conflict when somebody saved in between: the writer then compares both texts.
    """
    nomination = editable_nomination(nomination, actor, at)
    report = AchievementReport.objects.select_for_update(no_key=True).get(nomination=nomination)
    if drafts.is_stale(report.version, report.edited_in, version, page):
        raise Conflict(
            f"{report.edited_by.display_name} vừa lưu báo cáo này lúc "
            f"{report.edited_at.astimezone(clock.VIET_NAM):%H:%M}. "
            "Nội dung quý vị vừa gõ còn nguyên bên dưới; hãy so sánh rồi lưu lại."
        )
    parts = open_parts(nomination)
    changed = []
    for section in report.sections.select_related("heading"):
        text = compose(texts.get(section.heading_id, section.text))
        if text != section.text:
            section.text = text
            changed.append(section)
    lists = _write_rows(report, rows or {})
    must(headings_are_open(parts, [*(section.heading for section in changed), *lists]))
    told = {heading.pk: heading.number for heading in lists}
    told |= {section.heading_id: section.heading.number for section in changed}
    changes = {}
    if unplaced is not None and compose(unplaced) != report.unplaced:
        must(everything_is_open(parts))
        # Whoever deletes these words does so knowingly, and the log keeps them.
        changes = {"phần chưa xếp được từ tệp Word": [report.unplaced, compose(unplaced)]}
        report.unplaced = compose(unplaced)
    if not told and not changes:
        return report
    ReportSection.objects.bulk_update(changed, ["text"])
    is_told = is_autosave and drafts.is_told(report, actor, at)
    report.version += 1
    report.edited_by, report.edited_at, report.edited_in = actor, at, page
    report.save()
    if changes or not is_told:
        audit.record(
            "write_report",
            nomination,
            actor=actor,
            label="Viết báo cáo",
            note="Mục " + ", ".join(told.values()) if told else "",
            changes=changes,
        )
    return report


def _write_rows(
    report: AchievementReport, rows: Mapping[int, Sequence[AwardRow]]
) -> list[ReportHeading]:
    """Replace the rows of the headings that are named; return the headings that changed."""
    standing: dict[int, list[AwardRow]] = {}
    for award in report.past_awards.all():
        standing.setdefault(award.heading_id, []).append(row_of(award))
    lists = report.form.headings.filter(pk__in=list(rows), kind=HeadingKind.AWARDS)
    changed = []
    for heading in lists:
        awards = _awards(report, {heading.pk: [tidy(row) for row in rows[heading.pk]]})
        if [row_of(award) for award in awards] != standing.get(heading.pk, []):
            report.past_awards.filter(heading=heading).delete()
            PastAward.objects.bulk_create(awards)
            changed.append(heading)
    return changed


@transaction.atomic
def take_known_awards(*, nomination: Nomination, actor: Any, at: dt.datetime) -> int:
    """Add to the report what our own register knows of the nominee; return how many rows."""
    nomination = editable_nomination(nomination, actor, at)
    report = AchievementReport.objects.get(nomination=nomination)
    heading = report.form.headings.filter(
        subject_kind=nomination.subject_kind, kind=HeadingKind.AWARDS, is_group=False
    ).first()
    if heading is None:
        raise Refused("Mẫu báo cáo này không có danh sách khen thưởng.")
    standing = [row_of(award) for award in report.past_awards.filter(heading=heading)]
    rows = merged(standing, (row_of_entry(entry) for entry in known_awards(nomination)))
    write_report(
        nomination=nomination,
        texts={},
        rows={heading.pk: rows},
        version=report.version,
        actor=actor,
        at=at,
    )
    return len(rows) - len(standing)


@transaction.atomic
def keep_word_file(
    *, nomination: Nomination, upload: UploadedFile, actor: Any, at: dt.datetime
) -> AchievementReport:
    """Check a report written in Word and keep it beside ours; nothing is written over yet."""
    nomination = editable_nomination(nomination, actor, at)
    must(report_is_open(open_parts(nomination)))
    stored, _ = files.accept_word(upload, actor=actor)
    report = (
        AchievementReport.objects.select_for_update(of=("self",), no_key=True)
        .select_related("word_file")
        .get(nomination=nomination)
    )
    if report.word_file and report.word_file.sha256 == stored.sha256:
        stored.delete()  # the same file again: its row stands, its bytes are kept once anyway
        return report
    report.word_file = stored
    report.save(update_fields=["word_file"])
    note = f"{stored.name}, SHA-256 {stored.sha256}"
    audit.record("keep_word", nomination, actor=actor, label="Tải báo cáo Word", note=note)
    return report


@transaction.atomic
def use_word_file(
    *,
    nomination: Nomination,
    reading: Reading,
    choices: Mapping[int, str],
    version: int,
    actor: Any,
    at: dt.datetime,
) -> AchievementReport:
    """Write what was read into the report; `choices` say by heading what becomes of what stands.

    What was placed nowhere, and what is too long for its field, joins the words to be placed.
    """
    report = AchievementReport.objects.select_related("form").get(nomination=nomination)
    standing = {section.heading_id: section.text for section in report.sections.all()}
    texts = chosen_texts(reading.texts, standing, choices)
    awards: dict[int, list[AwardRow]] = {}
    for award in report.past_awards.all():
        awards.setdefault(award.heading_id, []).append(row_of(award))
    rows = chosen_rows(reading.rows, awards, choices)
    texts, rows, beyond = within_limits(texts, rows, list(report.form.headings.all()))
    added = [part.block for part in (*reading.unplaced, *beyond)]
    return write_report(
        nomination=nomination,
        texts=texts,
        rows=rows,
        unplaced="\n\n".join(
            filter(
                None, [report.unplaced, *(part for part in added if part not in report.unplaced)]
            )
        ),
        version=version,
        actor=actor,
        at=at,
    )
