"""Addresses of the unit's head and its people."""

from django.urls import path

from awards.models import PaperKind
from awards.views import (
    evidence,
    findings,
    home,
    lines,
    presence,
    proposals,
    reminders,
    report_word,
    reports,
    sending,
    unit_papers,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("awards/mine/", home.my_awards, name="my_awards"),
    path("reminders/", reminders.reminder_list, name="reminder_list"),
    # The proposal
    path("proposals/", proposals.proposal_mine, name="proposal_mine"),
    path("campaigns/<int:pk>/proposal/", proposals.proposal_open, name="proposal_open"),
    path("proposals/<int:pk>/", proposals.proposal_detail, name="proposal_detail"),
    path("proposals/<int:pk>/nominate/", proposals.nomination_create, name="nomination_create"),
    path("proposals/<int:pk>/meeting/", unit_papers.unit_meeting_edit, name="unit_meeting_edit"),
    path(
        "proposals/<int:pk>/meeting/minutes.pdf",
        unit_papers.unit_minutes_file,
        name="unit_minutes_file",
    ),
    path(
        "proposals/<int:pk>/meeting/signed/",
        unit_papers.signed_scan_create,
        {"kind": PaperKind.MINUTES},
        name="unit_minutes_signed",
    ),
    path("proposals/<int:pk>/letter/", unit_papers.unit_letter_edit, name="unit_letter_edit"),
    path(
        "proposals/<int:pk>/letter/letter.pdf",
        unit_papers.unit_letter_file,
        name="unit_letter_file",
    ),
    path(
        "proposals/<int:pk>/meeting/presence/",
        presence.unit_paper_presence,
        {"part": "meeting"},
        name="meeting_presence",
    ),
    path(
        "proposals/<int:pk>/letter/presence/",
        presence.unit_paper_presence,
        {"part": "letter"},
        name="letter_presence",
    ),
    path(
        "proposals/<int:pk>/letter/signed/",
        unit_papers.signed_scan_create,
        {"kind": PaperKind.LETTER},
        name="unit_letter_signed",
    ),
    path("signed-scans/<int:pk>/", unit_papers.signed_scan_file, name="signed_scan_file"),
    path("proposals/<int:pk>/withdraw/", sending.proposal_withdraw, name="proposal_withdraw"),
    path("proposals/<int:pk>/lines/", lines.line_confirm, name="line_confirm"),
    path("proposals/<int:pk>/lines/preview.pdf", lines.line_preview_file, name="line_preview_file"),
    path("receipts/<int:pk>/", sending.submission_receipt, name="submission_receipt"),
    path(
        "receipts/<int:pk>/receipt.pdf",
        sending.submission_receipt_file,
        name="submission_receipt_file",
    ),
    # One name of it
    path("nominations/<int:pk>/report/", reports.report_edit, name="report_edit"),
    path("nominations/<int:pk>/report/report.pdf", reports.report_file, name="report_file"),
    path("nominations/<int:pk>/presence/", presence.report_presence, name="report_presence"),
    path(
        "nominations/<int:pk>/report/register/",
        reports.report_take_awards,
        name="report_take_awards",
    ),
    path("nominations/<int:pk>/report/word/", report_word.report_word, name="report_word"),
    path(
        "nominations/<int:pk>/report/word/use/", report_word.report_word_use, name="report_word_use"
    ),
    path(
        "nominations/<int:pk>/report/word/file/",
        report_word.report_word_file,
        name="report_word_file",
    ),
    path("nominations/<int:pk>/check/", findings.nomination_check, name="nomination_check"),
    path("nominations/<int:pk>/evidence/", evidence.evidence_create, name="evidence_create"),
    path("evidence/<int:pk>/delete/", evidence.evidence_delete, name="evidence_delete"),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:pk>/view/", evidence.evidence_view, name="evidence_view"),
    path("evidence/<int:pk>/state/", evidence.evidence_state, name="evidence_state"),
    path("evidence/<int:pk>/pages/<int:number>.png", evidence.evidence_page, name="evidence_page"),
    path("nominations/<int:pk>/claims/", evidence.claim_create, name="claim_create"),
    path("claims/<int:pk>/delete/", evidence.claim_delete, name="claim_delete"),
    path("nominations/<int:pk>/invite/", proposals.nomination_invite, name="nomination_invite"),
    path(
        "nominations/<int:pk>/withdraw/",
        proposals.nomination_withdraw,
        name="nomination_withdraw",
    ),
]
