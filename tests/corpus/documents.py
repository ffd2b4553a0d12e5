"""The documents of the corpus: usual reports, odd ones, and everything that Word can hide."""

import unicodedata

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from tests.corpus.writing import (
    AWARDS,
    GROUPS,
    LAYOUT,
    LOOSE,
    NAME,
    PERSON,
    RELATED,
    SPACES,
    TEXTS,
    WORD,
    Paper,
    add_part,
    award_lines,
    award_table,
    run,
    short,
)

DOCUMENTS = {}


def document(build):
    """Take a builder into the corpus under its name."""
    DOCUMENTS[build.__name__] = build
    return build


def usual(manner, *, masthead=True, awards=None, texts=None, **options):
    paper = Paper(**options)
    paper.head(masthead=masthead)
    paper.body(manner, texts, awards)
    paper.foot()
    return paper


def full(paper, number, title):
    paper.say(LAYOUT, f"{number}. {title.upper() if number in GROUPS else title}", bold=True)


def bare(paper, number, title):
    paper.say(LAYOUT, f"{number}. {title}")


# --- Ways to write a heading ---------------------------------------------------------------------


@document
def numbers_in_full():
    return usual(bare)


@document
def bold_headings():
    return usual(full)


@document
def short_numbers():
    return usual(
        lambda paper, number, title: paper.say(
            LAYOUT, f"{short(number)}. {title.upper() if '.' not in number else title}", bold=True
        )
    )


@document
def slashes_and_brackets():
    marks = {"I.1": "1/", "I.2": "2/", "II.1": "1)", "II.2": "2)", "II.3": "3)"}
    return usual(
        lambda paper, number, title: paper.say(
            LAYOUT, f"{marks.get(number, number + '/')} {title}", bold=True
        )
    )


@document
def no_numbers_at_all():
    return usual(lambda paper, number, title: paper.say(LAYOUT, title, bold=True))


@document
def lower_case_without_bold():
    return usual(
        lambda paper, number, title: paper.say(LAYOUT, f"{short(number)}. {title.lower()}"),
        masthead=False,
    )


@document
def everything_in_capitals():
    return usual(lambda paper, number, title: paper.say(LAYOUT, f"{number}. {title.upper()}"))


@document
def heading_styles():
    return usual(
        lambda paper, number, title: paper.say(
            LAYOUT, f"{number}. {title}", f"Heading {1 + ('.' in number)}"
        )
    )


@document
def own_style_with_an_outline():
    paper = Paper()
    for level in (0, 1):
        style = paper.document.styles.add_style(f"De muc {level}", WD_STYLE_TYPE.PARAGRAPH)
        style.element.get_or_add_pPr().append(
            parse_xml(f'<w:outlineLvl {SPACES} w:val="{level}"/>')
        )
    paper.head()
    paper.body(lambda p, n, title: p.say(LAYOUT, f"{n}. {title}", f"De muc {int('.' in n)}"))
    paper.foot()
    return paper


@document
def numbers_drawn_by_word():
    paper = Paper()
    numbering = paper.document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(
            (("upperRoman", "%1."), ("decimal", "%2."), ("bullet", "·"))
        )
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {SPACES} w:abstractNumId="77">{levels}</w:abstractNum>')
    )
    numbering.append(
        parse_xml(f'<w:num {SPACES} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )

    def manner(p, number, title):
        properties = p.say(LAYOUT, title, bold=True)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().set(qn("w:val"), str(int("." in number)))
        properties.get_or_add_numId().set(qn("w:val"), "77")

    paper.head()
    paper.body(manner)
    paper.foot()
    return paper


@document
def text_after_a_colon():
    """Title and text in one paragraph, a colon between them."""
    paper = Paper()
    paper.head()
    for number, title in paper.titles.items():
        if number in GROUPS or number not in TEXTS:
            full(paper, number, title)
            continue
        first, *rest = TEXTS[number]
        paper.document.add_paragraph(f"{short(number)}. {title}: {first}")
        paper.expect(number, first)
        for text in rest:
            paper.say(number, text)
    award_table(paper)
    paper.foot()
    return paper


@document
def bold_title_then_text():
    """The title is bold, and the text goes on in the same paragraph."""
    paper = Paper()
    paper.head()
    for number, title in paper.titles.items():
        if number not in TEXTS:
            full(paper, number, title)
            continue
        first, *rest = TEXTS[number]
        paragraph = paper.document.add_paragraph()
        paragraph.add_run(f"{short(number)}. {title}.").bold = True
        paragraph.add_run(f" {first}")
        paper.expect(number, first)
        for text in rest:
            paper.say(number, text)
    award_table(paper)
    paper.foot()
    return paper


@document
def line_breaks_instead_of_paragraphs():
    """One paragraph for each heading, its texts after line breaks."""
    paper = Paper()
    paper.head()
    for number, title in paper.titles.items():
        texts = TEXTS.get(number, [])
        paper.document.add_paragraph("\n".join([f"{number}. {title}", *texts]))
        paper.expect(number, *texts)
    award_table(paper)
    paper.foot()
    return paper


NEAR = {
    "I": "Sơ lược thông tin chung về cá nhân",
    "I.1": "Đơn vị công tác, chức vụ và trình độ chuyên môn, nghiệp vụ",
    "I.2": "Nhiệm vụ được phân công",
    "II": "Thành tích đã đạt được trong đợt thi đua",
    "II.1": "Kết quả thực hiện nội dung đợt thi đua",
    "II.2": "Các cách làm hay, giải pháp, sáng kiến, hiệu quả áp dụng",
    "II.3": "Việc chấp hành chủ trương của Đảng, chính sách, pháp luật của Nhà nước",
    "III": "Các danh hiệu, hình thức khen thưởng đã được ghi nhận",
}


@document
def near_wording():
    return usual(lambda paper, number, title: full(paper, number, NEAR[number]))


OTHER_DECREE = {
    "I": "Sơ yếu lý lịch",
    "I.1": "Quá trình công tác, chức vụ hiện nay",
    "I.2": "Chức trách, nhiệm vụ được giao",
    "II": "Kết quả, thành tích",
    "II.1": "Kết quả thực hiện nhiệm vụ trong đợt thi đua",
    "II.2": "Các biện pháp, sáng kiến, giải pháp công tác",
    "II.3": "Thực hiện chủ trương của Đảng, pháp luật của Nhà nước",
    "III": "Danh hiệu thi đua, hình thức khen thưởng đã được tặng",
}


@document
def form_of_another_decree():
    return usual(lambda paper, number, title: full(paper, number, OTHER_DECREE[number]))


@document
def headings_in_another_order():
    paper = Paper()
    paper.head()
    for number in ("III", "II", "II.3", "II.1", "II.2", "I", "I.2", "I.1"):
        full(paper, number, PERSON[number])
        for text in TEXTS.get(number, ()):
            paper.say(number, text)
        if number == "III":
            award_table(paper)
    paper.foot()
    return paper


@document
def headings_missing_and_added():
    """Two headings of the form are not there, one of the writer's own is."""
    paper = Paper()
    paper.head()
    for number in ("I", "I.1", "II", "II.1", "II.3", "III"):
        full(paper, number, PERSON[number])
        for text in TEXTS.get(number, ()):
            paper.say(number, text)
    award_table(paper)
    paper.say(LOOSE, "IV. KIẾN NGHỊ, ĐỀ XUẤT", bold=True)
    paper.say(LOOSE, "Đề nghị trang bị thêm máy quét cho đoàn thanh tra.")
    paper.foot()
    return paper


@document
def no_heading_of_the_form():
    """A letter, not a report: nothing can be placed, and nothing is lost."""
    paper = Paper()
    paper.head()
    for texts in TEXTS.values():
        for text in texts:
            paper.say(LOOSE, text)
    paper.foot()
    return paper


@document
def of_a_collective():
    texts = {
        "I.1": ["Phòng có 08 công chức, trong đó 03 nữ; 01 trưởng phòng, 02 phó trưởng phòng."],
        "I.2": ["Tham mưu thanh tra kinh tế - xã hội theo kế hoạch hằng năm."],
        "II.1": ["Hoàn thành 12/12 cuộc thanh tra theo kế hoạch.", "Thu hồi 8,4 tỷ đồng."],
        "II.2": ["Phân công theo tổ; họp giao ban thứ hai hằng tuần."],
        "II.3": ["Không có công chức vi phạm; nội bộ đoàn kết."],
    }
    return usual(full, kind="unit", texts=texts)


@document
def numbered_lines_inside_a_text():
    """A text counts 1, 2, 3 itself; these are no headings."""
    texts = TEXTS | {
        "II.1": [
            "1. Về công tác thanh tra: đã tham gia 04 đoàn.",
            "2. Về tiếp công dân: tiếp 118 lượt.",
            "3. Về giải quyết đơn: xử lý 35 đơn.",
        ]
    }
    return usual(full, texts=texts)


# --- Ways to write the awards --------------------------------------------------------------------


@document
def awards_as_lines():
    return usual(full, awards=award_lines)


@document
def awards_with_more_columns():
    def write(paper):
        heads = ("TT", "Năm", "Danh hiệu", "Số quyết định", "Ngày", "Cơ quan ban hành")
        table = paper.document.add_table(1, len(heads))
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            cell.text = head
        for place, award in enumerate(AWARDS, start=1):
            year, name, number, day, issuer = award
            for cell, text in zip(
                table.add_row().cells, (str(place), year, name, number, day, issuer), strict=True
            ):
                cell.text = text
            paper.rows.append(award)

    return usual(full, awards=write)


@document
def two_tables_of_awards_and_a_row_that_is_none():
    def write(paper):
        paper.say(LAYOUT, "1. Danh hiệu thi đua:")
        award_table(
            paper,
            AWARDS[:2],
            (
                "Năm",
                "Danh hiệu thi đua",
                "Số, ngày, tháng, năm của quyết định công nhận; cơ quan ban hành quyết định",
            ),
        )
        paper.say(LAYOUT, "2. Hình thức khen thưởng:")
        award_table(
            paper,
            AWARDS[2:],
            (
                "Năm",
                "Hình thức khen thưởng",
                "Số, ngày, tháng, năm của quyết định khen thưởng; cơ quan ban hành quyết định",
            ),
        )
        row = paper.document.tables[-1].add_row().cells
        row[0].text, row[1].text = "2025", "Được Trưởng phòng biểu dương 02 lần"
        row[2].text = "Thông báo số 03 ngày 05/6/2025 và số 07 ngày 10/9/2025"
        paper.expect(
            "III",
            "2025 | Được Trưởng phòng biểu dương 02 lần | "
            "Thông báo số 03 ngày 05/6/2025 và số 07 ngày 10/9/2025",
        )

    return usual(full, awards=write)


# --- What Word can hold --------------------------------------------------------------------------


def with_more(place, add):
    """Return a usual report into which `add` writes below the text of `place`."""
    paper = Paper()
    paper.head()
    for number, title in paper.titles.items():
        full(paper, number, title)
        for text in TEXTS.get(number, ()):
            paper.say(number, text)
        if number == place:
            add(paper)
    award_table(paper)
    paper.foot()
    return paper


@document
def table_of_figures():
    def add(paper):
        table = paper.document.add_table(0, 3)
        for cells in (
            ("Chỉ tiêu", "Kế hoạch", "Thực hiện"),
            ("Cuộc thanh tra", "12", "12"),
            ("Đơn thư", "30", "36"),
        ):
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
            paper.expect("II.1", " | ".join(cells))

    return with_more("II.1", add)


@document
def merged_cells_and_a_table_in_a_table():
    def add(paper):
        table = paper.document.add_table(2, 2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "Kết quả sáu tháng"
        table.cell(1, 0).text = "Chi tiết"
        inner = table.cell(1, 1).add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "Quý I", "05 cuộc"
        paper.expect("II.1", "Kết quả sáu tháng", "Chi tiết | Quý I | 05 cuộc")

    return with_more("II.1", add)


@document
def whole_report_in_a_table():
    """Number in the first column, title and text in the second."""
    paper = Paper()
    paper.head()
    table = paper.document.add_table(0, 1)
    for number, title in paper.titles.items():
        lines = [f"{number}. {title}", *TEXTS.get(number, [])]
        table.add_row().cells[0].text = "\n".join(lines)
        paper.expect(number, *lines[1:])
    award_table(paper)
    paper.foot()
    return paper


@document
def tracked_insertions_and_deletions():
    def add(paper):
        paper.xml(
            run("Đã hoàn thành ")
            + f'<w:ins w:id="1" w:author="A">{run("mười hai ")}</w:ins>'
            + '<w:del w:id="2" w:author="A"><w:r><w:delText xml:space="preserve">mười một </w:delText></w:r></w:del>'
            + run("cuộc thanh tra."),
            ("II.1", "Đã hoàn thành mười hai cuộc thanh tra."),
            (LOOSE, "mười một"),
        )
        paper.xml(
            f'<w:ins w:id="3" w:author="A">{run("Câu thêm sau khi họp phòng.")}</w:ins>',
            ("II.1", "Câu thêm sau khi họp phòng."),
        )

    return with_more("II.1", add)


@document
def tracked_moves():
    def add(paper):
        moved = run("Câu được chuyển chỗ.")
        paper.xml(f'<w:moveFrom w:id="5" w:author="A">{moved}</w:moveFrom>')
        paper.xml(run("Câu đứng giữa."), ("II.2", "Câu đứng giữa."))
        paper.xml(
            f'<w:moveTo w:id="6" w:author="A">{moved}</w:moveTo>', ("II.2", "Câu được chuyển chỗ.")
        )

    return with_more("II.2", add)


@document
def deleted_rows_and_paragraphs():
    def add(paper):
        gone = "<w:r><w:delText>Hàng đã bỏ của bảng</w:delText></w:r>"
        cell = "<w:tcPr><w:tcW w:w='1000'/></w:tcPr>"
        paper.block(
            f"<w:tbl {SPACES}><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>"
            f"<w:tr><w:tc>{cell}<w:p>{run('Hàng còn lại của bảng')}</w:p></w:tc></w:tr>"
            f'<w:tr><w:trPr><w:del w:id="7" w:author="A"/></w:trPr><w:tc>{cell}<w:p><w:del w:id="8" w:author="A">{gone}</w:del></w:p></w:tc></w:tr>'
            "</w:tbl>"
        )
        paper.expect("II.1", "Hàng còn lại của bảng")
        paper.expect(LOOSE, "Hàng đã bỏ của bảng")
        paper.xml(
            '<w:del w:id="9" w:author="A"><w:r><w:delText>Cả câu này đã xóa.</w:delText></w:r></w:del>',
            (LOOSE, "Cả câu này đã xóa."),
        )

    return with_more("II.1", add)


@document
def text_boxes_in_both_shapes():
    """A box is written twice, for new and for old programs; it is read once."""

    def add(paper):
        words = "Lời trong khung chữ."
        inside = f"<w:txbxContent><w:p>{run(words)}</w:p></w:txbxContent>"
        paper.xml(
            f"{run('Trước khung.')}<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline>"
            f"<a:graphic><a:graphicData><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic>"
            f"</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox>"
            f"</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
            ("II.2", "Trước khung."),
            ("II.2", words),
        )
        paper.xml(
            f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p>{run('Khung kiểu cũ.')}</w:p>"
            "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
            ("II.2", "Khung kiểu cũ."),
        )

    return with_more("II.2", add)


def noted(paper, kind):
    """Give the paper a part of foot- or endnotes with one note."""
    text = f"Theo Báo cáo số 12/BC-NV2 ({kind})."
    xml = (
        f"<w:{kind}s {SPACES}><w:{kind} w:type='separator' w:id='-1'><w:p/></w:{kind}>"
        f"<w:{kind} w:id='2'><w:p>{run(text)}</w:p></w:{kind}></w:{kind}s>"
    )
    paper.finish = lambda content: add_part(
        content, f"{kind}s.xml", xml, f"{WORD}.{kind}s+xml", f"{RELATED}/{kind}s"
    )
    return text


@document
def footnotes():
    def add(paper):
        text = noted(paper, "footnote")
        paper.xml(
            run("Đạt 100% kế hoạch") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("."),
            ("II.1", "Đạt 100% kế hoạch."),
            ("II.1", f"(Chú thích: {text})"),
        )

    return with_more("II.1", add)


@document
def endnotes():
    def add(paper):
        text = noted(paper, "endnote")
        paper.xml(
            run("Vượt chỉ tiêu") + '<w:r><w:endnoteReference w:id="2"/></w:r>',
            ("II.1", "Vượt chỉ tiêu"),
            ("II.1", f"(Chú thích: {text})"),
        )

    return with_more("II.1", add)


@document
def comments():
    def add(paper):
        paragraph = paper.say("II.3", "Tham gia đầy đủ sinh hoạt chi bộ.")
        words = "Cần số liệu của chi bộ."
        paper.document.add_comment(paragraph.runs[0], text=words, author="Lý Văn Đức")
        paper.expect(LOOSE, words)

    return with_more("II.3", add)


@document
def header_and_footer():
    paper = usual(full)
    section = paper.document.sections[0]
    section.header.paragraphs[0].text = "Bản thảo lần 2"
    section.footer.paragraphs[0].text = "3"
    paper.expect(LOOSE, "Bản thảo lần 2")
    paper.expect(LAYOUT, "3")
    return paper


@document
def content_controls_and_smart_tags():
    def add(paper):
        paper.xml(
            run("Ngày bắt đầu: ")
            + f"<w:sdt><w:sdtPr/><w:sdtContent>{run('02/01/2025')}</w:sdtContent></w:sdt>"
            + f"<w:smartTag w:uri='u' w:element='place'>{run(' tại Lạng Sơn')}</w:smartTag>"
            + f"<w:customXml w:uri='u' w:element='e'>{run(' đúng hẹn.')}</w:customXml>",
            ("I.2", "Ngày bắt đầu: 02/01/2025 tại Lạng Sơn đúng hẹn."),
        )
        paper.block(
            f"<w:sdt {SPACES}><w:sdtPr/><w:sdtContent><w:p>{run('Cả đoạn trong ô điều khiển.')}</w:p></w:sdtContent></w:sdt>"
        )
        paper.expect("I.2", "Cả đoạn trong ô điều khiển.")

    return with_more("I.2", add)


@document
def hyperlinks_and_fields():
    def add(paper):
        paper.xml(
            run("Xem ")
            + f"<w:hyperlink w:anchor='x'>{run('cổng thông tin')}</w:hyperlink>"
            + "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> DATE </w:instrText></w:r>"
            + f"<w:r><w:fldChar w:fldCharType='separate'/></w:r>{run(' ngày 05/11/2025')}"
            + "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
            + f"<w:fldSimple w:instr='PAGE'>{run(' trang 4')}</w:fldSimple>",
            ("II.2", "Xem cổng thông tin ngày 05/11/2025 trang 4"),
        )

    return with_more("II.2", add)


@document
def tabs_breaks_and_signs():
    def add(paper):
        paper.xml(
            f"{run('Cột một')}<w:r><w:tab/></w:r>{run('cột hai')}<w:r><w:br/></w:r>{run('dòng dưới')}"
            f"<w:r><w:noBreakHyphen/></w:r>{run('nối')}<w:r><w:sym w:font='Symbol' w:char='F0B7'/></w:r>{run(' chấm')}",
            ("II.2", "Cột một cột hai"),
            ("II.2", "dòng dưới-nối• chấm"),
        )

    return with_more("II.2", add)


@document
def words_in_many_pieces():
    """Word cuts a word into runs wherever somebody has typed or checked the spelling."""

    def add(paper):
        pieces = "".join(run(letter) for letter in "Nghiên cứu, áp dụng thường xuyên.")
        paper.xml(pieces, ("II.2", "Nghiên cứu, áp dụng thường xuyên."))

    return with_more("II.2", add)


@document
def hidden_words():
    def add(paper):
        paper.xml(
            run("Chữ thường. ") + run("Chữ ẩn của người viết.", "<w:vanish/>"),
            ("II.1", "Chữ thường."),
            (LOOSE, "Chữ ẩn của người viết."),
        )

    return with_more("II.1", add)


@document
def formula_and_word_art():
    def add(paper):
        paper.xml(
            run("Tỷ lệ: ") + "<m:oMath><m:r><m:t>35/36</m:t></m:r></m:oMath>"
            "<w:r><w:pict><v:shape><v:textpath string='QUYẾT THẮNG'/></v:shape></w:pict></w:r>",
            ("II.1", "Tỷ lệ: 35/36"),
            ("II.1", "QUYẾT THẮNG"),
        )

    return with_more("II.1", add)


@document
def diagram():
    paper = usual(full)
    xml = f"<x {SPACES}><a:p><a:r><a:t>Ô của sơ đồ</a:t></a:r></a:p></x>"
    paper.finish = lambda content: add_part(
        content,
        "diagrams/data1.xml",
        xml,
        "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml",
        f"{RELATED}/diagramData",
    )
    paper.expect(LOOSE, "Ô của sơ đồ")
    return paper


@document
def decomposed_unicode():
    return usual(full, change=lambda text: unicodedata.normalize("NFD", text))


@document
def hard_spaces():
    return usual(full, change=lambda text: text.replace(" ", "\N{NO-BREAK SPACE}"))


@document
def lists_with_bullets():
    def add(paper):
        for text in ("Ý thứ nhất của danh sách;", "Ý thứ hai của danh sách."):
            paper.say("II.2", text, "List Bullet")

    return with_more("II.2", add)


@document
def introduction_before_the_parts():
    """A sentence between the title and the first heading, and one right below a group."""
    paper = Paper()
    paper.head()
    paper.say(LOOSE, "Kính gửi Hội đồng, tôi xin báo cáo như sau:")
    for number, title in paper.titles.items():
        full(paper, number, title)
        if number == "II":
            paper.say("II.1", "Năm 2025 là năm có nhiều việc mới.")
        for text in TEXTS.get(number, ()):
            paper.say(number, text)
    award_table(paper)
    paper.foot()
    return paper


@document
def words_after_the_signatures():
    paper = usual(full)
    paper.say(LOOSE, "Phụ lục: bảng số liệu gửi kèm theo đường công văn.")
    return paper


# --- A second hand: documents that the reader had not been made for -------------------------------


@document
def parts_and_dashes():
    marks = {"I": "PHẦN I:", "II": "PHẦN II:", "III": "PHẦN III:"}
    return usual(
        lambda paper, number, title: paper.say(
            LAYOUT,
            f"{marks.get(number, short(number) + '-')} {title}{':' * ('.' in number)}",
            bold=True,
        )
    )


@document
def letters_for_the_second_level():
    letters = {"I.1": "a)", "I.2": "b)", "II.1": "a)", "II.2": "b)", "II.3": "c)"}
    return usual(
        lambda paper, number, title: paper.say(
            LAYOUT, f"{letters.get(number, number + '.')} {title}"
        )
    )


@document
def headings_without_marks():
    """Typed without Vietnamese letters, as on a machine that has no keyboard for them."""
    from thidua.core.text import fold  # noqa: PLC0415

    return usual(
        lambda paper, number, title: paper.say(LAYOUT, f"{number}. {fold(title).capitalize()}")
    )


@document
def slips_of_the_pen():
    slips = {
        "I": "Thông tin chng",
        "I.1": "Đơn vị công tác, chức vụ, trình độ chuyên mônn",
        "I.2": "Nhiêm vụ được giao",
        "II": "Thành tich đạt được",
        "II.1": "Kết quả thực hiện các nội dụng của đợt thi đua",
        "II.2": "Cách làm,giải pháp,sáng kiến và hiệu quả",
        "II.3": "Chấp hành chủ trương,pháp luật",
        "III": "Các hình thức đã đươc khen thưởng",
    }
    return usual(lambda paper, number, title: full(paper, number, slips[number]))


@document
def titles_with_more_words():
    return usual(
        lambda paper, number, title: paper.say(
            LAYOUT,
            f"{number}. {title} (từ ngày 01/01/2025 đến ngày 31/10/2025)"
            if "." in number
            else f"{number}. {title.upper()}",
            bold=True,
        )
    )


@document
def a_title_over_two_paragraphs():
    def manner(paper, number, title):
        if number == "II.1":
            paper.say(LAYOUT, "1. Kết quả thực hiện", bold=True)
            paper.say(LAYOUT, "các nội dung của đợt thi đua", bold=True)
        else:
            full(paper, number, title)

    return usual(manner)


@document
def groups_left_out():
    """No group, the numbers run through: 1 to 6."""
    places = {number: str(place) for place, number in enumerate((*TEXTS, "III"), start=1)}
    return usual(
        lambda paper, number, title: (
            paper.say(LAYOUT, f"{places[number]}. {title}", bold=True) if number in places else None
        )
    )


@document
def sentences_that_sound_like_headings():
    texts = TEXTS | {
        "II.1": [
            *TEXTS["II.1"],
            "Thành tích đạt được của tôi có sự đóng góp của tập thể phòng.",
            "Kết quả thực hiện nhiệm vụ được giao: hoàn thành xuất sắc.",
        ],
        "II.2": ["Giải pháp, sáng kiến đã áp dụng trong toàn cơ quan.", *TEXTS["II.2"]],
    }
    return usual(full, texts=texts)


@document
def staff_table_with_heads_of_department():
    def add(paper):
        table = paper.document.add_table(0, 3)
        for cells in (
            ("TT", "Họ và tên", "Chức vụ"),
            ("1", "Lý Văn Đức", "Trưởng phòng"),
            ("2", "Vi Thị Hạnh", "Phó Trưởng phòng"),
        ):
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
            paper.expect("I.2", " | ".join(cells))

    return with_more("I.2", add)


@document
def awards_in_other_words():
    def write(paper):
        heads = ("STT", "Năm công tác", "Hình thức, danh hiệu", "Quyết định")
        table = paper.document.add_table(1, len(heads))
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            cell.text = head
        spelt = (
            "QĐ số 35/QĐ-TTr, ngày 12 tháng 01 năm 2023, Chánh Thanh tra tỉnh",
            "Số: 41/QĐ-TTr ngày 15/1/2024 của Chánh Thanh tra tỉnh",
            "1205/QĐ-UBND ngày 20-12-2024; Chủ tịch UBND tỉnh Lạng Sơn",
        )
        for place, (award, decision) in enumerate(zip(AWARDS, spelt, strict=True), start=1):
            cells = (f"{place}.", award[0], award[1], decision)
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
            paper.rows.append(award)

    return usual(full, awards=write)


@document
def awards_as_free_lines():
    def write(paper):
        paper.say("III", "Nhiều năm liền là Lao động tiên tiến; năm 2023 được tặng Giấy khen.")
        paper.document.add_paragraph(
            "+ 2022: Lao động tiên tiến, Quyết định số 35/QĐ-TTr ngày 12/01/2023 của Chánh Thanh tra tỉnh"
        )
        paper.rows.append(AWARDS[0])
        paper.say("III", "Năm 2024: Bằng khen của Chủ tịch UBND tỉnh")

    return usual(full, awards=write)


@document
def no_signatures_and_no_head():
    paper = Paper()
    paper.body(full)
    return paper


@document
def a_biography_before_the_first_part():
    paper = Paper()
    paper.head()
    for text in ("Sinh năm: 1990. Giới tính: Nữ.", "Quê quán: xã Hữu Lũng, tỉnh Lạng Sơn."):
        paper.say(LOOSE, text)
    paper.body(full)
    paper.foot()
    return paper


@document
def signatures_as_paragraphs():
    paper = Paper()
    paper.head(masthead=False)
    paper.body(full)
    for text in (
        "Lạng Sơn, ngày 05 tháng 11 năm 2025",
        "NGƯỜI BÁO CÁO",
        "(Ký, ghi rõ họ tên)",
        NAME,
        "Xác nhận của thủ trưởng đơn vị",
        "Lý Văn Đức",
    ):
        paper.say(LAYOUT, text)
    return paper


@document
def copied_from_an_older_report():
    """Text of a heading that is there twice, the second time with what is new."""
    paper = Paper()
    paper.head()
    paper.body(full)
    full(paper, "II.1", PERSON["II.1"])
    paper.say("II.1", "Bổ sung tháng 11: hoàn thành thêm 01 cuộc thanh tra.")
    paper.foot()
    return paper
