"""Addresses of the registrar, the register and the public check."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
