"""Giấy khen: the certificate, drawn on its sheet (decree 98/2023, article 104: see docs)."""

from thidua.core.certificates.calibration import calibration_sheet
from thidua.core.certificates.printing import (
    CertificatePaper,
    print_certificates,
    print_certificates_together,
)
from thidua.core.certificates.sheet import (
    ELEMENT_LABELS,
    FIELDS,
    VARIABLE_ELEMENTS,
    Box,
    CertificateSheet,
    Element,
    Measure,
    Shift,
)

__all__ = [
    "ELEMENT_LABELS",
    "FIELDS",
    "VARIABLE_ELEMENTS",
    "Box",
    "CertificatePaper",
    "CertificateSheet",
    "Element",
    "Measure",
    "Shift",
    "calibration_sheet",
    "print_certificates",
    "print_certificates_together",
]
