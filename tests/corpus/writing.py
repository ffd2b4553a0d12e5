"""A report in Word as somebody would type it, with a label on each line: where it belongs."""

import dataclasses
import io
from collections.abc import Callable
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

LOOSE, LAYOUT = "?", "#"
SPACES = nsdecls("w", "a", "wp", "m") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)

PERSON = {
    "I": "Thông tin chung",
    "I.1": "Đơn vị công tác, chức vụ, trình độ chuyên môn",
    "I.2": "Nhiệm vụ được giao",
    "II": "Thành tích đạt được",
    "II.1": "Kết quả thực hiện các nội dung của đợt thi đua",
    "II.2": "Cách làm, giải pháp, sáng kiến và hiệu quả",
    "II.3": "Chấp hành chủ trương, pháp luật",
    "III": "Các hình thức đã được khen thưởng",
}
UNIT = {
    "I": "Thông tin chung",
    "I.1": "Cơ cấu tổ chức, số công chức, người lao động",
    "I.2": "Chức năng, nhiệm vụ được giao",
    "II": "Thành tích đạt được",
    "II.1": "Kết quả thực hiện các nội dung của đợt thi đua",
    "II.2": "Biện pháp, giải pháp, sáng kiến và hiệu quả",
    "II.3": "Chấp hành chủ trương, pháp luật; đoàn kết nội bộ",
    "III": "Các hình thức đã được khen thưởng",
}
GROUPS = {"I", "II"}
TITLES = {"person": PERSON, "unit": UNIT}
NAME, POSITION, OFFICE = "Nông Thị Ánh", "Thanh tra viên", "Phòng Nghiệp vụ 2"
AGENCY, PARENT = "Thanh tra tỉnh Lạng Sơn", "UBND tỉnh Lạng Sơn"
AWARD = "Giấy khen của Chánh Thanh tra tỉnh"
KNOWN = (NAME, POSITION, OFFICE, AGENCY, PARENT, AWARD, f"{NAME}, {POSITION}, {OFFICE}")

TEXTS = {
    "I.1": [
        "Thanh tra viên, Phòng Nghiệp vụ 2, Thanh tra tỉnh Lạng Sơn.",
        "Trình độ chuyên môn: Cử nhân Luật; lý luận chính trị: Trung cấp.",
    ],
    "I.2": ["Theo dõi 06 xã, phường; tham gia các đoàn thanh tra theo kế hoạch năm 2025."],
    "II.1": [
        "Trong đợt thi đua, tôi đã tham gia 04 đoàn thanh tra, hoàn thành trước hạn 03 kết luận.",
        "- Kiến nghị thu hồi 1.250.000.000 đồng về ngân sách nhà nước, tăng 12,5% so với cùng kỳ;",
        "- Xử lý 35/36 đơn khiếu nại, tố cáo, đạt 97,2%; tiếp 118 lượt công dân.",
    ],
    "II.2": [
        "Xây dựng bảng theo dõi kiến nghị sau thanh tra trên máy tính, áp dụng từ tháng 3/2025.",
        "Hiệu quả: thời gian tổng hợp báo cáo giảm từ 05 ngày còn 02 ngày.",
    ],
    "II.3": ["Chấp hành tốt nội quy, quy chế của cơ quan; không có vi phạm."],
}
AWARDS = [
    ("2022", "Lao động tiên tiến", "35/QĐ-TTr", "12/01/2023", "Chánh Thanh tra tỉnh"),
    ("2023", "Chiến sĩ thi đua cơ sở", "41/QĐ-TTr", "15/01/2024", "Chánh Thanh tra tỉnh"),
    ("2024", "Bằng khen", "1205/QĐ-UBND", "20/12/2024", "Chủ tịch UBND tỉnh Lạng Sơn"),
]


@dataclasses.dataclass
class Paper:
    """A document being written; `expected` are its lines by the number of their heading."""

    kind: str = "person"
    change: Callable[[str], str] = str
    expected: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    rows: list[tuple[str, ...]] = dataclasses.field(default_factory=list)
    finish: Callable[[bytes], bytes] = bytes

    def __post_init__(self):
        self.document = Document()
        # Parts without a word, whose parsing would take most of the time.
        rels = self.document.part.rels
        for key in [k for k, r in rels.items() if r.reltype.endswith(("WithEffects", "/theme"))]:
            del rels[key]
        self.titles = TITLES[self.kind]

    def expect(self, place, *texts):
        self.expected += [(place, text) for text in texts]

    def say(self, place, text, style=None, bold=False):
        """Write a paragraph that belongs under `place`."""
        paragraph = self.document.add_paragraph(style=style)
        paragraph.add_run(self.change(text)).bold = bold or None
        self.expect(place, text)
        return paragraph

    def xml(self, inside, *labelled):
        """Write a paragraph of raw XML; `labelled` are (place, text) of what it holds."""
        self.expected += labelled
        return self.block(f"<w:p {SPACES}>{self.change(inside)}</w:p>")

    def block(self, xml):
        element = parse_xml(xml)
        self.document.element.body.insert_element_before(element, "w:sectPr")
        return element

    def head(self, masthead=True):
        """Write what stands above the first heading."""
        if masthead:
            table = self.document.add_table(2, 2)
            for (row, column), text in {
                (0, 0): f"{PARENT.upper()}\n{AGENCY.upper()}",
                (0, 1): "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n--------",
                (1, 0): "Số: 05/BC-NV2",
                (1, 1): "Lạng Sơn, ngày 05 tháng 11 năm 2025",
            }.items():
                table.cell(row, column).text = self.change(text)
                self.expect(LAYOUT, *text.split("\n"))
        for text in (
            "BÁO CÁO THÀNH TÍCH",
            f"ĐỀ NGHỊ TẶNG {AWARD.upper()}",
            f"Họ và tên: {NAME}",
            f"Chức vụ, đơn vị: {POSITION}, {OFFICE}",
        ):
            self.say(LAYOUT, text)

    def foot(self):
        """Write the signatures."""
        table = self.document.add_table(1, 2)
        for column, text in enumerate(
            (
                "XÁC NHẬN CỦA\nTRƯỞNG PHÒNG\n\nLý Văn Đức",
                f"NGƯỜI BÁO CÁO\n(Ký, ghi rõ họ tên)\n\n{NAME}",
            )
        ):
            table.cell(0, column).text = self.change(text)
            self.expect(LAYOUT, *filter(None, text.split("\n")))

    def body(self, manner, texts=None, awards=None):
        """Write all headings in one manner, with their texts."""
        texts = texts or TEXTS
        for number, title in self.titles.items():
            manner(self, number, title)
            for text in texts.get(number, ()):
                self.say(number, text)
        (awards or award_table)(self)

    def content(self):
        out = io.BytesIO()
        self.document.save(out)
        return self.finish(out.getvalue())


def award_table(paper, awards=AWARDS, heads=None):
    """Write the awards as the form draws them: three columns."""
    heads = heads or (
        "Năm",
        "Danh hiệu, hình thức khen thưởng",
        "Số, ngày, tháng, năm của quyết định; cơ quan ban hành",
    )
    table = paper.document.add_table(1, len(heads))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = paper.change(head)
    paper.expect(LAYOUT, " | ".join(heads))
    for year, name, number, day, issuer in awards:
        cells = table.add_row().cells
        words = (year, name, f"Quyết định số {number} ngày {day} của {issuer}")
        for cell, text in zip(cells, words, strict=True):
            cell.text = paper.change(text)
        paper.rows.append((year, name, number, day, issuer))


def award_lines(paper, awards=AWARDS):
    for year, name, number, day, issuer in awards:
        text = f"- Năm {year}: {name} (Quyết định số {number} ngày {day} của {issuer})."
        paper.document.add_paragraph(paper.change(text))
        paper.rows.append((year, name, number, day, issuer))


def short(number):
    """Return what is written before a title below a group: «2» for «II.2»."""
    return number.rsplit(".", 1)[-1]


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def add_part(content, name, xml, content_type, relation):
    """Return the file with one more part, related to its document."""
    import zipfile  # noqa: PLC0415

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.namelist():
            body = source.read(entry)
            if entry == "[Content_Types].xml":
                kind = f'<Override PartName="/word/{name}" ContentType="{content_type}"/></Types>'
                body = body.replace(b"</Types>", kind.encode())
            if entry == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rIdMade{name[:4]}" Target="{name}" Type="{relation}"/></Relationships>'
                body = body.replace(b"</Relationships>", link.encode())
            target.writestr(entry, body)
        target.writestr(f"word/{name}", xml)
    return out.getvalue()


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
