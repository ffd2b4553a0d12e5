"""Addresses of the plans."""

from django.urls import path

from campaigns import views

urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaign_list"),
    path("campaigns/<int:pk>/", views.campaign_detail, name="campaign_detail"),
    path("campaigns/<int:pk>/plan.pdf", views.campaign_plan_pdf, name="campaign_plan_pdf"),
    path("campaigns/<int:pk>/plan.docx", views.campaign_plan_docx, name="campaign_plan_docx"),
    path("campaigns/drafts/", views.plan_draft_list, name="plan_draft_list"),
    path("campaigns/drafts/create/", views.plan_draft_create, name="plan_draft_create"),
    path("campaigns/drafts/<int:pk>/", views.plan_draft_detail, name="plan_draft_detail"),
    path("campaigns/drafts/<int:pk>/make/", views.plan_draft_make, name="plan_draft_make"),
    path("campaigns/drafts/<int:pk>/file/", views.plan_draft_file, name="plan_draft_file"),
]
