"""Our own reports in Word, read back: as they were made, and as LibreOffice saved them again."""

import datetime as dt
import shutil
import subprocess
import tempfile
from pathlib import Path

from awards.documents import AchievementReportPaper, ReportSection
from awards.rules.past_awards import AwardRow
from awards.rules.report_reading import read_report
from tests.corpus.measuring import form
from tests.corpus.writing import AGENCY, AWARD, GROUPS, KNOWN, NAME, OFFICE, POSITION, TEXTS, TITLES
from thidua.core.documents import Signature
from thidua.core.word_reading import read
from thidua.core.word_writing import render_docx

DAY = dt.date(2023, 1, 12)
ROWS = [
    AwardRow("2022", "Lao động tiên tiến", "35/QĐ-TTr", DAY, "Chánh Thanh tra tỉnh"),
    AwardRow("2021 - 2025", "Bằng khen", "1205/QĐ-UBND", None, "Chủ tịch UBND tỉnh"),
    AwardRow("2020", "Giấy khen", "12 ngày Tết", DAY, ""),
    AwardRow("2019", "", "", DAY, ""),
    AwardRow("", "Danh hiệu không rõ năm", "", None, "Sở Nội vụ; Ban Thi đua"),
    AwardRow("2018", "Giấy khen của Bộ | Ngành", "số 5; 6/QĐ", DAY, "Bộ Nội vụ của năm 2018"),
]
USUAL = {number: "\n".join(lines) for number, lines in TEXTS.items()}
REPORTS = {
    "usual": (USUAL, ROWS[:1]),
    "rows of every shape": (USUAL | {"III": "Ghi thêm dưới bảng."}, ROWS),
    "no rows": (USUAL, []),
    "nothing written": ({}, []),
    "text like headings": (
        USUAL
        | {
            "II.1": "II.2. Cách làm, giải pháp, sáng kiến và hiệu quả\nIII. Thành tích\n1. Một.",
            "II.2": "THÀNH TÍCH ĐẠT ĐƯỢC\nNhiệm vụ được giao: đã xong.",
            "II.3": "IV. KIẾN NGHỊ\nKhông có.",
        },
        ROWS[:2],
    ),
    "text like signatures": (
        USUAL
        | {
            "II.3": "NGƯỜI BÁO CÁO\nTrưởng phòng\nNông Thị Ánh",
            "III": "XÁC NHẬN CỦA TRƯỞNG PHÒNG\nNơi nhận:\n- Như trên;",
        },
        [],
    ),
    "text like tables": (
        USUAL | {"II.1": "Năm | Danh hiệu | Quyết định\n2023 | LĐTT | 12/QĐ", "III": "2022 | LĐTT"},
        ROWS[:1],
    ),
    "marks and signs": (
        USUAL
        | {
            "II.1": "<b>&amp; «ngoặc» “kép” 'đơn' \\ {{ x }} {% y %}\n- gạch\n+ cộng\n• chấm",
            "II.2": "Năm 2023: Giấy khen (Quyết định số 1/QĐ ngày 01/02/2023 của Chánh Thanh tra).",
            "II.3": "12/QĐ-TTr 😀 ½ ² ①",
        },
        ROWS[:1],
    ),
    "an award as a line of text": (
        USUAL
        | {"III": "Năm 2023: Giấy khen (Quyết định số 1/QĐ ngày 01/02/2023 của Chánh Thanh tra)."},
        ROWS[:1],
    ),
}


def paper_of(texts, rows, kind="person"):
    """Return the report as the software prints it."""
    return AchievementReportPaper(
        parent_body=AGENCY.upper(),
        body=OFFICE.upper(),
        symbol="BC-NV2",
        place="Lạng Sơn",
        signed_on=dt.date(2025, 11, 5),
        form_label="Mẫu số 08 Phụ lục I",
        award_form=AWARD,
        name=NAME,
        position=f"{POSITION}, {OFFICE}",
        sections=tuple(
            ReportSection(
                number,
                title,
                1 + ("." in number),
                texts.get(number, ""),
                tuple(rows) if number == "III" else (),
            )
            for number, title in TITLES[kind].items()
        ),
        signed=(
            Signature(("XÁC NHẬN CỦA", "TRƯỞNG PHÒNG"), "Lý Văn Đức"),
            Signature(("NGƯỜI BÁO CÁO",), NAME),
        ),
    )


def compare(content, texts, rows):
    """Return what came back different: {place: (what stood, what was read)}."""
    headings = form("person")
    reading = read_report(read(content), headings, KNOWN)
    wrong = {}
    for heading in headings:
        stood, found = texts.get(heading.number, ""), reading.texts.get(heading.pk, "")
        if heading.number not in GROUPS and stood != found:
            wrong[heading.number] = (stood, found)
    found_rows = [row for found in reading.rows.values() for row in found]
    if found_rows != list(rows):
        wrong["rows"] = (rows, found_rows)
    if reading.unplaced:
        wrong["?"] = ("", reading.unplaced)
    return wrong


def made():
    """Yield each report with its name and its Word file."""
    for name, (texts, rows) in REPORTS.items():
        yield name, texts, rows, render_docx(paper_of(texts, rows))


def saved_again(contents):
    """Return the files as LibreOffice opens and saves them, None where it is not installed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        (room / "out").mkdir()
        for place, content in enumerate(contents):
            (room / f"{place}.docx").write_bytes(content)
        subprocess.run(
            [
                *(soffice, "--headless", f"-env:UserInstallation=file://{room}/profile"),
                *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(room / "out")),
                *(str(room / f"{place}.docx") for place in range(len(contents))),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return [(room / "out" / f"{place}.docx").read_bytes() for place in range(len(contents))]
