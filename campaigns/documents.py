"""The plan as a paper: what it says, in the words and under the numbers of its agency."""

import dataclasses
from typing import ClassVar

from thidua.core.documents import (
    Block,
    ListTable,
    OfficialPaper,
    Passage,
    Signature,
    bases,
    room_for_pen,
)

_BASIS_OPENER = "Căn cứ "
_POINT = 3  # the level of «a) …», which the decree sets upright


@dataclasses.dataclass(frozen=True)
class PlanPart:
    """Mục của kế hoạch: `mark` is its own number («IV.», «a)»); a part may lack number or title."""

    mark: str = ""
    title: str = ""
    level: int = 1
    paragraphs: tuple[str, ...] = ()

    @property
    def passages(self) -> list[Passage]:
        """Return the heading on its own line, or the number before the first paragraph."""
        if self.title:
            heading = f"{self.mark} {self.title}".strip()
            level = _POINT if self.mark.endswith(")") else min(self.level, _POINT - 1)
            return [Passage(heading, "heading", level), *map(Passage, self.paragraphs)]
        first, *rest = self.paragraphs or ("",)
        numbered = f"{self.mark} {first}".strip()
        return [Passage(text) for text in (numbered, *rest) if text]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanPaper(OfficialPaper):
    """Kế hoạch phát động thi đua: number, place and day as written, also where they are not whole."""

    kind: ClassVar[str] = "KẾ HOẠCH"

    issued_text: str = ""
    preamble: tuple[str, ...] = ()
    parts: tuple[PlanPart, ...] = ()
    signature: Signature

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return (self.signature,)

    @property
    def place_and_day(self) -> str:
        """Return place and day as the plan has them, with room for what it leaves open."""
        return room_for_pen(self.issued_text) if self.issued_text else super().place_and_day

    @property
    def blocks(self) -> list[Block]:
        opening: list[Block] = [
            Passage(line, "basis" if _is_basis(line) else "body") for line in self.preamble
        ]
        return opening + [passage for part in self.parts for passage in part.passages]


@dataclasses.dataclass(frozen=True, kw_only=True)
class AnnouncementPaper(OfficialPaper):
    """Thông báo: what the agency tells its units, with a list if there is one.

    Legal bases come without closing marks; the last paragraph closes the text.
    """

    kind: ClassVar[str] = "THÔNG BÁO"

    legal_bases: tuple[str, ...] = ()
    paragraphs: tuple[str, ...]
    listed: ListTable | None = None
    closing: str = ""
    signature: Signature

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return (self.signature,)

    @property
    def blocks(self) -> list[Block]:
        texts = [*self.paragraphs, self.closing] if self.closing else [*self.paragraphs]
        *others, last = texts
        passages: list[Block] = [*bases(self.legal_bases), *map(Passage, others)]
        return [
            *passages,
            *([self.listed] if self.listed else []),
            Passage(f"{last.rstrip(' .;')}./."),
        ]


def _is_basis(line: str) -> bool:
    """Whether a line cites a ground on its own, and does not go on to the contents."""
    return line.endswith(";") or (line.startswith(_BASIS_OPENER) and not line.endswith(":"))
