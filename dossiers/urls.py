"""Addresses of the letter to the superior and its sets."""

from django.urls import path

from dossiers import views

urlpatterns = [
    path("letters/<int:pk>/", views.letter_detail, name="letter_detail"),
    path("letters/<int:pk>/approve/", views.letter_approve, name="letter_approve"),
    path("letters/<int:pk>/number/", views.letter_number, name="letter_number"),
    path("letters/<int:pk>/assemble/", views.letter_assemble, name="letter_assemble"),
    path("letters/<int:pk>/file/", views.letter_file, name="letter_file"),
    path("letters/lines/<int:pk>/outcome/", views.outcome_record, name="outcome_record"),
    path("dossiers/<int:pk>/file/", views.dossier_file, name="dossier_file"),
]
