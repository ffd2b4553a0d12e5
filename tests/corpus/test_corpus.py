"""No word of a Word file is lost, and most of them stand where they belong."""

import pytest

from tests.corpus import round_trips
from tests.corpus.documents import DOCUMENTS
from tests.corpus.measuring import measure

# 99,9 % of the characters when it was measured; below, a rule of reading has been broken.
FLOOR = 0.995


def test_no_word_is_lost_and_most_are_placed_right():
    scores = {name: measure(build()) for name, build in DOCUMENTS.items()}
    assert len(scores) >= 30
    assert {name: score.lost for name, score in scores.items() if score.lost} == {}
    assert all(score.rows_read == score.rows for score in scores.values())
    placed = sum(score.placed for score in scores.values())
    assert placed >= FLOOR * sum(score.labelled for score in scores.values())


@pytest.mark.parametrize("name", round_trips.REPORTS)
def test_our_own_report_comes_back_as_it_was(name):
    texts, rows = round_trips.REPORTS[name]
    content = round_trips.render_docx(round_trips.paper_of(texts, rows))
    assert round_trips.compare(content, texts, rows) == {}
