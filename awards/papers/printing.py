"""What the printing room prints: the certificates of a run, an example on a blank."""

import dataclasses
from typing import Any

from awards.models import DecisionLine, PrintRun
from awards.papers.decision import certificate_paper
from awards.queries.printing import longest_line, printed_lines_of, sheet_of
from campaigns.models import AwardType
from thidua.core import clock, files
from thidua.core.certificates import (
    CertificatePaper,
    CertificateSheet,
    Shift,
    print_certificates_together,
)
from thidua.core.documents import written_day
from thidua.core.models import StoredFile
from thidua.core.raster import page_png
from units.models import Agency

_PREVIEW_DPI = 96


def run_content(run: PrintRun) -> bytes:
    """Return the PDF of a run: a page for each certificate, on the places kept with the run."""
    emblem = run.decision.campaign.agency.emblem
    return print_certificates_together(
        [certificate_paper(printed.line, run.decision) for printed in printed_lines_of(run)],
        sheet_of(run.layout, run.elements),
        files.read(emblem) if emblem else None,
        shift=Shift(float(run.right_mm), float(run.down_mm)),
    )


def example_paper(agency: Agency, user: Any, name: str = "") -> CertificatePaper:
    """Return the certificate that fills most of the newest decision, or an invented one."""
    line: DecisionLine | None = longest_line(user)
    if line:
        paper = certificate_paper(line, line.decision)
    else:
        day = written_day(clock.today())
        paper = CertificatePaper(
            recipient_name="Nguyễn Hoàng Phương Thảo",
            recipient_title="Phó Trưởng phòng, Phòng Nghiệp vụ (tên ví dụ)",
            achievement="Đã có thành tích xuất sắc trong phong trào thi đua (lời ví dụ)",
            decision_line=f"Số quyết định: 00/QĐ-{agency.abbreviation} {day}",
            golden_number="Số sổ vàng: 00",
            place_date=f"{agency.place}, {day}",
            signer_title=agency.head_title.upper(),
            signer_name="(họ tên người ký)",
            authority=agency.granting_title,
            kind=AwardType.COMMENDATION_LETTER.label.upper(),
        )
    return dataclasses.replace(paper, recipient_name=name) if name else paper


def preview(
    paper: CertificatePaper, sheet: CertificateSheet, agency: Agency, scan: StoredFile | None
) -> bytes:
    """Return the picture of a certificate over the scan of its blank."""
    emblem = files.read(agency.emblem) if agency.emblem else None
    content = print_certificates_together([paper], sheet, emblem)
    return page_png(content, dpi=_PREVIEW_DPI, under=files.read(scan) if scan else None)
