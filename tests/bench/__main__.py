"""Print what printing costs, side by side in one run, and whether the goals are met.

    python -m tests.bench [--rounds N] [--certificates N] [--all] [certificates] [dossiers] [decision]

Every contender runs alone in a fresh process; its cost is that of all processes it started, from
the start of the program on. Rounds are interleaved, and the medians are shown. `--all` also prints
the certificates by WeasyPrint with a vector border, which is slow.
"""

import argparse
import dataclasses
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import zxingcpp
from PIL import Image

from tests.bench import borders, samples
from tests.bench.measuring import Cost, Verdicts, medians, number, run, say, say_costs
from tests.scratch import installation

SMALL, LARGE = 160, 640
NAMES = 2000
TENTH, MOST_GROWTH = 0.1, 0.15
MOST_SECONDS, MOST_MB = 6, 400
PRODUCT, WEASYPRINT = "Sản phẩm (viền vector, mã QR)", "Một tài liệu WeasyPrint, viền JPEG"
VECTOR, MERGE = "Một tài liệu WeasyPrint, viền SVG", "Trộn thư DOCX qua LibreOffice, chỉ có chữ"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("parts", nargs="*", default=[], help="certificates, dossiers, decision")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--certificates", type=int, default=500)
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    parts = asked.parts or ["certificates", "decision", "dossiers"]
    verdicts = Verdicts()
    with tempfile.TemporaryDirectory(prefix="td-bench-") as name:
        folder = Path(name)
        if "certificates" in parts:
            certificates(folder, asked, verdicts)
        if "decision" in parts:
            decision(folder, asked.rounds, verdicts)
        if "dossiers" in parts:
            dossiers(folder, verdicts)
    print()
    missed = "; ".join(verdicts.missed)
    print(f"Chưa đạt: {missed}." if missed else "Đạt mọi mục tiêu.")
    return 1 if missed else 0


# --- Certificates ------------------------------------------------------------------------------
def certificates(folder: Path, asked: argparse.Namespace, verdicts: Verdicts) -> None:
    count = asked.certificates
    print(f"\n{count} giấy khen, trung vị của {asked.rounds} lượt xen kẽ")
    papers = folder / "papers.json"
    listed = samples.certificates(count)
    papers.write_text(json.dumps([dataclasses.asdict(paper) for paper in listed]))
    run("product", "certificates", folder / "one.pdf", 1)
    borders.jpeg(folder / "one.pdf", folder / "border.jpg")
    contenders = {
        PRODUCT: ("product", "certificates", count),
        WEASYPRINT: ("usual", "weasyprint", papers, folder / "border.jpg"),
    }
    if shutil.which("soffice"):
        contenders[MERGE] = ("usual", "mail_merge", papers, folder / "profile")
        run("usual", "mail_merge", folder / "first.pdf", _first(papers), folder / "profile")
    if asked.all:
        borders.svg(folder / "border.svg")
        contenders[VECTOR] = ("usual", "weasyprint", papers, folder / "border.svg")
    runs: dict[str, list[Cost]] = {label: [] for label in contenders}
    targets = {label: folder / f"{n}.pdf" for n, label in enumerate(contenders)}
    for _ in range(asked.rounds):
        for label, (module, contender, *arguments) in contenders.items():
            runs[label].append(run(module, contender, targets[label], *arguments))
    costs = {label: medians(found) for label, found in runs.items()}
    say_costs(costs)
    ratio = costs[PRODUCT].cpu / costs[WEASYPRINT].cpu
    verdicts.judge(
        "Sản phẩm ≤ 1/10 WeasyPrint viền JPEG", f"{number(ratio, 3)} lần", met=ratio <= TENTH
    )
    if MERGE in costs:
        ratio = costs[PRODUCT].cpu / costs[MERGE].cpu
        verdicts.judge("Sản phẩm < trộn thư chỉ có chữ", f"{number(ratio, 3)} lần", met=ratio < 1)
    else:
        print("  – Không có LibreOffice nên không so với trộn thư (gói libreoffice-writer-nogui).")
    prove(targets[PRODUCT], listed, verdicts)


def _first(papers: Path) -> Path:
    """Return a file of one paper: the first start of LibreOffice makes its profile."""
    target = papers.with_name("first.json")
    target.write_text(json.dumps(json.loads(papers.read_text())[:1]))
    return target


def prove(printed: Path, papers: list[samples.CertificatePaper], verdicts: Verdicts) -> None:
    """Look at what was printed: names, fonts, border, codes."""
    pages = [" ".join(page.split()) for page in _said("pdftotext", printed, "-").split("\f")[:-1]]
    found = sum(paper.recipient_name in page for paper, page in zip(papers, pages, strict=False))
    verdicts.judge(
        "Mỗi họ tên có trong chữ của trang mình",
        f"{found}/{len(papers)}",
        met=found == len(papers) == len(pages),
    )
    fonts = _said("pdffonts", printed).splitlines()[2:]
    embedded = [font for font in fonts if re.search(r" yes (yes|no) +(yes|no) +\d+ +\d+$", font)]
    verdicts.judge(
        "Mọi phông chữ được nhúng",
        f"{len(embedded)}/{len(fonts)}",
        met=bool(fonts) and len(embedded) == len(fonts),
    )
    pictures = len(_said("pdfimages", "-list", printed).splitlines()[2:])
    verdicts.judge("Viền là nét vẽ, không phải ảnh", f"{pictures} ảnh", met=not pictures)
    sample = sorted({1, len(papers) // 2 or 1, len(papers)})
    read = [_code_on(printed, page) == samples.address(page) for page in sample]
    verdicts.judge("Mã QR đọc được", f"{sum(read)}/{len(sample)} trang thử", met=all(read))


def _code_on(printed: Path, page: int) -> str:
    where = ["-f", str(page), "-l", str(page)]
    drawn = subprocess.run(
        ["pdftoppm", "-r", "150", "-gray", *where, printed], capture_output=True, check=True
    )
    with Image.open(io.BytesIO(drawn.stdout)) as picture:
        codes = zxingcpp.read_barcodes(picture)
    return codes[0].text if codes else ""


def _said(*command: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, check=True)
    return done.stdout.decode()


# --- A long decision ---------------------------------------------------------------------------
def decision(folder: Path, rounds: int, verdicts: Verdicts) -> None:
    print(f"\nQuyết định {NAMES} người, trung vị của {rounds} lượt")
    costs = [run("product", "decision", folder / "decision.pdf", NAMES) for _ in range(rounds)]
    cost = medians(costs)
    printing = sorted(found.facts["cpu"] for found in costs)[len(costs) // 2]
    say_costs({"Kể cả khởi động chương trình": cost})
    verdicts.judge(
        f"In dưới {MOST_SECONDS} giây bộ xử lý",
        f"{number(printing)} giây",
        met=printing < MOST_SECONDS,
    )
    verdicts.judge(
        f"Bộ nhớ dưới {MOST_MB} MB", f"{cost.peak_mb:.0f} MB", met=cost.peak_mb < MOST_MB
    )


# --- Dossiers ----------------------------------------------------------------------------------
def dossiers(folder: Path, verdicts: Verdicts) -> None:
    print(f"\nHồ sơ {SMALL} và {LARGE} báo cáo, mỗi báo cáo 3 trang")
    target = folder / "dossier.pdf"
    say("", "bộ xử lý", "mỗi trang", "đồng hồ/trang", "bộ nhớ", "in lại")
    small = _dossiers(target, [(SMALL, 0)])[0]
    large, again = _dossiers(target, [(LARGE, 0), (LARGE, LARGE // 2)])
    per_page = [cost.facts["cpu"] / cost.facts["pages"] for cost in (small, large)]
    growth = per_page[1] / per_page[0] - 1
    verdicts.judge(
        "Thời gian mỗi trang tăng dưới 15 %",
        f"{number(100 * growth, 1)} %",
        met=growth < MOST_GROWTH,
    )
    most = max(cost.peak_mb for cost in (small, large, again))
    verdicts.judge(f"Bộ nhớ dưới {MOST_MB} MB", f"{most:.0f} MB", met=most < MOST_MB)
    printed = again.facts["printed"]
    verdicts.judge("Sửa một báo cáo thì in lại một", f"in lại {printed}", met=printed == 1)


def _dossiers(target: Path, jobs: list[tuple[int, int]]) -> list[Cost]:
    """Make dossiers one after another in one installation that begins empty."""
    costs = []
    with installation("bench") as environment:
        for count, changed in jobs:
            cost = run("product", "dossier", target, count, changed, environment=environment)
            say(
                f"{count} báo cáo" + (", đóng lại sau khi sửa một" if changed else ""),
                f"{number(cost.facts['cpu'])} giây",
                f"{number(1000 * cost.facts['cpu'] / cost.facts['pages'], 1)} ms",
                f"{number(1000 * cost.facts['wall'] / cost.facts['pages'], 1)} ms",
                f"{cost.peak_mb:.0f} MB",
                str(cost.facts["printed"]),
            )
            costs.append(cost)
    return costs


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thidua.settings")
    sys.exit(main())
