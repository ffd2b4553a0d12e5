"""Putting PDFs together: pages one after another, their tags, bookmarks, labels and links.

Works from files to a file, so that a thousand parts need no more memory than their objects: the
content of pages stays on the disk until it is copied. The same input gives the same bytes.
"""

import dataclasses
import functools
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

from thidua.core.archival import entitle
from thidua.core.drawing import POINTS_PER_MM, Drawing, text_width
from thidua.core.pdf import opened

_LABEL_FONT, _LABEL_SIZE = pikepdf.Name.DossierPageLabel, 9
_LABEL_RIGHT_MM, _LABEL_BOTTOM_MM = 10, 5.5
_PLACE = "place:"  # an address on the cover: «place:12» leads to page 12 of the whole


@dataclasses.dataclass(frozen=True)
class Piece:
    """Một tệp PDF để ghép: bytes, or a file on the disk; the tags of our own printing are kept."""

    source: bytes | Path
    is_ours: bool = False


class Bookmark(NamedTuple):
    """Dấu trang: its text, its page counted from 1, and how deep it stands (0 is the outermost)."""

    text: str
    page: int
    level: int = 0


def gather(pieces: Iterable[Piece], target: Path) -> None:
    """Put the pages of `pieces` into one file."""
    with _merged(pieces) as whole:
        _save(whole, target)


def merge(
    pieces: Iterable[Piece],
    target: Path,
    *,
    title: str,
    outline: Sequence[Bookmark] = (),
    labels: Sequence[str] = (),
    linked_pages: int = 0,
) -> None:
    """Put `pieces` into one file with bookmarks and a label (ASCII) on each page.

    Links to «place:n» on the first `linked_pages` pages lead to page n.
    """
    with _merged(pieces) as whole:
        _link(whole, linked_pages)
        _stamp(whole, labels)
        _bookmark(whole, outline)
        whole.Root.Lang = pikepdf.String("vi")
        whole.Root.PageMode = pikepdf.Name.UseOutlines if outline else pikepdf.Name.UseNone
        entitle(whole, title)
        _save(whole, target)


def _save(pdf: pikepdf.Pdf, target: Path) -> None:
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


# --- Pages and their tags ------------------------------------------------------------------
@dataclasses.dataclass
class _Tags:
    """The logical structure that is gathered: its elements, and who owns which marked content."""

    elements: list[pikepdf.Object] = dataclasses.field(default_factory=list)
    owners: list[Any] = dataclasses.field(default_factory=list)  # key, object, key, object …
    roles: dict[str, pikepdf.Object] = dataclasses.field(default_factory=dict)
    next_key: int = 0
    is_whole: bool = True


def _merged(pieces: Iterable[Piece]) -> pikepdf.Pdf:
    whole = pikepdf.new()
    tags = _Tags()
    for piece in pieces:
        source = opened(piece.source)
        if pikepdf.Name.AcroForm in source.Root:
            # Merging drops the form itself: keep what its fields show.
            source.generate_appearance_streams()
            source.flatten_annotations("all")
        before = len(whole.pages)
        whole.pages.extend(source.pages)
        pages = whole.pages[before:]
        if piece.is_ours and pikepdf.Name.StructTreeRoot in source.Root:
            _take_tags(whole, source, pages, tags)
        else:
            tags.is_whole = False
            for thing in _marked_things(pages):
                for key in (pikepdf.Name.StructParents, pikepdf.Name.StructParent):
                    if key in thing:
                        del thing[key]
    _write_tags(whole, tags)
    return whole


def _take_tags(
    whole: pikepdf.Pdf, source: pikepdf.Pdf, pages: Sequence[pikepdf.Page], tags: _Tags
) -> None:
    """Copy the structure of one part; its keys move behind those that are taken."""
    tree = whole.copy_foreign(source.make_indirect(source.Root.StructTreeRoot))
    children = tree.get("/K", pikepdf.Array())
    tags.elements += list(children) if isinstance(children, pikepdf.Array) else [children]
    tags.roles |= dict(tree.get("/RoleMap", pikepdf.Dictionary()).items())
    shift = tags.next_key
    for key, owner in pikepdf.NumberTree(tree.ParentTree).items():
        tags.owners += [shift + key, owner]
        tags.next_key = max(tags.next_key, shift + key + 1)
    for thing in _marked_things(pages):
        for name in (pikepdf.Name.StructParents, pikepdf.Name.StructParent):
            if name in thing:
                thing[name] = shift + int(thing[name])


def _marked_things(pages: Iterable[pikepdf.Page]) -> Iterable[pikepdf.Object]:
    for page in pages:
        yield page.obj
        notes = page.obj.get("/Annots", ())
        yield from (note for note in notes if isinstance(note, pikepdf.Dictionary))


def _write_tags(whole: pikepdf.Pdf, tags: _Tags) -> None:
    if not tags.elements:
        return
    root = whole.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    for element in tags.elements:
        element.P = root
    root.K = pikepdf.Array(tags.elements)
    owners = pikepdf.Dictionary(Nums=pikepdf.Array(tags.owners))
    root.ParentTree, root.ParentTreeNextKey = whole.make_indirect(owners), tags.next_key
    if tags.roles:
        root.RoleMap = pikepdf.Dictionary(tags.roles)
    whole.Root.StructTreeRoot = root
    # Only a file whose every page is tagged may call itself so.
    whole.Root.MarkInfo = pikepdf.Dictionary(Marked=tags.is_whole)


# --- Links and bookmarks -------------------------------------------------------------------
def _link(whole: pikepdf.Pdf, linked_pages: int) -> None:
    """Turn the addresses on the first pages into ways to the pages that they name."""
    for page in whole.pages[:linked_pages]:
        for note in page.obj.get("/Annots", ()):
            address = str(note.get("/A", pikepdf.Dictionary()).get("/URI", ""))
            if address.startswith(_PLACE):
                number = int(address.removeprefix(_PLACE))
                del note["/A"]
                note.Dest = pikepdf.Array([whole.pages[number - 1].obj, pikepdf.Name.Fit])


def _bookmark(whole: pikepdf.Pdf, outline: Sequence[Bookmark]) -> None:
    with whole.open_outline() as bookmarks:
        open_lists = [bookmarks.root]
        for text, page, level in outline:
            item = pikepdf.OutlineItem(text, page - 1)
            item.is_closed = True  # a long list opens where the reader asks
            del open_lists[level + 1 :]
            open_lists[level].append(item)
            open_lists.append(item.children)


# --- Labels --------------------------------------------------------------------------------
def _stamp(whole: pikepdf.Pdf, labels: Sequence[str]) -> None:
    """Write one label at the bottom right of each page, upright however the page is turned.

    All labels share one font and one opening: a page pays for a line of text and nothing else.
    """
    if not labels:
        return
    font = _label_font(whole)
    opening = whole.make_stream(b"q\n")
    for page, label in zip(whole.pages, labels, strict=True):
        page.add_resource(font, pikepdf.Name.Font, _LABEL_FONT)
        page.contents_add(opening, prepend=True)
        page.contents_add(b"\nQ\n" + _label(page, label), prepend=False)


def _label(page: pikepdf.Page, label: str) -> bytes:
    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    turns = {
        0: (1, 0, 0, 1, left, bottom),
        90: (0, 1, -1, 0, right, bottom),
        180: (-1, 0, 0, -1, right, top),
        270: (0, -1, 1, 0, left, top),
    }
    turn = int(page.rotation) % 360
    width = top - bottom if turn % 180 else right - left
    x = width - (_LABEL_RIGHT_MM + text_width(label, "regular", _LABEL_SIZE)) * POINTS_PER_MM
    y = _LABEL_BOTTOM_MM * POINTS_PER_MM
    matrix = " ".join(f"{number:g}" for number in turns[turn])
    # White beneath black: the label is legible on a dark scan, too.
    return (
        f"/Artifact BMC q {matrix} cm BT {_LABEL_FONT} {_LABEL_SIZE} Tf 2 w 1 G 1 g 2 Tr "
        f"1 0 0 1 {x:.2f} {y:.2f} Tm ({label}) Tj 0 g 0 Tr 1 0 0 1 {x:.2f} {y:.2f} Tm "
        f"({label}) Tj ET Q EMC\n"
    ).encode("ascii")


@functools.cache
def _label_source() -> bytes:
    """Return a drawn page whose font has the letters of every label, each at its ASCII code."""
    drawing = Drawing("", 50, 10)
    drawing.text((0, 5), "Trang 0123456789/", "regular", _LABEL_SIZE)
    return drawing.raw()


def _label_font(whole: pikepdf.Pdf) -> pikepdf.Object:
    with pikepdf.open(io.BytesIO(_label_source())) as source:
        [font] = source.pages[0].resources.Font.values()
        return whole.copy_foreign(source.make_indirect(font))
