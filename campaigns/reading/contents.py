"""The contents of a plan: its sections, looked up by what they are about."""

from campaigns.reading.outline import Section
from campaigns.reading.words import fold

TOPICS = {
    "subjects": ("doi tuong",),
    "forms": ("hinh thuc",),
    "criteria": ("tieu chuan", "tieu chi", "dieu kien"),
    "dossier": ("ho so", "thu tuc"),
    "window": (
        *("thoi gian gui", "thoi gian nop", "thoi gian nhan", "thoi gian tiep nhan", "thoi han"),
        *("han nop", "han gui", "han cuoi", "han nhan", "thoi diem nop", "thoi diem gui"),
    ),
    "period": ("thoi gian",),
}
_FAR = 5


class Contents:
    """Sections by clause and by topic."""

    def __init__(self, sections: list[Section]) -> None:
        self.sections = sections
        self.places = {id(section): place for place, section in enumerate(sections)}
        self.leads = [fold(section.lead) for section in sections]
        self.topics = [
            {name for name, words in TOPICS.items() if any(word in lead for word in words)}
            for lead in self.leads
        ]

    def about(self, topic: str) -> list[Section]:
        """Return the section that is most about a topic, or nothing."""
        return self.ranked(topic)[:1]

    def ranked(self, topic: str) -> list[Section]:
        """Return the sections about a topic, that which is most about it first."""
        return [section for _, section in self._scored(topic)]

    def alike(self, topic: str) -> list[Section]:
        """Return the best section about a topic with those as good, in order of the document."""
        scored = self._scored(topic)
        best = {id(section) for score, section in scored if score == scored[0][0]}
        found: list[Section] = []
        for section in self.sections:
            inside = found and section.clause.startswith(found[-1].clause + ".")
            if id(section) in best and not inside:
                found.append(section)
        return found

    def _scored(self, topic: str) -> list[tuple[tuple[int, bool], Section]]:
        scored = []
        for section, lead, topics in zip(self.sections, self.leads, self.topics, strict=True):
            if topic not in topics:
                continue
            place = min(lead.find(word) for word in TOPICS[topic] if word in lead)
            others = len(topics) - 1
            if topic in {"dossier", "period"} and "window" in topics:
                others += _FAR
            if topic == "period" and (not section.title or "ho so" in lead):
                others += 1
            if topic == "criteria" and "tieu chuan" not in lead:
                others += 1
            scored.append(((others, place > 0), section))
        return sorted(scored, key=lambda row: row[0])

    def under(self, root: Section) -> list[Section]:
        """Return a section and those under it."""
        start, at = self.places[id(root)], root.clause + "."
        found = [root]
        # Sections stand in the order of the document: those under it follow at once.
        for place in range(start + 1, len(self.sections)):
            section = self.sections[place]
            if not section.clause.startswith(at):
                break
            found.append(section)
        return found

    def words(self, root: Section) -> list[str]:
        """Return the words of a section and of those under it, without its own title."""
        return [
            line
            for section in self.under(root)
            for line in (section.lines if section is root else texts(section))
        ]

    def lines(self) -> list[str]:
        """Return every line of every section."""
        return [line for section in self.sections for line in texts(section)]

    def source_of(self, words: str) -> str:
        """Return the first line with these words."""
        folded = fold(words)
        return next((line for line in self.lines() if folded in fold(line)), "")


def texts(section: Section) -> list[str]:
    """Return the lines of a section, its title first."""
    return [*([section.title] if section.title else []), *section.lines]
