"""Addresses of the awards: one line per thing a person can do, by the desk where it is done."""

from awards.urls import holds, office, printing, registrar, unit

urlpatterns = [
    *unit.urlpatterns,
    *office.urlpatterns,
    *registrar.urlpatterns,
    *printing.urlpatterns,
    *holds.urlpatterns,
]
