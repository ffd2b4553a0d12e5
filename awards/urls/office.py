"""Addresses of the office, the council and the signatory."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
