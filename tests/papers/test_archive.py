"""Every kind of document is kept for good: PDF/A-3 with tags, its faces inside, its text readable."""

import io
import unicodedata

import pikepdf
import pytest

from tests.papers.format_checker import pieces_of
from tests.papers.measuring import read_pages
from tests.papers.samples import EACH, NAMES, SAMPLES, printed
from thidua.core.documents import ListTable, render_pdf

SHORT = [pytest.param(kind, id=kind.__name__) for kind in SAMPLES]
FORBIDDEN = {"/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/AA"}


@pytest.fixture
def opened(kind):
    with pikepdf.open(io.BytesIO(printed(kind, "short"))) as pdf:
        yield pdf


def tags_of(element):
    """Yield the name of every element in the tree of tags."""
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from tags_of(one)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield str(element.S)
        if "/K" in element:
            yield from tags_of(element.K)


def tables_of(paper):
    blocks = [*paper.blocks, *(block for annex in paper.annexes for block in annex.blocks)]
    return [block for block in blocks if isinstance(block, ListTable)]


@pytest.mark.parametrize("kind", SHORT)
def test_it_says_that_it_is_an_archive(kind, opened):
    with opened.open_metadata() as metadata:
        assert metadata.pdfa_status == "3A"
    [intent] = opened.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    profile = intent.DestOutputProfile.read_bytes()
    assert profile[36:40] == b"acsp"
    assert intent.DestOutputProfile.N == 3
    assert len(opened.trailer.ID) == 2
    assert not opened.is_encrypted
    assert opened.pdf_version >= "1.7"


@pytest.mark.parametrize("kind", SHORT)
def test_it_names_its_title_and_its_language(kind, opened):
    assert str(opened.Root.Lang) == "vi"
    assert str(opened.docinfo.Title) == SAMPLES[kind]["short"].title
    assert opened.Root.ViewerPreferences.DisplayDocTitle


@pytest.mark.parametrize("kind", SHORT)
def test_it_is_tagged(kind, opened):
    assert opened.Root.MarkInfo.Marked
    tags = list(tags_of(opened.Root.StructTreeRoot.K))
    assert {"/H1", "/P"} <= set(tags)
    rows = sum(len(table.rows) for table in tables_of(SAMPLES[kind]["short"]))
    if rows:
        assert {"/Table", "/TR", "/TH", "/TD"} <= set(tags)
        assert tags.count("/TR") >= rows


@pytest.mark.parametrize("kind", SHORT)
def test_it_has_bookmarks(kind, opened):
    with opened.open_outline() as outline:
        first = outline.root[0]
        assert unicodedata.normalize("NFC", first.title).startswith(kind.kind)
        if SAMPLES[kind]["short"].annexes:
            assert first.children


@pytest.mark.parametrize("kind", SHORT)
def test_every_face_is_inside_and_only_in_the_letters_used(kind, opened):
    found = False
    for page in opened.pages:
        for font in page.Resources.get("/Font", {}).values():
            found = True
            assert str(font.BaseFont)[7] == "+"
            [inside] = font.get("/DescendantFonts", [font])
            assert {"/FontFile2", "/FontFile3"} & set(inside.FontDescriptor.keys())
            assert "/ToUnicode" in font
    assert found


@pytest.mark.parametrize("kind", SHORT)
def test_nothing_in_it_runs_or_is_smoothed(kind, opened):
    for found in opened.objects:
        if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            assert not FORBIDDEN & set(found.keys())
            assert str(found.get("/S", "")) not in FORBIDDEN
            assert not found.get("/Interpolate", False)
            assert str(found.get("/SMask", "/None")) == "/None"


@pytest.mark.parametrize(("kind", "length"), EACH, ids=NAMES)
def test_each_sentence_is_read_back_in_composed_letters(kind, length):
    pages = read_pages(printed(kind, length))
    told = "".join(letter.text for page in pages for letter in page.letters)
    assert unicodedata.is_normalized("NFC", told)
    assert "\ufffd" not in told
    without_numbers = "".join(
        letter.text for page in pages for letter in page.letters if letter.baseline > 19
    )
    for piece in pieces_of(SAMPLES[kind][length]):
        assert "".join(piece.text.split()) in without_numbers


@pytest.mark.parametrize("kind", SHORT)
def test_the_same_facts_give_the_same_bytes(kind):
    assert render_pdf(SAMPLES[kind]["short"]) == printed(kind, "short")
