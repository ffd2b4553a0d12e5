"""Which law a text cites that no pack holds: an instrument by its sign, or an article of it."""

import functools
import re

from campaigns.actions.law import packs

CODE = re.compile(r"\b\d+/\d{4}/(?:NĐ-CP|QH\d+|TT-[A-ZĐ]+|NQ-[A-ZĐ]+)|\b\d+/KH-UBND")
SHORT = re.compile(r"(?:Nghị định|NĐ|Thông tư|TT)(?: số)? (\d+/\d{4})\b(?!/)")
ACT = re.compile(r"(?:Bộ luật|Luật) [^.;:<>|«»]{3,60}? ngày (\d{1,2} tháng \d{1,2} năm \d{4})")
ARTICLE = re.compile(r"\bĐiều (\d+)\b")
NEAR = 80


@functools.cache
def articles():
    """Return the numbers of the articles that each pack names: {code: {«5», «54»}}."""
    law = packs()
    found = {row["code"]: set() for row in law["basis"]}
    for row in (*law["provision"], *law["report_form"]):
        if basis := row.get("basis"):
            found[basis] |= set(ARTICLE.findall(row.get("article", "")))
    return found


def unknown(text):
    """Return the citations of `text` that do not stand in a pack."""
    known = articles()
    citations = [row["citation"] for row in packs()["basis"]]
    codes = list(CODE.finditer(text))
    wrong = [match.group() for match in codes if match.group() not in known]
    wrong += [
        match.group()
        for match in SHORT.finditer(text)
        if not any(code.startswith(f"{match.group(1)}/") for code in known)
    ]
    wrong += [
        match.group()
        for match in ACT.finditer(text)
        if not any(citation.endswith(match.group(1)) for citation in citations)
    ]
    for match in ARTICLE.finditer(text):
        beside = {
            code.group()
            for code in codes
            if match.start() - NEAR <= code.end() and code.start() <= match.end() + NEAR
        }
        if beside and not any(match.group(1) in known.get(code, ()) for code in beside):
            wrong.append(f"{match.group()} ({', '.join(sorted(beside))})")
    return wrong
