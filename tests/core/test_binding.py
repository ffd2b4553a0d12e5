"""A bound dossier: its cover says where each part really is."""

import subprocess

import pikepdf
import pytest

from awards.documents import DossierCover
from tests.awards.test_documents import (
    AGENCY,
    BANG_KHEN,
    CAMPAIGN,
    COUNCIL_MINUTES,
    DECISION,
    RECEIPT,
    SIGNED,
    SUBMISSION,
)
from thidua.core import binding, files, rendering
from thidua.core.binding import COVER, Part, bind
from thidua.core.documents import PaperError, PartPlace
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db


def cover(places, **more):
    return DossierCover(
        **AGENCY,
        **SIGNED,
        set_number=1,
        set_count=2,
        award_form=BANG_KHEN,
        campaign=CAMPAIGN,
        proposer="Thanh tra tỉnh Thử",
        nominees=("Phòng Nghiệp vụ 1",),
        contents=places,
        **more,
    )


def part(title, paper, *headings):
    stored = rendering.kept_pdf(paper, name="van-ban", actor=None)
    return Part(title, stored, headings, is_ours=True)


def pages_of(path, *options):
    done = subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, check=True)
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


def test_a_dossier_says_on_its_cover_where_each_part_really_is(tmp_path):
    parts = [
        part("Tờ trình", SUBMISSION),
        part("Quyết định", DECISION, "Phòng 1", "Lê Văn A"),
        part("Biên bản", COUNCIL_MINUTES, "Phòng 1"),
    ]

    places = bind(cover, parts, tmp_path / "bo.pdf")

    pages = pages_of(tmp_path / "bo.pdf")
    assert "HỒ SƠ ĐỀ NGHỊ KHEN THƯỞNG" in pages[0]
    assert "Bộ số 01/02" in pages[0]
    assert "CHƯA ĐỦ" not in pages[0]
    assert f"Hồ sơ gồm 3 văn bản, {len(pages)} trang, kể cả bìa." in pages[0]
    table = pages_of(tmp_path / "bo.pdf", "-layout")[0]
    for place, opening in zip(places, ("TỜ TRÌNH", "QUYẾT ĐỊNH", "BIÊN BẢN"), strict=True):
        assert opening in pages[place.first_page - 1]
        assert f"{place.title} {place.page_count} {place.pages.replace(' ', '')}" in table.replace(
            " - ", "-"
        )
    assert all(f"{n}/{len(pages)}" in page for n, page in enumerate(pages, 1))
    with pikepdf.open(tmp_path / "bo.pdf") as opened, opened.open_outline() as outline:
        assert [item.title for item in outline.root] == [COVER, "Tờ trình", "Phòng 1"]
        unit = outline.root[2]
        assert [item.title for item in unit.children] == ["Lê Văn A", "Biên bản"]
        assert [item.title for item in unit.children[0].children] == ["Quyết định"]
        led = [note.Dest[0].objgen for note in opened.pages[0].Annots]
        assert led == [opened.pages[place.first_page - 1].obj.objgen for place in places]
        assert opened.Root.MarkInfo.Marked
    bind(cover, parts, tmp_path / "lai.pdf")
    assert (tmp_path / "bo.pdf").read_bytes() == (tmp_path / "lai.pdf").read_bytes()


def test_contents_longer_than_one_page_move_the_parts(tmp_path):
    parts = [part(f"Văn bản thứ {n}", RECEIPT) for n in range(1, 61)]

    places = bind(cover, parts, tmp_path / "bo.pdf")

    pages = pages_of(tmp_path / "bo.pdf")
    first = places[0].first_page
    assert first > 2
    assert "BIÊN NHẬN HỒ SƠ" in pages[first - 1]
    assert "BIÊN NHẬN HỒ SƠ" not in pages[first - 2]


def test_a_very_long_dossier_is_bound_without_tags(tmp_path, monkeypatch):
    monkeypatch.setattr(binding, "_MOST_TAGGED_PAGES", 1)

    bind(cover, [part("Tờ trình", RECEIPT)], tmp_path / "bo.pdf")

    with pikepdf.open(tmp_path / "bo.pdf") as opened:
        assert "/StructTreeRoot" not in opened.Root
        assert "/StructParents" not in opened.pages[0]


def test_a_cover_names_what_lacks(tmp_path):
    lacks = ("Biên bản họp Hội đồng (Mục V.3.b)",)

    bind(lambda places: cover(places, lacks=lacks), [part("Tờ trình", RECEIPT)], tmp_path / "b.pdf")

    first = pages_of(tmp_path / "b.pdf")[0]
    assert "CHƯA ĐỦ THÀNH PHẦN" in first
    assert "1. Biên bản họp Hội đồng (Mục V.3.b)." in first


def test_a_broken_part_is_named(tmp_path):
    stored = files.keep(b"x", name="x.pdf", media_type=files.PDF, actor=None, pages=1)

    with pytest.raises(PaperError, match="Không ghép được “Tờ trình”"):
        bind(cover, [Part("Tờ trình", stored)], tmp_path / "bo.pdf")


def test_a_part_of_another_length_than_was_noted_is_named(tmp_path):
    stored = rendering.kept_pdf(RECEIPT, name="x", actor=None)
    stored.page_count = 2

    with pytest.raises(PaperError, match="số trang đã ghi không đúng"):
        bind(cover, [Part("Tờ trình", stored)], tmp_path / "bo.pdf")


def test_a_lost_part_is_named(tmp_path, settings):
    stored = rendering.kept_pdf(RECEIPT, name="x", actor=None)
    (settings.MEDIA_ROOT / stored.path).unlink()

    with pytest.raises(Refused, match="mất tệp: Tờ trình"):
        bind(cover, [Part("Tờ trình", stored)], tmp_path / "bo.pdf")


def test_places_say_their_pages():
    assert PartPlace("a", 5, 1).pages == "5"
    assert PartPlace("a", 5, 3).pages == "5 - 7"
