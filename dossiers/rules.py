"""What a dossier still lacks, and whether it can be bound at all."""

from awards.models import Nomination, Proposal, ProposalState, SubmissionLetter
from awards.rules.evidence import lacks_of_evidence
from awards.rules.lacks import Lack
from awards.rules.nomination import lacks_of_report
from campaigns.models import DocumentKind, RequiredItem
from dossiers.queries import UNSENT, Scope, needing, proposals_among

_LONGEST = 3  # of the headings that one line names


def lacks_of(scope: Scope) -> list[Lack]:
    """Return each paper that the plan asks for and that is not there, with its clause."""
    lacks = []
    for item in scope.required:
        names = needing(item, scope.nominations)
        match item.kind:
            case DocumentKind.LETTER:
                lacks += [] if scope.letter else _lacks_of_letters(item, names)
            case DocumentKind.COUNCIL_MINUTES:
                lacks += _lacks_of_council(item, names, scope)
            case DocumentKind.UNIT_MINUTES:
                lacks += _lacks_of_minutes(item, names)
            case DocumentKind.REPORT:
                lacks += _lacks_of_reports(item, names)
    return lacks


def why_not_bound(subject: object) -> str:
    """Refuse what has not left its unit: until then it is the unit's own affair."""
    if isinstance(subject, SubmissionLetter):
        return "" if subject.number else "Tờ trình chưa có số nên chưa đóng được hồ sơ."
    if isinstance(subject, Nomination) and subject.state in UNSENT:
        return "Đề nghị này chưa gửi Văn phòng hoặc đã rút nên không đóng hồ sơ."
    proposal = subject.proposal if isinstance(subject, Nomination) else subject
    if isinstance(proposal, Proposal) and proposal.state != ProposalState.SUBMITTED:
        return "Đề nghị của phòng chưa gửi Văn phòng. Hãy gửi trước, rồi đóng hồ sơ."
    return ""


def _lacks_of_letters(item: RequiredItem, names: list[Nomination]) -> list[Lack]:
    return [
        _lack(item, f"Tờ trình của {proposal.unit}", proposal.get_absolute_url())
        for proposal in proposals_among(names)
        if not proposal.letter_confirmed
    ]


def _lacks_of_council(item: RequiredItem, names: list[Nomination], scope: Scope) -> list[Lack]:
    unseen = [n for n in names if n.pk not in scope.meetings]
    if not unseen:
        return []
    whom = "" if scope.letter else ": chưa họp hoặc chưa kết thúc phiên xét "
    whom += "" if scope.letter else "; ".join(n.recipient_name for n in unseen[:_LONGEST])
    more = len(unseen) - _LONGEST
    whom += f" và {more} đề nghị khác" if whom and more > 0 else ""
    return [_lack(item, f"Biên bản họp Hội đồng{whom}", "")]


def _lacks_of_minutes(item: RequiredItem, names: list[Nomination]) -> list[Lack]:
    held = [p for p in proposals_among(names) if hasattr(p, "meeting")]
    lacks = [
        _lack(item, f"Biên bản họp của {proposal.unit}", proposal.get_absolute_url())
        for proposal in proposals_among(names)
        if proposal not in held
    ]
    return lacks + [
        _lack(
            item,
            f"Kết quả biểu quyết của {n.proposal.unit} cho {n.recipient_name}",
            n.get_absolute_url(),
        )
        for n in names
        if n.proposal in held and not hasattr(n, "unit_vote")
    ]


def _lacks_of_reports(item: RequiredItem, names: list[Nomination]) -> list[Lack]:
    lacks = []
    for nomination in names:
        if missing := lacks_of_report(nomination):
            short = ", ".join(lack.short for lack in missing[:_LONGEST] if lack.short)
            more = f" và {len(missing) - _LONGEST} mục khác" if len(missing) > _LONGEST else ""
            part = f" ({short}{more})" if short else ""
            sentence = f"Báo cáo thành tích của {nomination.recipient_name}{part}"
            lacks.append(_lack(item, sentence, nomination.get_absolute_url()))
    return lacks + [_lack(item, lack.sentence, lack.url) for lack in lacks_of_evidence(names)]


def _lack(item: RequiredItem, sentence: str, url: str) -> Lack:
    return Lack(sentence, f"Mục {item.clause}", url)
