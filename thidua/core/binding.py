"""Binding: the papers of a dossier as one file, with contents, bookmarks and numbered pages.

The parts stay on the disk; a few dozen at a time are put together, so that a dossier of any
length takes the same memory for its content.
"""

import dataclasses
import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from thidua.core import files, pdf
from thidua.core.documents import Paper, PaperError, render_pdf
from thidua.core.merging import Bookmark, Piece, gather, merge
from thidua.core.models import StoredFile
from thidua.core.workflow import Refused

_AT_ONCE = 40
_LAYOUTS = 4
COVER = "Bìa và mục lục hồ sơ"


@dataclasses.dataclass(frozen=True)
class Part:
    """Thành phần: one paper of a dossier as a kept PDF, and the headings that it stands under."""

    title: str
    file: StoredFile
    page_count: int
    headings: tuple[str, ...] = ()
    is_ours: bool = False


@dataclasses.dataclass(frozen=True)
class PlacedPart:
    """Where one part stands in the bound dossier; pages count from 1, the cover included."""

    part: Part
    first_page: int

    @property
    def title(self) -> str:
        return self.part.title

    @property
    def page_count(self) -> int:
        return self.part.page_count

    @property
    def last_page(self) -> int:
        return self.first_page + self.page_count - 1

    @property
    def pages(self) -> str:
        """Return "5" or "5 - 8"."""
        return f"{self.first_page} - {self.last_page}" if self.page_count > 1 else f"{self.last_page}"


@dataclasses.dataclass(frozen=True)
class Heading:
    """Tiêu đề trong mục lục: what stands above parts; `level` 0 is the outermost."""

    text: str
    level: int
    first_page: int


Places = tuple[PlacedPart, ...]


def bind(cover: Callable[[Places], Paper], parts: Sequence[Part], target: Path) -> Places:
    """Put the cover and `parts` into one PDF at `target`; return where each part stands.

    `cover` builds the cover from the places of the parts; it is laid out again if its own length
    moves them.
    """
    length = 1
    for _attempt in range(_LAYOUTS):
        places = _placed(parts, length)
        paper = cover(places)
        printed = render_pdf(paper)
        if (found := pdf.page_count(printed)) == length:
            break
        length = found
    else:
        raise PaperError("Bìa hồ sơ không ổn định số trang nên không ghép được.")
    total = places[-1].last_page if places else length
    with tempfile.TemporaryDirectory() as folder:
        pieces = [Piece(printed, is_ours=True)]
        for number, some in enumerate(_batched(parts)):
            batch = Path(folder, f"{number}.pdf")
            gather(map(_piece, some), batch)
            pieces.append(Piece(batch, is_ours=True))
        merge(
            pieces,
            target,
            title=paper.title,
            outline=[Bookmark(COVER, 1), *_outline(places)],
            labels=[f"Trang {page}/{total}" for page in range(1, total + 1)],
            linked_pages=length,
        )
    return places


def contents(places: Places) -> Iterator[Heading | PlacedPart]:
    """Yield the lines of the contents: each part, and before it the headings that begin there."""
    above: tuple[str, ...] = ()
    for place in places:
        headings = place.part.headings
        same = next(
            (n for n, pair in enumerate(zip(above, headings, strict=False)) if pair[0] != pair[1]),
            min(len(above), len(headings)),
        )
        for level in range(same, len(headings)):
            yield Heading(headings[level], level, place.first_page)
        above = headings
        yield place


def _outline(places: Places) -> Iterator[Bookmark]:
    for line in contents(places):
        if isinstance(line, Heading):
            yield Bookmark(line.text, line.first_page, line.level)
        else:
            yield Bookmark(line.title, line.first_page, len(line.part.headings))


def _placed(parts: Sequence[Part], cover_length: int) -> Places:
    starts = itertools.accumulate((part.page_count for part in parts), initial=cover_length + 1)
    return tuple(PlacedPart(part, start) for part, start in zip(parts, starts, strict=False))


def _batched(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    for start in range(0, len(parts), _AT_ONCE):
        yield parts[start : start + _AT_ONCE]


def _piece(part: Part) -> Piece:
    try:
        content = files.read(part.file)
        if pdf.page_count(content) != part.page_count:
            raise PaperError("số trang không còn như khi ghi.")
    except FileNotFoundError:
        raise Refused(f"Không đóng được hồ sơ vì mất tệp của «{part.title}».") from None
    except PaperError as error:
        raise PaperError(f"Không ghép được “{part.title}” vào hồ sơ: {error}") from error
    return Piece(content, is_ours=part.is_ours)
