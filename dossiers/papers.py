"""The parts of a dossier, read from its records, printed once and put in the plan's order."""

import dataclasses
import hashlib
import io
import json
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from PIL import Image

from awards.documents import DossierCover
from awards.models import Nomination, PaperKind, Proposal, SubmissionLetter
from awards.papers.council import council_minutes, keep_minutes
from awards.papers.decision import counted, letter_paper
from awards.papers.unit import report_paper, unit_letter_paper, unit_minutes_paper
from awards.rules.lacks import Lack
from campaigns.models import AwardForm, DocumentKind, RequiredItem
from dossiers.models import Dossier, DossierItem
from dossiers.queries import Scope, needing, proposals_among
from thidua.core import binding, clock, files, rendering, sheets, word
from thidua.core.archives import Entry
from thidua.core.binding import Places
from thidua.core.documents import OfficialPaper, written_day
from thidua.core.drawing import Drawing, Face, PaperError, refuse_unknown_letters
from thidua.core.models import StoredFile
from thidua.core.text import file_stem
from thidua.core.workflow import Refused

_A4 = (210.0, 297.0)
_FIRST_LINE, _LINE, _LETTERS = 90.0, 7.0, 70  # millimetres; letters of a line
_MARGIN = 12.0  # millimetres; the page label stands inside it
_MOST_NAMED = 12  # on a cover; of more it says how many
_LONGEST_TITLE, _LONGEST_STEM = 300, 50
_KINDS = {"image/png": "png", "image/jpeg": "jpg", word.DOCX: "docx", sheets.XLSX: "xlsx"}


@dataclasses.dataclass(frozen=True)
class Piece:
    """Thành phần: one part, the line of the plan that asks for it, and in how many sets it stands.

    `word` is its editable twin; `original` what was uploaded, if that is no PDF.
    """

    item: RequiredItem
    part: binding.Part
    sets: int
    word: StoredFile | None = None
    original: StoredFile | None = None


# --- The parts -----------------------------------------------------------------------------


def pieces_of(
    scope: Scope, actor: Any, *, with_word: bool = True
) -> Iterator[tuple[Nomination | None, list[Piece]]]:
    """Yield the parts in order, those of each report together with its nomination.

    In the plan's order; the dossier of a whole campaign goes by units, each in that order.
    """
    printer = _Printer(scope, actor, with_word)
    if not isinstance(scope.subject, AwardForm):
        for item in scope.required:
            yield from printer.parts_of(item, scope.nominations, ())
        return
    shared = [item for item in scope.required if item.kind == DocumentKind.COUNCIL_MINUTES]
    for item in shared:
        yield from printer.parts_of(item, scope.nominations, ())
    for proposal in proposals_among(scope.nominations):
        names = [n for n in scope.nominations if n.proposal_id == proposal.pk]
        for item in scope.required:
            if item not in shared:
                yield from printer.parts_of(item, names, (str(proposal.unit),))


@dataclasses.dataclass(frozen=True)
class _Printer:
    """Prints the papers of one scope for one line of the list after the other."""

    scope: Scope
    actor: Any
    with_word: bool

    def parts_of(
        self, item: RequiredItem, names: Sequence[Nomination], headings: tuple[str, ...]
    ) -> Iterator[tuple[Nomination | None, list[Piece]]]:
        names = needing(item, names)
        match item.kind:
            case DocumentKind.LETTER:
                yield None, list(self._letters(item, names, headings))
            case DocumentKind.COUNCIL_MINUTES:
                yield None, list(self._council(item, names, headings))
            case DocumentKind.UNIT_MINUTES:
                yield None, list(self._minutes(item, names, headings))
            case DocumentKind.REPORT:
                for nomination in names:
                    if hasattr(nomination, "report"):
                        yield nomination, self._report(item, nomination, headings)

    def _letters(
        self, item: RequiredItem, names: Sequence[Nomination], headings: tuple[str, ...]
    ) -> Iterator[Piece]:
        if letter := self.scope.letter:
            yield self._printed(item, str(letter), letter_paper(letter), names, headings)
            return
        for proposal in proposals_among(names):
            if proposal.letter_confirmed:
                title = f"Tờ trình của {proposal.unit}"
                paper = unit_letter_paper(proposal, clock.local_day(proposal.submitted_at))
                yield self._printed(item, title, paper, names, headings)
                yield from self._signed(item, proposal, PaperKind.LETTER, names, headings)

    def _council(
        self, item: RequiredItem, names: Sequence[Nomination], headings: tuple[str, ...]
    ) -> Iterator[Piece]:
        held = {m.pk: m for n in names if (m := self.scope.meetings.get(n.pk))}
        for meeting in held.values():
            if kept := keep_minutes(meeting, self.actor):
                held_on = clock.local_day(meeting.held_at)
                title = f"Biên bản họp {meeting.council} ngày {held_on:%d/%m/%Y}"
                part = binding.Part(title, kept, headings, is_ours=True)
                paper = council_minutes(meeting)
                word = rendering.kept_docx(paper, name=file_stem(title), actor=self.actor)
                yield Piece(item, part, _sets(names), word)

    def _minutes(
        self, item: RequiredItem, names: Sequence[Nomination], headings: tuple[str, ...]
    ) -> Iterator[Piece]:
        for proposal in proposals_among(names):
            if paper := unit_minutes_paper(proposal):
                title = f"Biên bản họp của {proposal.unit}"
                yield self._printed(item, title, paper, names, headings)
                yield from self._signed(item, proposal, PaperKind.MINUTES, names, headings)

    def _signed(
        self,
        item: RequiredItem,
        proposal: Proposal,
        kind: PaperKind,
        names: Sequence[Nomination],
        headings: tuple[str, ...],
    ) -> Iterator[Piece]:
        """Yield the signed scan that stands beside a printed paper of the unit, if there is one."""
        for scan in proposal.signed_scans.all():
            if scan.kind == kind and scan.is_current:
                title = f"{kind.label} của {proposal.unit}, bản ký"[:_LONGEST_TITLE]
                part = binding.Part(title, self._pages(scan.file, title), headings)
                original = None if scan.file.media_type == files.PDF else scan.file
                yield Piece(item, part, _sets(names), original=original)

    def _report(
        self, item: RequiredItem, nomination: Nomination, headings: tuple[str, ...]
    ) -> list[Piece]:
        """Return the report with its annexes; only with annexes it has a heading of its own."""
        name = nomination.recipient_name
        annexes = [evidence for evidence in nomination.evidence.all() if evidence.file.is_clean]
        above = (*headings, name) if annexes and len(self.scope.nominations) > 1 else headings
        title, paper = f"Báo cáo thành tích của {name}", report_paper(nomination)
        pieces = [self._printed(item, title, paper, [nomination], above)]
        for number, evidence in enumerate(annexes, start=1):
            title = f"Phụ lục {number} báo cáo của {name}: {evidence.caption}"[:_LONGEST_TITLE]
            is_pdf = evidence.file.media_type == files.PDF
            pieces.append(
                Piece(
                    item,
                    binding.Part(title, self._pages(evidence.file, title), above),
                    _sets([nomination]),
                    original=None if is_pdf else evidence.file,
                )
            )
        return pieces

    def _printed(
        self,
        item: RequiredItem,
        title: str,
        paper: OfficialPaper,
        names: Sequence[Nomination],
        headings: tuple[str, ...],
    ) -> Piece:
        title, name = title[:_LONGEST_TITLE], file_stem(title)
        stored = rendering.kept_pdf(paper, name=name, actor=self.actor)
        word = rendering.kept_docx(paper, name=name, actor=self.actor) if self.with_word else None
        return Piece(item, binding.Part(title, stored, headings, is_ours=True), _sets(names), word)

    def _pages(self, stored: StoredFile, title: str) -> StoredFile:
        """Return a file as pages: a PDF as it is, a picture on one, Word and Excel named on one."""
        if stored.media_type == files.PDF:
            return stored
        is_picture = stored.media_type.startswith("image/")
        facts = rendering.fingerprint(
            "picture" if is_picture else "named", f"{stored.sha256} {title}"
        )
        try:
            return rendering.kept(
                facts,
                lambda: (
                    picture_page(files.read(stored), title)
                    if is_picture
                    else named_page(stored, title)
                ),
                name=f"{file_stem(title)}.pdf",
                media_type=files.PDF,
                actor=self.actor,
            )
        except FileNotFoundError:
            raise Refused(f"Chưa đóng được bộ hồ sơ vì mất tệp: {title}.") from None


def named_page(stored: StoredFile, title: str) -> bytes:
    """Say on an A4 page which Word or Excel file stands here; the file itself is in the ZIP."""
    drawing = Drawing(title, *_A4)
    said: list[tuple[str, Face]] = [
        (title, "bold"),
        ("Tệp gốc kèm trong gói ZIP của hồ sơ này, không in ra giấy:", "regular"),
        (stored.name, "italic"),
        (f"SHA-256: {stored.sha256}", "regular"),
    ]
    y = _FIRST_LINE
    for words, face in said:
        for line in textwrap.wrap(words, _LETTERS):
            written = "".join(letter if _is_drawn(letter, face) else "?" for letter in line)
            drawing.text((_A4[0] / 2, y), written, face, 12, align="centre")
            y += _LINE
        y += _LINE / 2
    return drawing.finish()


def _is_drawn(letter: str, face: Face) -> bool:
    try:
        refuse_unknown_letters(letter, face)
    except PaperError:
        return False
    return True


def picture_page(content: bytes, title: str) -> bytes:
    """Put a picture on an A4 page, lying when it is wider than high, as large as fits."""
    with Image.open(io.BytesIO(content)) as image:
        ratio = image.width / image.height
    width, height = _A4 if ratio <= 1 else _A4[::-1]
    side = min(
        (width - 2 * _MARGIN) / min(1.0, ratio), (height - 2 * _MARGIN) / min(1.0, 1 / ratio)
    )
    drawing = Drawing(title, width, height)
    drawing.picture(content, (width / 2, height / 2), side)
    return drawing.finish()


def _sets(names: Sequence[Nomination]) -> int:
    return max(nomination.award_form.set_count for nomination in names)


# --- The cover -----------------------------------------------------------------------------


def cover(scope: Scope, dossier: Dossier, lacks: Sequence[Lack], places: Places) -> DossierCover:
    """Return the cover of one set with its contents."""
    agency = scope.campaign.agency
    names = [n for n in scope.nominations if n.award_form.set_count >= dossier.set_number]
    units = proposals_among(scope.nominations)
    by_unit = scope.letter is None and len(units) == 1
    letter = scope.letter
    is_whole = isinstance(scope.subject, AwardForm)  # by unit; names stand in the titles anyway
    day = letter.issued_on if letter else clock.local_day(dossier.assembled_at)
    return DossierCover(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        place=agency.place,
        signed_on=day,
        set_number=dossier.set_number,
        set_count=dossier.set_count,
        award_form=", ".join(form.name for form in scope.award_forms),
        campaign=scope.campaign.short_title,
        proposer=str(units[0].unit) if by_unit else agency.name,
        nominees=(
            tuple(n.recipient_name for n in names)
            if len(names) <= _MOST_NAMED
            else (counted(names),)
        ),
        bound="" if letter else _bound(dossier),
        lacks=tuple(f"{lack.sentence} ({lack.clause})" for lack in lacks),
        contents=tuple(
            place._replace(headings=place.headings[:1] if is_whole else ()) for place in places
        ),
    )


def _bound(dossier: Dossier) -> str:
    local = dossier.assembled_at.astimezone(clock.VIET_NAM)
    return f"{dossier.edition:02d}, {local:%H:%M} {written_day(local.date())}"


def content_fingerprint(scope: Scope, pieces: Sequence[Piece], lacks: Sequence[Lack]) -> str:
    """Return the SHA-256 of all that a dossier says: the same dossier is not bound twice."""
    facts = [
        scope.campaign.short_title,
        [n.recipient_name for n in scope.nominations],
        [
            [p.item.clause, p.sets, *p.part.headings, p.part.title, p.part.file.sha256]
            for p in pieces
        ],
        [[lack.sentence, lack.clause] for lack in lacks],
    ]
    written = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


# --- The archive ---------------------------------------------------------------------------


def archive_entries(
    scope: Scope,
    dossier: Dossier,
    items: Sequence[DossierItem],
    pieces: Sequence[Piece],
    bound: Entry,
) -> Iterator[Entry]:
    """Yield what the archive of one set holds: the bound file, each part, and the manifest."""
    yield bound
    parts = []
    for item, piece in zip(items, pieces, strict=True):
        stem = f"{item.position:04d}-{file_stem(item.title)[:_LONGEST_STEM].strip('-')}"
        entries = [Entry(f"thanh-phan/{stem}.pdf", piece.part.file)]
        if piece.word:
            entries.append(Entry(f"thanh-phan/{stem}.docx", piece.word))
        if original := piece.original:
            kind = _KINDS.get(original.media_type, "bin")
            entries.append(Entry(f"tep-goc/{stem}.{kind}", original))
        yield from entries
        parts.append(
            {
                "position": item.position,
                "title": item.title,
                "headings": list(piece.part.headings),
                "kind": DocumentKind(piece.item.kind).label,
                "clause": piece.item.clause,
                "first_page": item.first_page,
                "page_count": item.page_count,
                "files": [_described(entry) for entry in entries],
            }
        )
    manifest = {
        "agency": scope.campaign.agency.name,
        "campaign": scope.campaign.title,
        "subject": subject_text(scope.subject),
        "award_forms": [form.name for form in scope.award_forms],
        "set": {"number": dossier.set_number, "of": dossier.set_count},
        "edition": dossier.edition,
        "bound_at": dossier.assembled_at.astimezone(clock.VIET_NAM).isoformat(),
        "bound_by": dossier.created_by.display_name,
        "is_complete": dossier.is_complete,
        "lacks": dossier.lacks,
        "content_sha256": dossier.content_sha256,
        "bound_file": bound.name,
        "parts": parts,
    }
    yield Entry("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2).encode())


def subject_text(subject: Any) -> str:
    """Name what a dossier is about, as a page and a manifest do."""
    if isinstance(subject, AwardForm):
        return f"{subject.name}, {subject.campaign.window_text}"
    return str(subject)


def stem_of(scope: Scope, dossier: Dossier) -> str:
    """Return how the files of a set are called, in letters that every computer can write."""
    if letter := scope.letter:
        return f"ho-so-{_slug(letter)}-bo-{dossier.set_number:02d}"
    named = file_stem(subject_text(scope.subject))[:_LONGEST_STEM].strip("-")
    return f"ho-so-{named}-lan-{dossier.edition:02d}-bo-{dossier.set_number:02d}"


def letter_file(letter: SubmissionLetter, pieces: Sequence[Piece], actor: Any) -> StoredFile:
    """Return the printed letter among its parts as a file of its own."""
    printed = next(p.part.file for p in pieces if p.item.kind == DocumentKind.LETTER)
    return files.keep(
        files.read(printed),
        name=f"to-trinh-{_slug(letter)}.pdf",
        media_type=files.PDF,
        actor=actor,
        pages=printed.page_count,
    )


def _slug(letter: SubmissionLetter) -> str:
    return f"{letter.issued_on.year if letter.issued_on else 0}-{letter.number or 0:02d}"


def _described(entry: Entry) -> dict[str, Any]:
    if not isinstance(entry.source, StoredFile):
        raise TypeError(f"not a kept file: {entry.name}")
    return {"name": entry.name, "sha256": entry.source.sha256, "size": entry.source.size}
