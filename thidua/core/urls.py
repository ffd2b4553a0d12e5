"""Pages of the common ground."""

from django.urls import path

from thidua.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("jobs/<int:pk>/", views.job_progress, name="job_progress"),
    path("kept/<str:ticket>/", views.kept_file, name="kept_file"),
    path("kept/<str:ticket>/<int:number>/", views.kept_page, name="kept_page"),
    path("unsent/", views.unsent_form, name="unsent"),
    path("audit/", views.audit_list, name="audit_list"),
]
