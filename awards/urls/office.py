"""Addresses of the office, the council and the signatory."""

from django.urls import path
from django.urls.resolvers import URLPattern

from awards.views import approvals, campaigns, council, form_choice, nominations, progress, review

# fmt: off
urlpatterns: list[URLPattern] = [
    path("review/", review.review_queue, name="review_queue"),
    path("summary/", review.summary, name="summary"),
    path("campaigns/<int:pk>/summary/", review.summary_file, name="summary_file"),
    path("campaigns/<int:pk>/progress/", progress.campaign_progress, name="campaign_progress"),
    path("campaigns/<int:pk>/progress/nudge/", progress.nudge_create, name="nudge_create"),

    path("campaigns/<int:pk>/end/", campaigns.campaign_end, name="campaign_end"),
    path("campaigns/<int:pk>/close/", campaigns.campaign_close, name="campaign_close"),
    path("campaigns/<int:pk>/reopen/", campaigns.campaign_reopen, name="campaign_reopen"),
    path("campaigns/<int:pk>/archive/", campaigns.campaign_archive, name="campaign_archive"),
    path("campaigns/<int:pk>/copy/", campaigns.campaign_copy, name="campaign_copy"),
    path("campaigns/<int:pk>/forms/<int:award_form>/choose/", form_choice.form_choice_create, name="form_choice_create"),

    path("nominations/<int:pk>/", nominations.nomination_detail, name="nomination_detail"),
    path("nominations/<int:pk>/accept/", review.nomination_accept, name="nomination_accept"),
    path("nominations/<int:pk>/return/", review.nomination_return, name="nomination_return"),
    path("nominations/<int:pk>/decline/", review.nomination_decline, name="nomination_decline"),
    path("nominations/<int:pk>/approve/", approvals.nomination_approve, name="nomination_approve"),
    path("nominations/<int:pk>/refuse/", approvals.nomination_refuse, name="nomination_refuse"),

    path("approvals/", approvals.approval_list, name="approval_list"),
    path("approvals/decide/", approvals.approval_decide, name="approval_decide"),

    path("council/", council.council_list, name="council_list"),
    path("council/meetings/new/", council.meeting_create, name="meeting_create"),
    path("council/meetings/<int:pk>/", council.meeting_detail, name="meeting_detail"),
    path("council/meetings/<int:pk>/attendance/", council.meeting_attendance, name="meeting_attendance"),
    path("council/meetings/<int:pk>/discussion/", council.meeting_discussion, name="meeting_discussion"),
    path("council/meetings/<int:pk>/close/", council.meeting_close, name="meeting_close"),
    path("council/meetings/<int:pk>/minutes/", council.meeting_minutes_file, name="meeting_minutes_file"),
    path("council/items/<int:pk>/votes/", council.agenda_votes, name="agenda_votes"),
]
# fmt: on
