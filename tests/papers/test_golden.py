"""The pages are those that somebody looked at: a change of a layout is seen, and renewed on purpose."""

import copy

import pytest

from tests.papers import golden
from tests.papers.samples import SAMPLES


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_the_pages_are_as_they_are_kept(kind):
    found = golden.differences(golden.kept(kind), golden.measured(kind))
    assert not found, "chạy «make golden» rồi xem lại các trang:\n" + "\n".join(found)


def test_there_is_no_page_of_a_kind_that_is_gone():
    kept = {path.stem for path in golden.FOLDER.glob("*.json")}
    assert kept == {kind.__name__ for kind in SAMPLES}


@pytest.mark.parametrize(
    ("index", "value"), [(-1, "khác"), (1, 30.9), (4, 12.0), (5, "bold")], ids=str
)
def test_a_change_is_seen(index, value):
    kind = next(iter(SAMPLES))
    pages = copy.deepcopy(golden.kept(kind))
    pages[0][-6][index] = value
    assert len(golden.differences(golden.kept(kind), pages)) == 1


def test_a_hair_s_breadth_is_no_change():
    kind = next(iter(SAMPLES))
    pages = copy.deepcopy(golden.kept(kind))
    pages[0][-6][1] += 0.2
    assert golden.differences(golden.kept(kind), pages) == []
