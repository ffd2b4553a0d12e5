"""Signing in and out, and the agency's own page."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from staff import views

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/", views.account, name="account"),
    path("agency/", views.agency_detail, name="agency_detail"),
    path("agency/emblem/", views.emblem_upload, name="emblem_upload"),
    path("agency/emblem/file/", views.emblem_file, name="emblem_file"),
]
