"""Addresses of the unit's head and its people."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
