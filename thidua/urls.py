"""The composition root: mounts the apps."""

from django.urls import include, path

urlpatterns = [
    path("", include("thidua.core.urls")),
    path("", include("staff.urls")),
    path("", include("campaigns.urls")),
    path("", include("awards.urls")),
    path("", include("dossiers.urls")),
]
