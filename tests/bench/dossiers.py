"""A dossier of many reports, made as the worker makes it: each printed once and kept, then bound."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from awards.documents import AchievementReportPaper, DossierCover
from thidua.core.binding import Part, Places, bind
from thidua.core.models import RenderedPaper
from thidua.core.rendering import kept_pdf

AWARD = "Bằng khen của Chủ tịch UBND tỉnh"


def make(papers: Sequence[AchievementReportPaper], target: Path) -> tuple[int, int]:
    """Bind the reports at `target`; return its pages, and how many papers had to be printed."""
    before = RenderedPaper.objects.count()
    parts = [
        Part(
            f"Báo cáo thành tích của {paper.name}",
            kept_pdf(paper, name=f"bao-cao-{number:03d}", actor=None),
            ("Báo cáo thành tích",),
            is_ours=True,
        )
        for number, paper in enumerate(papers, 1)
    ]
    places = bind(_cover, parts, target)
    return places[-1].last_page, RenderedPaper.objects.count() - before


def _cover(places: Places) -> DossierCover:
    return DossierCover(
        parent_body="UBND TỈNH THỬ",
        body="THANH TRA TỈNH",
        place="Thử",
        signed_on=dt.date(2026, 1, 5),
        set_number=1,
        set_count=1,
        award_form=AWARD,
        campaign="Đợt thi đua chào mừng 80 năm Ngày Tổng tuyển cử đầu tiên",
        proposer="Thanh tra tỉnh Thử",
        contents=places,
    )
