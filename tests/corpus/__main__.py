"""Print how the corpus is read: `make corpus`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thidua.settings")
django.setup()

from tests.corpus import round_trips  # noqa: E402
from tests.corpus.documents import DOCUMENTS  # noqa: E402
from tests.corpus.measuring import measure  # noqa: E402


def main():
    """Measure every document, then our own reports; the exit says whether a word was lost."""
    scores = {name: measure(build()) for name, build in DOCUMENTS.items()}
    print(f"{'văn bản':48} {'ký tự':>7} {'còn giữ':>9} {'đúng mục':>9} {'dòng khen':>9}")
    for name, score in scores.items():
        print(
            f"{name.replace('_', ' '):48} {score.total:7} {score.kept:9.2%} {score.share:9.2%} "
            f"{score.rows_read:4}/{score.rows}"
        )
    labelled = sum(score.labelled for score in scores.values())
    placed = sum(score.placed for score in scores.values())
    lost = sum(sum(score.lost.values()) for score in scores.values())
    print(f"\n{len(scores)} văn bản: mất {lost} từ; đúng mục {placed / labelled:.2%} số ký tự.")
    reports = list(round_trips.made())
    wrong = _told("xuất ra rồi đọc lại", reports, [content for *_, content in reports])
    again = round_trips.saved_again([content for *_, content in reports])
    if again is None:
        print("LibreOffice không có ở máy này nên không thử bản lưu lại.")
    else:
        wrong += _told("LibreOffice lưu lại rồi đọc", reports, again)
    return int(bool(lost or wrong))


def _told(label, reports, contents):
    wrong = {}
    for (name, texts, rows, _), content in zip(reports, contents, strict=True):
        if found := round_trips.compare(content, texts, rows):
            wrong[name] = found
    print(f"{label}: {len(reports) - len(wrong)}/{len(reports)} báo cáo giống hệt. {wrong or ''}")
    return len(wrong)


sys.exit(main())
