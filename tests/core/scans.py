"""Pages as scanners and telephones give them, good and bad, and how well they are told apart.

`python -m tests.core.scans` prints the table: for each kind how many of its pages are found, and
how many good pages are called bad.
"""

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from thidua.core.drawing import font_file
from thidua.core.strangers import _LYING_WIDTH, _WIDTH, Leaf, judged

_A4 = (8.27, 11.69)
_WORDS = [
    "Trong",
    "kỳ",
    "đơn",
    "vị",
    "đã",
    "tiếp",
    "nhận,",
    "xử",
    "lý",
    "đơn",
    "thư",
    "đúng",
    "thời",
    "hạn;",
    "tham",
    "mưu",
    "ban",
    "hành",
    "kết",
    "luận",
    "thanh",
    "tra,",
    "đôn",
    "đốc",
    "thực",
    "hiện",
    "kiến",
    "nghị;",
    "phối",
    "hợp",
    "với",
    "các",
    "phòng",
    "hoàn",
    "thành",
    "kế",
    "hoạch",
    "năm",
]


@dataclasses.dataclass(frozen=True)
class Page:
    """One page of the corpus: what it is meant to be called (nothing: good), and its picture."""

    kind: str
    name: str
    picture: Image.Image

    @property
    def found(self) -> list[str]:
        """Return what the page is called, seen at the size at which files are looked at."""
        short, long = sorted(self.picture.size)
        width = _WIDTH if self.picture.width == short else _LYING_WIDTH
        seen = self.picture
        if seen.width > width:
            seen = seen.resize((width, round(seen.height * width / seen.width)))
        return judged(Leaf(seen, min(short / _A4[0], long / _A4[1])))


def written(dpi: int, chance: random.Random, lines: int = 40, table: bool = False) -> Image.Image:
    """Return a page of typewritten lines, dense or with a few, or of a ruled table."""
    size = round(_A4[0] * dpi), round(_A4[1] * dpi)
    page = Image.new("L", size, 255)
    pen = ImageDraw.Draw(page)
    face = ImageFont.truetype(str(font_file("regular")), round(13 / 72 * dpi))
    left, y, step = round(1.1 * dpi), round(0.9 * dpi), round(0.25 * dpi)
    for number in range(lines):
        words = " ".join(chance.choices(_WORDS, k=4 if table else 11))
        if number % 9 == 8:
            words = words[: len(words) // 3]
        pen.text((left, y), words, 20, font=face)
        if table:
            pen.line((left, y + step, size[0] - left, y + step), 60, max(1, dpi // 90))
        y += step
    if table:
        for x in range(left, size[0] - left, round(1.5 * dpi)):
            pen.line((x, round(0.9 * dpi), x, y), 60, max(1, dpi // 90))
    return page


def scanned(page: Image.Image, chance: random.Random, *, paper: int = 250, noise: int = 5,
            turn: float = 0.0, shade: int = 0) -> Image.Image:  # fmt: skip
    """Return the page as a scanner sees it: grey paper, grain, a little askew, a shadow."""
    out = page.rotate(turn, fillcolor=255, resample=Image.Resampling.BICUBIC) if turn else page
    out = out.filter(ImageFilter.GaussianBlur(0.5))
    out = ImageChops.multiply(out, Image.new("L", out.size, paper))
    if shade:
        ramp = Image.linear_gradient("L").resize(out.size).point(lambda v: 255 - v * shade // 255)
        out = ImageChops.multiply(out, ramp)
    if noise:
        grain = Image.effect_noise(out.size, noise)
        out = ImageChops.add(out, grain, offset=-128)
    return out


def good_pages(chance: random.Random, count: int) -> Iterator[Page]:
    for number in range(count):
        dpi = chance.choice((110, 150, 200))
        lines = chance.choice((6, 14, 25, 40))
        table = number % 4 == 3
        page = written(dpi, chance, lines, table=table)
        look = {
            "paper": chance.choice((215, 235, 250)),
            "noise": chance.choice((0, 4, 8)),
            "turn": chance.uniform(-1.2, 1.2),
            "shade": chance.choice((0, 30, 60)),
        }
        yield Page("", f"{dpi} dpi, {lines} lines, {look}", scanned(page, chance, **look))

    for number in range(count // 8):
        size = 1000, 1400 + number
        ball = Image.radial_gradient("L").resize(size).point(lambda v: 90 + v * 160 // 255)
        crowd = Image.effect_mandelbrot(size, (-1.4, -1.1, 0.5, 1.1), 60)
        yield Page("", "a photograph", Image.blend(ball, crowd, 0.35))


def bad_pages(chance: random.Random, count: int) -> Iterator[Page]:
    for number in range(count):
        dpi = chance.choice((110, 150, 200))
        noise = chance.choice((0, 4, 8))
        size = round(_A4[0] * dpi), round(_A4[1] * dpi)
        empty = Image.new("L", size, 255)
        paper = chance.choice((225, 245, 255))
        rim = scanned(empty, chance, paper=paper, noise=noise, shade=chance.choice((0, 40)))
        if number % 2:
            ImageDraw.Draw(rim).rectangle((0, 0, round(0.015 * size[0]), size[1]), 60)
        yield Page("blank", f"paper {paper}, noise {noise}", rim)
        few = written(dpi, chance, lines=0)
        pen = ImageDraw.Draw(few)
        face = ImageFont.truetype(str(font_file("regular")), round(13 / 72 * dpi))
        pen.text((size[0] // 2, size[1] // 12), f"{number + 2}", 20, font=face)
        if number % 2:
            pen.text((size[0] // 8, size[1] // 6), "(Trang này để trống)", 20, font=face)
        yield Page("nearly_blank", f"noise {noise}", scanned(few, chance, noise=noise))
        full = written(dpi, chance, chance.choice((14, 25, 40)))
        dark = scanned(full, chance, noise=noise, paper=60 + number % 3 * 10)
        yield Page("dark", f"{dpi} dpi", dark)
        least = (212, 222, 230)[number % 3]
        light = ImageChops.lighter(full, Image.new("L", size, least))
        yield Page("faint", f"least {least}", scanned(light, chance, noise=2))
        radius = chance.uniform(2.6, 4.5) * dpi / 100
        soft = scanned(full, chance, noise=0).filter(ImageFilter.GaussianBlur(radius))
        soft = ImageChops.add(soft, Image.effect_noise(size, max(noise, 1)), offset=-128)
        yield Page("blurred", f"{radius:.1f} at {dpi} dpi, noise {noise}", soft)
        tiny = full.resize((chance.randint(420, 720), round(chance.randint(420, 720) * 1.41)))
        yield Page("small", f"{tiny.size}", tiny)
        yield Page(
            "lying", f"{dpi} dpi", scanned(full, chance, noise=noise).rotate(90, expand=True)
        )


def measured(seed: int, count: int) -> tuple[dict[str, float], list[str]]:
    """Return the share found of each kind, with the false alarms under "", and what went wrong."""
    chance = random.Random(seed)
    hits, seen, wrong = Counter(), Counter(), []
    for page in (*good_pages(chance, count * 3), *bad_pages(chance, count)):
        found = page.found
        seen[page.kind] += 1
        right = page.kind in found if page.kind else bool(found)
        hits[page.kind] += right
        if right != bool(page.kind):
            wrong.append(f"{page.kind or 'good'} -> {found}: {page.name}")
    return {kind: hits[kind] / seen[kind] for kind in seen}, wrong


if __name__ == "__main__":
    shares, errors = measured(seed=1, count=24)
    print("\n".join(errors))  # noqa: T201
    for kind, share in shares.items():
        print(f"{kind or 'good pages called bad':24} {share:6.1%}")  # noqa: T201
