"""Addresses of the plans."""

from django.urls import path

from campaigns import views, views_deadline, views_talk

urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaign_list"),
    path("campaigns/<int:pk>/", views.campaign_detail, name="campaign_detail"),
    path("campaigns/drafts/", views.plan_draft_list, name="plan_draft_list"),
    path("campaigns/drafts/create/", views.plan_draft_create, name="plan_draft_create"),
    path("campaigns/drafts/<int:pk>/", views.plan_draft_detail, name="plan_draft_detail"),
    path("campaigns/drafts/<int:pk>/make/", views.plan_draft_make, name="plan_draft_make"),
    path("campaigns/drafts/<int:pk>/file/", views.plan_draft_file, name="plan_draft_file"),
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
        "campaigns/<int:pk>/announcements/new/",
        views_talk.announcement_create,
        name="announcement_create",
    ),
]
