"""The editable twin says what the printed paper says, on the same page, and is plain to edit."""

import io
import shutil
import subprocess

import pikepdf
import pytest
from docx import Document
from docx.oxml.ns import qn

from tests.papers.format_checker import KINDS, pieces_of
from tests.papers.samples import EACH, NAMES, SAMPLES, printed, written
from thidua.core import pdf

MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 20}
# What belongs to one paragraph alone: where a page may end, how long a rule is, where a list begins.
OWN = {"pStyle", "keepNext", "keepLines", "spacing", "ind", "sectPr"}
BATCH = 100  # soffice leaves out what is beyond some two hundred files, and says nothing


def tags(elements):
    return {element.tag.rpartition("}")[2] for element in elements}


def body_of(kind, length):
    return Document(io.BytesIO(written(kind, length)))


@pytest.mark.parametrize(("kind", "length"), EACH, ids=NAMES)
def test_it_says_the_same_in_the_same_order(kind, length):
    said = "".join(text.text or "" for text in body_of(kind, length).element.body.iter(qn("w:t")))
    wanted = "".join(piece.text for piece in pieces_of(SAMPLES[kind][length]))
    assert "".join(said.split()) == "".join(wanted.split())


@pytest.mark.parametrize(("kind", "length"), EACH, ids=NAMES)
def test_its_pages_are_those_of_the_decree(kind, length):
    page = (297, 210) if KINDS[kind.__name__].is_lying else (210, 297)
    sections = body_of(kind, length).sections
    assert len(sections) == 1 + len(SAMPLES[kind][length].annexes)
    for section in sections:
        assert (round(section.page_width.mm), round(section.page_height.mm)) == page
        sides = {side: round(getattr(section, f"{side}_margin").mm) for side in MARGINS}
        assert sides == MARGINS
        assert section.different_first_page_header_footer
    for section in sections[1:]:
        assert section._sectPr.xpath("w:pgNumType/@w:start") == ["1"]


@pytest.mark.parametrize(("kind", "length"), EACH, ids=NAMES)
def test_its_look_is_in_its_styles(kind, length):
    document = body_of(kind, length)
    named = {style.style_id: style for style in document.styles}
    body = document.element.body
    for paragraph in body.iter(qn("w:p")):
        if paragraph.text:
            [style] = paragraph.xpath("w:pPr/w:pStyle/@w:val")
            assert named[style].name != "Normal"
        assert paragraph.pPr is None or tags(paragraph.pPr) <= OWN
    for run in body.iter(qn("w:r")):
        assert run.rPr is None or tags(run.rPr) <= {"rStyle"}
    for style in document.styles:
        if style.type == 1 and style.name != "Normal":  # of a paragraph
            assert style.font.name == "Times New Roman"


@pytest.fixture(scope="module")
def page_counts(tmp_path_factory):
    """Lay all samples out in one start of LibreOffice, and count their pages."""
    soffice = shutil.which("soffice")
    if not soffice:
        pytest.skip("LibreOffice (gói libreoffice-writer-nogui) chưa có trên máy này")
    folder = tmp_path_factory.mktemp("word")
    for (kind, length), name in zip(EACH, NAMES, strict=True):
        (folder / f"{name}.docx").write_bytes(written(kind, length))
    files = sorted(folder.glob("*.docx"))
    assert len(files) < BATCH
    subprocess.run(
        [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--norestore", "--convert-to", "pdf", "--outdir", folder, *files],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    counts = {}
    for path in folder.glob("*.pdf"):
        with pikepdf.open(path) as opened:
            counts[path.stem] = len(opened.pages)
    return counts


def test_libreoffice_lays_it_out_on_as_many_pages(page_counts):
    wanted = {name: pdf.page_count(printed(*one)) for one, name in zip(EACH, NAMES, strict=True)}
    assert page_counts.keys() == wanted.keys()
    far = {name: (n, wanted[name]) for name, n in page_counts.items() if abs(n - wanted[name]) > 1}
    assert far == {}
