"""Vietnamese text: composed, folded for search, sorted as a dictionary sorts."""

import random
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from thidua.core.text import compose, dotted, fold, in_words, person_sort_key, sort_key

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
ZERO_WIDTH = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_text_is_composed_however_it_was_typed(form):
    assert compose(unicodedata.normalize(form, "Đặng Thị Thủy hòa ủy")) == "Đặng Thị Thủy hòa ủy"


@pytest.mark.parametrize("mark", ZERO_WIDTH)
def test_invisible_characters_are_dropped(mark):
    assert compose(f"Nguyễn{mark} Văn{mark}An") == "Nguyễn VănAn"


@pytest.mark.parametrize("mark", ZERO_WIDTH)
def test_an_invisible_character_before_a_tone_does_not_keep_it_apart(mark):
    assert compose(f"a{mark}\u0301") == "á"


def test_runs_of_blanks_become_one_and_line_breaks_stay():
    assert compose("  Phòng\u00a0\t Nghiệp  vụ \r\n\r\n hai \rba  ") == "Phòng Nghiệp vụ\n\nhai\nba"


def test_control_and_direction_characters_do_not_survive():
    assert compose("An\u202e\u0007\u0000Bình") == "An Bình"


@given(st.text())
def test_composing_twice_changes_nothing_more(text):
    assert compose(compose(text)) == compose(text)


@given(st.text())
def test_composed_text_is_nfc_and_printable(text):
    composed = compose(text)

    assert unicodedata.is_normalized("NFC", composed)
    assert all(line == "" or line.isprintable() for line in composed.split("\n"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Văn Đạt", "dang van dat"),
        ("HÒA hoà Hoà", "hoa hoa hoa"),
        (unicodedata.normalize("NFD", "Thủy  Ủy"), "thuy uy"),
        ("Nguyễn\u200b Ước", "nguyen uoc"),
        ("ÔNG Ỷ ơ ư ă â ê", "ong y o u a a e"),
        ("", ""),
    ],
)
def test_folding_drops_case_marks_and_the_bar_of_d(text, folded):
    assert fold(text) == folded


@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " "))
def test_folded_vietnamese_is_plain_latin(text):
    assert fold(text).isascii()


@pytest.mark.parametrize("seed", range(5))
def test_the_letters_stand_in_the_order_of_the_alphabet_with_tones_inside(seed):
    letters = list(VIETNAMESE)
    random.Random(seed).shuffle(letters)

    assert "".join(sorted(letters, key=sort_key)) == VIETNAMESE


def test_letters_decide_before_tones():
    words = ["bà", "ba", "bá", "bac", "bả", "bã", "bạ", "bàc", "bă", "bâ"]

    assert sorted(words, key=sort_key) == [
        "ba", "bà", "bả", "bã", "bá", "bạ", "bac", "bàc", "bă", "bâ",
    ]  # fmt: skip


def test_d_comes_before_d_with_bar_and_digits_before_letters():
    names = ["Đoàn", "Dũng", "Phòng 10", "Em", "2 Phòng", "Phòng 2"]

    assert sorted(names, key=sort_key) == [
        "2 Phòng", "Dũng", "Đoàn", "Em", "Phòng 10", "Phòng 2",
    ]  # fmt: skip


def test_case_composition_and_blanks_do_not_change_a_key():
    assert sort_key("ĐẶNG  thị") == sort_key(unicodedata.normalize("NFD", "đặng Thị"))


def test_people_are_sorted_by_given_name_then_family_then_middle():
    names = [
        "Nguyễn Văn Ánh",
        "Trần Thị An",
        "Đỗ Văn An",
        "Nguyễn Thị An",
        "Nguyễn Bá An",
        "Dương An",
        "Lê Văn Anh",
        "Đào",
        "Vi Đức",
    ]

    assert sorted(names, key=person_sort_key) == [
        "Dương An",
        "Đỗ Văn An",
        "Nguyễn Bá An",
        "Nguyễn Thị An",
        "Trần Thị An",
        "Lê Văn Anh",
        "Nguyễn Văn Ánh",
        "Đào",
        "Vi Đức",
    ]


@pytest.mark.django_db
def test_the_database_sorts_keys_as_the_alphabet_does():
    keys = [sort_key(letter) for letter in VIETNAMESE]

    with connection.cursor() as cursor:
        cursor.execute('SELECT k FROM unnest(%s) AS k ORDER BY k COLLATE "C"', [keys[::-1]])
        rows = [row[0] for row in cursor.fetchall()]

    assert rows == keys


def test_an_empty_name_has_a_key():
    assert person_sort_key("") == person_sort_key("   ")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (55, "năm mươi lăm"),
        (101, "một trăm linh một"),
        (110, "một trăm mười"),
        (710_000, "bảy trăm mười nghìn"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_410_000, "một triệu bốn trăm mười nghìn"),
        (7_020_000, "bảy triệu không trăm hai mươi nghìn"),
        (100_200_300, "một trăm triệu hai trăm nghìn ba trăm"),
        (2_000_000_015, "hai tỷ không trăm mười lăm"),
    ],
)
def test_money_is_spelt_in_full(number, words):
    assert in_words(number) == words


def test_money_is_written_with_dots():
    assert [dotted(n) for n in (0, 760_000, 1_520_000)] == ["0", "760.000", "1.520.000"]
