"""Ways to lay out a plan in Word; each takes the lines of a plan and returns the bytes of a DOCX."""

import io
import re
import unicodedata

from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

MARK = re.compile(r"^(?:([IVX]+)[.]|(\d+)[.]|([a-zđ])[)]|([-+]))\s+(.*)$")
LEVELS = ("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "•")


def content(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paragraphs(lines):
    """Every line a plain paragraph, tabs kept."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    return content(document)


def bold(lines):
    """Headings in bold pieces: the number and the words are runs of their own."""
    document = Document()
    for line in lines:
        match = MARK.match(line)
        if match and not match[4]:
            paragraph = document.add_paragraph()
            paragraph.add_run(line[: match.start(5)]).bold = True
            paragraph.add_run(match[5]).bold = len(match[5]) < 80
        else:
            document.add_paragraph(line)
    return content(document)


def styled(lines):
    """Headings in Word's heading styles."""
    document = Document()
    for line in lines:
        match = MARK.match(line)
        level = next((n for n in (1, 2, 3) if match and match[n]), 0)
        document.add_paragraph(line, style=f"Heading {level}" if level else None)
    return content(document)


def numbered(lines):
    """Numbers drawn by Word: not one of them stands in the text."""
    document = Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(LEVELS)
    )
    kind = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'
    numbering.insert(0, parse_xml(kind))
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
    )
    ended = False
    for line in lines:
        ended = ended or line.startswith("Nơi nhận")
        match = MARK.match(line)
        paragraph = document.add_paragraph(match[5] if match else line)
        if match:
            depth = next(n for n in (1, 2, 3, 4) if match[n]) - 1
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().set(qn("w:val"), str(depth))
            properties.get_or_add_numId().set(qn("w:val"), "77")
    assert ended
    return content(document)


def columns(lines):
    """Head and end in tables of two columns, as the decree on papers draws them."""
    start = next(i for i, line in enumerate(lines) if line.startswith("KẾ HOẠCH"))
    end = next(i for i, line in enumerate(lines) if line.startswith("Nơi nhận"))
    document = Document()
    left = [line for line in lines[:start] if "ngày" not in line and "CỘNG HÒA" not in line]
    right = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    right += [line for line in lines[:start] if "ngày" in line]
    _two(document, left, right)
    for line in lines[start:end]:
        document.add_paragraph(line)
    tail = [line for line in lines[end:] if line]
    listed = [line for line in tail if line.startswith(("-", "Nơi nhận"))]
    _two(document, listed, [line for line in tail if line not in listed])
    return content(document)


def _two(document, left, right):
    row = document.add_table(rows=1, cols=2).rows[0]
    for cell, lines in zip(row.cells, (left, right), strict=True):
        cell.paragraphs[0].text = lines[0]
        for line in lines[1:]:
            cell.add_paragraph(line)


def broken(lines):
    """Soft line breaks where people press Shift+Enter, and the title on two lines."""
    document = Document()
    for line in lines:
        paragraph = document.add_paragraph()
        pieces = re.split(r"(?<=,) (?=[a-zđ])", line, maxsplit=1) if len(line) > 90 else [line]
        for position, piece in enumerate(pieces):
            if position:
                paragraph.add_run().add_break(WD_BREAK.LINE)
            paragraph.add_run(piece)
    return content(document)


def decomposed(lines):
    """Text as a Mac writes it: letters and marks apart, hard blanks between words."""
    return paragraphs(
        [unicodedata.normalize("NFD", line).replace(" ", "\u00a0", 1) for line in lines]
    )


def criteria_table(lines):
    """The criteria and the dossier list in tables with a heading row."""
    document = Document()
    rows = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("| ").split("|")])
            continue
        if rows:
            table = document.add_table(rows=0, cols=len(rows[0]))
            for row in rows:
                cells = table.add_row().cells
                for cell, text in zip(cells, row, strict=True):
                    cell.text = text
            rows = []
        document.add_paragraph(line)
    return content(document)
