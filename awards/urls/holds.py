"""Addresses of the hold register."""

from django.urls import path

from awards.views import holds

urlpatterns = [
    path("holds/", holds.hold_list, name="hold_list"),
    path("holds/new/", holds.hold_create, name="hold_create"),
    path("holds/<int:pk>/", holds.hold_detail, name="hold_detail"),
    path("holds/<int:pk>/correct/", holds.hold_correct, name="hold_correct"),
    path("holds/<int:pk>/conclude/", holds.hold_conclude, name="hold_conclude"),
    path("holds/<int:pk>/file/", holds.hold_file, name="hold_file"),
]
