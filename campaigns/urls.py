"""Addresses of the plans."""

from django.urls import URLPattern, path

from campaigns import views, views_deadline, views_law, views_talk, views_windows


def _marks(prefix: str, name: str, table: str) -> list[URLPattern]:
    """Return where a row of law is marked as compared, and where the mark is taken away."""
    known = {"table": table}
    return [
        path(f"{prefix}<int:pk>/verify/", views_law.verify, known, name=f"{name}_verify"),
        path(f"{prefix}<int:pk>/unverify/", views_law.unverify, known, name=f"{name}_unverify"),
    ]


urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaign_list"),
    path("campaigns/<int:pk>/", views.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/plan.pdf", views.campaign_plan_pdf, name="campaign_plan_pdf"),
    path("campaigns/<int:pk>/plan.docx", views.campaign_plan_docx, name="campaign_plan_docx"),
    path("campaigns/<int:pk>/extensions/", views_windows.extension_list, name="extension_list"),
    path("campaigns/<int:pk>/grace/", views_windows.grace_edit, name="grace_edit"),
    path(
        "campaigns/<int:pk>/extensions/create/",
        views_windows.extension_create,
        name="extension_create",
    ),
    path(
        "campaigns/extensions/<int:pk>/file/", views_windows.extension_file, name="extension_file"
    ),
    path("campaigns/<int:pk>/quotas/", views_windows.quota_list, name="quota_list"),
    path("campaigns/criteria/<int:pk>/quotas/", views_windows.quota_edit, name="quota_edit"),
    path("campaigns/<int:pk>/waivers/create/", views_windows.waiver_create, name="waiver_create"),
    path("campaigns/waivers/<int:pk>/file/", views_windows.waiver_file, name="waiver_file"),
    path("campaigns/drafts/", views.plan_draft_list, name="plan_draft_list"),
    path("campaigns/drafts/create/", views.plan_draft_create, name="plan_draft_create"),
    path("campaigns/drafts/<int:pk>/", views.plan_draft_detail, name="plan_draft_detail"),
    path("campaigns/drafts/<int:pk>/make/", views.plan_draft_make, name="plan_draft_make"),
    path("campaigns/drafts/<int:pk>/file/", views.plan_draft_file, name="plan_draft_file"),
    path("law/", views_law.law_list, name="law_list"),
    path("law/create/", views_law.law_create, name="law_create"),
    path("law/<int:pk>/", views_law.law_detail, name="law_detail"),
    path("law/<int:pk>/edit/", views_law.law_edit, name="law_edit"),
    path("law/provisions/<int:pk>/", views_law.provision_detail, name="provision_detail"),
    path("law/provisions/<int:pk>/edit/", views_law.provision_edit, name="provision_edit"),
    path("law/provisions/<int:pk>/next/", views_law.provision_next, name="provision_next"),
    path("law/forms/<int:pk>/", views_law.report_form_detail, name="report_form_detail"),
    path("law/forms/<int:pk>/edit/", views_law.report_form_edit, name="report_form_edit"),
    path("law/calendar/", views_law.calendar_list, name="calendar_list"),
    path("law/calendar/create/", views_law.calendar_create, name="calendar_create"),
    path("law/calendar/import/", views_law.calendar_import, name="calendar_import"),
    path("law/calendar/<int:pk>/edit/", views_law.calendar_edit, name="calendar_edit"),
    path("law/calendar/<int:pk>/delete/", views_law.calendar_delete, name="calendar_delete"),
    *_marks("law/", "law", "basis"),
    *_marks("law/provisions/", "provision", "provision"),
    *_marks("law/forms/", "report_form", "report_form"),
    *_marks("law/calendar/", "calendar_day", "calendar_day"),
    # What happens after the launch
    path("campaigns/<int:pk>/deadline.ics", views_deadline.deadline_file, name="deadline_file"),
    path("campaigns/<int:pk>/questions/", views_talk.question_list, name="question_list"),
    path("questions/<int:pk>/answer/", views_talk.question_answer, name="question_answer"),
    path(
        "campaigns/<int:pk>/announcements/",
        views_talk.announcement_list,
        name="announcement_list",
    ),
    path(
        "campaigns/announcements/<int:pk>/file/",
        views_talk.announcement_file,
        name="announcement_file",
    ),
    path(
        "campaigns/<int:pk>/announcements/new/",
        views_talk.announcement_create,
        name="announcement_create",
    ),
]
