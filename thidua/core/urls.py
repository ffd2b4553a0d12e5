"""Pages of the common ground."""

from django.urls import path

from thidua.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("jobs/<int:pk>/", views.job_progress, name="job_progress"),
    path("unsent/", views.unsent_form, name="unsent"),
    path("audit/", views.audit_list, name="audit_list"),
]
