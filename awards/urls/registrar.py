"""Addresses of the registrar, the register and the public check."""

from django.urls import path

from awards.views import certificates, decisions, register

urlpatterns = [
    path("issuing/", decisions.issuing, name="issuing"),
    path("issuing/form/<int:pk>/", decisions.decision_create, name="decision_create"),
    path("issuing/<int:pk>/", decisions.decision_detail, name="decision_detail"),
    path("issuing/<int:pk>/print/", decisions.decision_print, name="decision_print"),
    path("issuing/<int:pk>/close/", decisions.decision_close, name="decision_close"),
    path("issuing/<int:pk>/file/", decisions.decision_file, name="decision_file"),
    path("issuing/<int:pk>/money/", decisions.money_list_file, name="money_list_file"),
    path(
        "issuing/<int:pk>/announcement/",
        decisions.result_announcement_file,
        name="result_announcement_file",
    ),
    path("issuing/<int:pk>/signed/", decisions.decision_signed_file, name="decision_signed_file"),
    path("issuing/<int:pk>/certificates/", decisions.certificates_file, name="certificates_file"),
    path("issuing/line/<int:pk>/file/", decisions.certificate_file, name="certificate_file"),
    path("register/", register.register_list, name="register_list"),
    path("register/export/", register.register_export, name="register_export"),
    path("k/<str:code>/", certificates.certificate_check, name="certificate_check"),
]
