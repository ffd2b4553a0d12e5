"""Addresses of the letter to the superior and its sets."""

from django.urls import path

from dossiers import views, views_bound, views_sending

urlpatterns = [
    path("proposals/<int:pk>/submit/", views_sending.proposal_submit, name="proposal_submit"),
    path(
        "nominations/<int:pk>/resubmit/",
        views_sending.nomination_resubmit,
        name="nomination_resubmit",
    ),
    path("receipts/<int:pk>/package/", views_sending.submission_package, name="submission_package"),
    path("letters/<int:pk>/", views.letter_detail, name="letter_detail"),
    path("letters/<int:pk>/approve/", views.letter_approve, name="letter_approve"),
    path("letters/<int:pk>/number/", views.letter_number, name="letter_number"),
    path("letters/<int:pk>/assemble/", views.letter_assemble, name="letter_assemble"),
    path("letters/<int:pk>/file/", views.letter_file, name="letter_file"),
    path("letters/lines/<int:pk>/outcome/", views.outcome_record, name="outcome_record"),
    path(
        "nominations/<int:pk>/dossier/", views_bound.nomination_dossier, name="nomination_dossier"
    ),
    path(
        "nominations/<int:pk>/dossier/bind/",
        views_bound.nomination_dossier_bind,
        name="nomination_dossier_bind",
    ),
    path("proposals/<int:pk>/dossier/", views_bound.proposal_dossier, name="proposal_dossier"),
    path(
        "proposals/<int:pk>/dossier/bind/",
        views_bound.proposal_dossier_bind,
        name="proposal_dossier_bind",
    ),
    path("award-forms/<int:pk>/dossier/", views_bound.quarter_dossier, name="quarter_dossier"),
    path(
        "award-forms/<int:pk>/dossier/bind/",
        views_bound.quarter_dossier_bind,
        name="quarter_dossier_bind",
    ),
    path("dossiers/<int:pk>/", views_bound.dossier_detail, name="dossier_detail"),
    path("dossiers/<int:pk>/file/", views_bound.dossier_file, name="dossier_file"),
    path("dossiers/<int:pk>/archive/", views_bound.dossier_archive, name="dossier_archive"),
]
