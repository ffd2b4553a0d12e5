"""The bench in little: the goals with room, so that a busy machine does not fail them."""

import dataclasses
import json

import pytest

from tests.bench import borders, dossiers, long_papers, measuring, samples
from tests.bench.__main__ import prove

COUNT = 40


def test_certificates_cost_far_less_than_one_long_html(tmp_path):
    papers = tmp_path / "papers.json"
    listed = samples.certificates(COUNT)
    papers.write_text(json.dumps([dataclasses.asdict(paper) for paper in listed]))
    one, product, weasyprint = (tmp_path / name for name in ("one.pdf", "ours.pdf", "theirs.pdf"))
    start = measuring.run("product", "certificates", one, 1)
    borders.jpeg(one, tmp_path / "border.jpg")

    ours = measuring.run("product", "certificates", product, COUNT)
    theirs = measuring.run("usual", "weasyprint", weasyprint, papers, tmp_path / "border.jpg")

    # The start of the program weighs much in so short a run: it is left out of both.
    assert ours.cpu - start.cpu < 0.7 * (theirs.cpu - start.cpu)
    verdicts = measuring.Verdicts()
    prove(product, listed, verdicts)
    assert verdicts.missed == []


@pytest.mark.django_db
def test_a_dossier_made_again_prints_what_has_changed_and_nothing_else(tmp_path):
    papers = long_papers.reports(8)
    pages, printed = dossiers.make(papers, tmp_path / "a.pdf")
    assert (pages, printed) == (1 + 8 * 3, 8)

    papers[4] = dataclasses.replace(papers[4], pledge="Tôi cam kết đúng sự thật.")
    _, printed = dossiers.make(papers, tmp_path / "b.pdf")
    assert printed == 1
    dossiers.make(papers, tmp_path / "c.pdf")
    assert (tmp_path / "b.pdf").read_bytes() == (tmp_path / "c.pdf").read_bytes()
