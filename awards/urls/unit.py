"""Addresses of the unit's head and its people."""

from django.urls import path

from awards.views import (
    evidence,
    findings,
    home,
    lines,
    proposals,
    reminders,
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
    path("proposals/<int:pk>/letter/", unit_papers.unit_letter_edit, name="unit_letter_edit"),
    path(
        "proposals/<int:pk>/letter/letter.pdf",
        unit_papers.unit_letter_file,
        name="unit_letter_file",
    ),
    path("proposals/<int:pk>/submit/", sending.proposal_submit, name="proposal_submit"),
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
    path("nominations/<int:pk>/check/", findings.nomination_check, name="nomination_check"),
    path("nominations/<int:pk>/evidence/", evidence.evidence_create, name="evidence_create"),
    path("evidence/<int:pk>/delete/", evidence.evidence_delete, name="evidence_delete"),
    path("evidence/<int:pk>/", evidence.evidence_file, name="evidence_file"),
    path("nominations/<int:pk>/invite/", proposals.nomination_invite, name="nomination_invite"),
    path(
        "nominations/<int:pk>/withdraw/",
        proposals.nomination_withdraw,
        name="nomination_withdraw",
    ),
    path(
        "nominations/<int:pk>/resubmit/",
        proposals.nomination_resubmit,
        name="nomination_resubmit",
    ),
]
