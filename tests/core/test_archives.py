"""The archive is checked by the tool that everybody has, where nobody has this software."""

import subprocess
import zipfile

import pytest

from tests import factories as make
from thidua.core.archives import Entry, write_archive
from thidua.core.text import file_stem
from thidua.core.workflow import Refused

HOSTILE = [
    *(
        "../x",
        "/etc/passwd",
        "a/../b",
        "a//b",
        "a/b/c",
        "..",
        ".",
        "",
        "a\\b",
        "C:x",
        "a\nb",
        "a b",
    ),
    *(
        "-rf",
        ".an",
        "a/.an",
        "a/-b",
        "phòng.pdf",
        "a.pdf/b",
        "a.PDF\0",
        "nul/../../x",
        "~/x",
        "$(x)",
    ),
    *(f"{'../' * n}x.pdf" for n in range(1, 20)),
    *(f"thanh-phan/{chr(n)}.pdf" for n in range(1, 48) if chr(n) not in "0123456789"),
    *("a/b\u202efdp.exe", "a:b", "a*b", "a?b", "a|b", "a<b", 'a"b', "%2e%2e/x", "a/%2e%2e/b"),
]


def archive(tmp_path, *entries):
    target = tmp_path / "goi.zip"
    write_archive(entries, target)
    return target


def unpacked(target, folder):
    with zipfile.ZipFile(target) as opened:
        opened.extractall(folder)
    return folder


def checked(folder):
    return subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_what_is_unpacked_is_checked_by_the_common_tool(tmp_path):
    made = tmp_path / "bo.pdf"
    made.write_bytes(b"%PDF-1.7")
    entries = (Entry("bo.pdf", made), Entry("thanh-phan/0001-to-trinh.pdf", b"mot"))

    folder = unpacked(archive(tmp_path, *entries), tmp_path / "ra")

    sound = checked(folder)
    assert sound.returncode == 0
    assert sound.stdout == "bo.pdf: OK\nthanh-phan/0001-to-trinh.pdf: OK\n"
    (folder / "thanh-phan/0001-to-trinh.pdf").write_bytes(b"mOt")
    flipped = checked(folder)
    assert flipped.returncode == 1
    assert "thanh-phan/0001-to-trinh.pdf: FAILED" in flipped.stdout


def test_the_same_files_give_the_same_bytes(tmp_path):
    one, other = (
        archive(tmp_path, Entry("a.txt", b"1"), Entry("b.txt", b"2")).read_bytes() for _ in "12"
    )

    assert one == other


@pytest.mark.parametrize("name", HOSTILE, ids=repr)
def test_a_name_that_leads_elsewhere_is_never_written(tmp_path, name):
    with pytest.raises(ValueError, match="not a name"):
        archive(tmp_path, Entry(name, b""))


def test_no_name_stands_twice(tmp_path):
    with pytest.raises(ValueError, match="not a name"):
        archive(tmp_path, Entry("a.pdf", b"1"), Entry("a.pdf", b"2"))


@pytest.mark.parametrize("title", [*HOSTILE, "Đỗ Thị Ánh; rm -rf /", "𝔘nicode", "ạ̣̣̣"], ids=repr)
def test_whatever_a_paper_is_called_its_file_has_a_plain_name(tmp_path, title):
    stem = f"0001-{file_stem(title)}".strip("-")

    target = archive(tmp_path, Entry(f"thanh-phan/{stem}.pdf", b""))

    folder = unpacked(target, tmp_path / "ra")
    assert [path.parent.name for path in folder.rglob("*.pdf")] == ["thanh-phan"]


@pytest.mark.django_db
def test_a_kept_file_that_was_changed_is_not_packed(tmp_path, settings):
    stored = make.stored_file()
    place = settings.MEDIA_ROOT / stored.path
    place.write_bytes(place.read_bytes()[:-1] + b"x")

    with pytest.raises(Refused, match="đã bị thay đổi"):
        archive(tmp_path, Entry("a.pdf", stored))
