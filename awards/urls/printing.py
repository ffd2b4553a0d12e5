"""Addresses of the printing room."""

from django.urls import path

from awards.views import printing

# fmt: off
urlpatterns = [
    path("printing/", printing.printing_room, name="printing_room"),
    path("printing/blanks/new/", printing.blank_create, name="blank_create"),
    path("printing/blanks/preview/", printing.blank_preview, name="blank_preview"),
    path("printing/blanks/<int:pk>/", printing.blank_detail, name="blank_detail"),
    path("printing/blanks/<int:pk>/edit/", printing.blank_edit, name="blank_edit"),
    path("printing/blanks/<int:pk>/scan/", printing.blank_scan_file, name="blank_scan_file"),
    path("printing/blanks/<int:pk>/receive/", printing.blank_receive, name="blank_receive"),
    path("printing/blanks/<int:pk>/spoil/", printing.blank_spoil, name="blank_spoil"),
    path("printing/printers/new/", printing.printer_create, name="printer_create"),
    path("printing/printers/<int:pk>/", printing.printer_edit, name="printer_edit"),
    path("printing/printers/<int:pk>/calibration/", printing.printer_calibration_file, name="printer_calibration_file"),
    path("printing/runs/<int:pk>/", printing.print_run_detail, name="print_run_detail"),
    path("printing/runs/<int:pk>/file/", printing.print_run_file, name="print_run_file"),
    path("printing/runs/<int:pk>/again/", printing.print_run_again, name="print_run_again"),
    path("issuing/<int:pk>/run/", printing.print_run_create, name="print_run_create"),
]
# fmt: on
