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
from thidua.core.documents import Paper, PaperError, PartPlace, begun, render_pdf
from thidua.core.merging import Bookmark, Piece, gather, merge
from thidua.core.models import StoredFile
from thidua.core.workflow import Refused

_AT_ONCE = 40
_LAYOUTS = 4
# The tags of a thousand pages take 130 MB while they are put together. A longer dossier is bound
# without them: they stand in its parts, which its archive holds one by one.
_MOST_TAGGED_PAGES = 1000
COVER = "Bìa và mục lục hồ sơ"
Places = tuple[PartPlace, ...]


@dataclasses.dataclass(frozen=True)
class Part:
    """Thành phần: one paper of a dossier as a kept PDF, and the headings that it stands under.

    The tags of what we printed ourselves are kept.
    """

    title: str
    file: StoredFile
    headings: tuple[str, ...] = ()
    is_ours: bool = False

    @property
    def page_count(self) -> int:
        return self.file.page_count or 0


def bind(cover: Callable[[Places], Paper], parts: Sequence[Part], target: Path) -> Places:
    """Put the cover and `parts` into one PDF at `target`; return where each part stands.

    `cover` builds the cover from the places of the parts; it is laid out again if its own length
    moves them.
    """
    length = 1
    for _attempt in range(_LAYOUTS):
        places = placed(parts, length)
        paper = cover(places)
        printed = render_pdf(paper)
        if (found := pdf.page_count(printed)) == length:
            break
        length = found
    else:
        raise PaperError("Bìa hồ sơ không ổn định số trang nên không ghép được.")
    total = places[-1].last_page if places else length
    is_tagged = total <= _MOST_TAGGED_PAGES
    with tempfile.TemporaryDirectory() as folder:
        pieces = [Piece(printed, is_ours=is_tagged)]
        for start in range(0, len(parts), _AT_ONCE):
            some = Path(folder, f"{start}.pdf")
            gather((_piece(part, is_tagged) for part in parts[start : start + _AT_ONCE]), some)
            pieces.append(Piece(some, is_ours=is_tagged))
        merge(
            pieces,
            target,
            title=paper.title,
            outline=[Bookmark(COVER, 1), *_outline(places)],
            labels=[f"Trang {page}/{total}" for page in range(1, total + 1)],
            linked_pages=length,
        )
    return places


def placed(parts: Sequence[Part], cover_length: int) -> Places:
    starts = itertools.accumulate((part.page_count for part in parts), initial=cover_length + 1)
    return tuple(
        PartPlace(part.title, start, part.page_count, part.headings)
        for part, start in zip(parts, starts, strict=False)
    )


def _outline(places: Places) -> Iterator[Bookmark]:
    above: tuple[str, ...] = ()
    for place in places:
        depth = len(place.headings)
        new = begun(above, place.headings)
        for level, heading in enumerate(new, start=depth - len(new)):
            yield Bookmark(heading, place.first_page, level)
        above = place.headings
        yield Bookmark(place.title, place.first_page, depth)


def _piece(part: Part, is_tagged: bool) -> Piece:
    try:
        content = files.read(part.file)
        found = pdf.page_count(content)
    except FileNotFoundError:
        raise Refused(f"Chưa đóng được bộ hồ sơ vì mất tệp: {part.title}.") from None
    except PaperError as error:
        raise PaperError(f"Không ghép được “{part.title}” vào hồ sơ: {error}") from error
    if found != part.page_count:  # every page behind it would stand elsewhere than the cover says
        raise PaperError(f"Không ghép được “{part.title}” vào hồ sơ: số trang đã ghi không đúng.")
    return Piece(content, is_ours=part.is_ours and is_tagged)
