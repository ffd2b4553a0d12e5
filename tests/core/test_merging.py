"""Putting PDFs together: pages, tags, bookmarks, labels and links."""

import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest

from thidua.core import pdf
from thidua.core.merging import Bookmark, Piece, gather, merge
from thidua.core.pdf import PaperError


def sheets(count, size="210mm 297mm", text="Chữ"):
    body = "".join(f'<p style="break-after: page">{text} {n}</p>' for n in range(1, count))
    return pdf.render_html_to_pdf(
        f'<html lang="vi"><head><title>Tờ</title><style>@page {{ size: {size} }}</style></head>'
        f"<body>{body}<p>{text} {count}</p></body></html>"
    )


def merged(tmp_path, parts, name="het.pdf", **more):
    target = tmp_path / name
    pieces = [part if isinstance(part, Piece) else Piece(part) for part in parts]
    merge(pieces, target, title="Hồ sơ", **more)
    return target.read_bytes()


def elements(node, seen=()):
    """Yield every structure element below `node`."""
    children = node.get("/K", ())
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def test_merging_counts_bookmarks_and_repeats_itself(tmp_path):
    parts = [sheets(2), sheets(3)]
    outline = [Bookmark("Phòng 1", 1), Bookmark("Tờ trình", 1, 1), Bookmark("Biên bản", 3)]

    content = merged(tmp_path, parts, outline=outline)

    assert pdf.page_count(content) == 5
    assert content == merged(tmp_path, parts, "hai.pdf", outline=outline)
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_outline() as bookmarks:
        assert [item.title for item in bookmarks.root] == ["Phòng 1", "Biên bản"]
        assert [item.title for item in bookmarks.root[0].children] == ["Tờ trình"]
        assert bookmarks.root[1].destination[0].objgen == opened.pages[2].obj.objgen
        assert str(opened.docinfo.Title) == "Hồ sơ"


def test_the_tags_of_our_own_parts_still_name_their_pages(tmp_path):
    ours = [Piece(sheets(2, text=text), is_ours=True) for text in ("Một", "Hai")]
    gather(ours[1:], tmp_path / "sau.pdf")

    content = merged(tmp_path, [ours[0], Piece(tmp_path / "sau.pdf", is_ours=True)])

    with pikepdf.open(io.BytesIO(content)) as opened:
        assert opened.Root.MarkInfo.Marked
        pages = [page.obj.objgen for page in opened.pages]
        tree = opened.Root.StructTreeRoot
        paragraphs = [e for e in elements(tree) if e.S == pikepdf.Name.P]
        named = [e.Pg.objgen for e in elements(tree) if "/Pg" in e]
        assert len(paragraphs) == 4
        assert sorted(set(named)) == sorted(pages)
        owners = pikepdf.NumberTree(tree.ParentTree)
        keys = [int(page.obj.StructParents) for page in opened.pages]
        assert len(set(keys)) == 4
        for page, key in zip(opened.pages, keys, strict=True):
            assert {owner.Pg.objgen for owner in owners[key] if "/Pg" in owner} == {page.obj.objgen}


def test_the_tags_of_an_uploaded_part_are_not_trusted(tmp_path):
    content = merged(tmp_path, [Piece(sheets(1), is_ours=True), Piece(sheets(1))])

    with pikepdf.open(io.BytesIO(content)) as opened:
        assert not opened.Root.MarkInfo.Marked
        assert "/StructParents" in opened.pages[0]
        assert "/StructParents" not in opened.pages[1]


def test_a_form_keeps_what_its_fields_show_when_merged(tmp_path):
    with pikepdf.open(io.BytesIO(sheets(1))) as opened:
        look = opened.make_stream(b"0 0 20 20 re f")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = pikepdf.Array([0, 0, 20, 20])
        field = opened.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Btn,
                T=pikepdf.String("ký"),
                Rect=pikepdf.Array([50, 50, 70, 70]),
                AP=pikepdf.Dictionary(N=look),
                F=4,
            )
        )
        opened.pages[0].Annots = pikepdf.Array([field])
        opened.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        target = io.BytesIO()
        opened.save(target)

    content = merged(tmp_path, [target.getvalue()])

    with pikepdf.open(io.BytesIO(content)) as opened:
        assert "/Annots" not in opened.pages[0]
        assert len(opened.pages[0].Resources.XObject) == 1


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_page_labels_are_upright_at_the_bottom_right(tmp_path, turn):
    with pikepdf.open(io.BytesIO(sheets(2))) as opened:
        for opened_page in opened.pages:
            opened_page.Rotate = turn
        target = io.BytesIO()
        opened.save(target)

    stamped = merged(tmp_path, [target.getvalue()], labels=["Trang 1/2", "Trang 2/2"])

    done = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=stamped, capture_output=True, check=True
    ).stdout.decode()
    sizes = re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', done)
    words = re.findall(
        r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(\d/2)<', done
    )
    assert [word[4] for word in words] == ["1/2", "2/2"]
    if turn % 180:  # the listing gives the size before the turn, the words after it
        sizes = [size[::-1] for size in sizes]
    for (width, height), (left, top, right, bottom, _) in zip(sizes, words, strict=True):
        assert float(width) - 35 < float(right) < float(width) - 20
        assert float(height) - 26 < float(bottom) < float(height) - 8
        assert float(right) - float(left) > float(bottom) - float(top) > 5


def test_all_labels_share_one_font(tmp_path):
    content = merged(tmp_path, [sheets(9)], labels=[f"Trang {n}/9" for n in range(1, 10)])

    with pikepdf.open(io.BytesIO(content)) as opened:
        fonts = {page.resources.Font["/DossierPageLabel"].objgen for page in opened.pages}
        assert len(fonts) == 1


def test_what_was_bound_can_be_bound_again(tmp_path):
    labels = ["Trang 1/1"]
    first = merged(tmp_path, [sheets(1)], labels=labels)

    second = merged(tmp_path, [first], "hai.pdf", labels=["Trang 7/9"])

    words = subprocess.run(
        ["pdftotext", "-", "-"], input=second, capture_output=True, check=True
    ).stdout.decode()
    assert "1/1" in words
    assert "7/9" in words


def test_a_line_of_the_contents_leads_to_its_page(tmp_path):
    cover = pdf.render_html_to_pdf(
        '<html lang="vi"><head><title>Bìa</title></head><body>'
        '<a href="place:3">Biên bản</a> <a href="https://example.org/">ngoài</a></body></html>'
    )

    content = merged(tmp_path, [cover, sheets(3)], linked_pages=1)

    with pikepdf.open(io.BytesIO(content)) as opened:
        inside, outside = opened.pages[0].Annots
        assert inside.Dest[0].objgen == opened.pages[2].obj.objgen
        assert "/A" not in inside
        assert str(outside.A.URI) == "https://example.org/"


def test_a_locked_pdf_is_refused(tmp_path):
    with pikepdf.open(io.BytesIO(sheets(1))) as opened:
        target = io.BytesIO()
        opened.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))

    with pytest.raises(PaperError, match="mật khẩu"):
        merged(tmp_path, [target.getvalue()])


def test_parts_on_the_disk_are_those_in_memory(tmp_path):
    part = sheets(2)
    Path(tmp_path, "phan.pdf").write_bytes(part)

    from_disk = merged(tmp_path, [Piece(tmp_path / "phan.pdf")])

    assert from_disk == merged(tmp_path, [part], "hai.pdf")
