"""Addresses of the plans."""

from django.urls import path

from campaigns import views, views_windows

urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaign_list"),
    path("campaigns/<int:pk>/", views.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/extensions/", views_windows.extension_list, name="extension_list"),
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
]
