"""The papers that follow a decision, and the table that goes before it."""

import itertools
from collections.abc import Iterable

from awards.documents import MoneyLine, MoneyListPaper, SummaryLine, SummaryPaper
from awards.models import Decision, Nomination, RegisterEntry
from awards.papers.decision import counted, head_of, law_of
from campaigns.documents import AnnouncementPaper
from campaigns.models import AwardType, Campaign
from campaigns.papers import office_signature
from thidua.core.documents import Column, ListTable, Row, Signature, written_day
from thidua.core.text import dotted


def summary_paper(campaign: Campaign, nominations: Iterable[Nomination]) -> SummaryPaper:
    """Return the summary table; `nominations` come in its order."""
    agency = campaign.agency
    listed = list(nominations)
    groups = tuple(
        (form.name, tuple(map(_summary_line, lines)))
        for form, lines in itertools.groupby(listed, key=lambda one: one.award_form)
    )
    counts = (f"Tổng số: {counted(listed)}.",) if listed else ("Chưa có đề nghị nào đủ điều kiện.",)
    return SummaryPaper(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        place=agency.place,
        subject=f"Đề nghị khen thưởng đợt thi đua {campaign.short_title}",
        groups=groups,
        counts=counts,
        signature=office_signature(agency),
    )


def money_list_paper(decision: Decision) -> MoneyListPaper:
    """Return who is paid how much; the amounts are those of the register."""
    agency = decision.campaign.agency
    entries = RegisterEntry.objects.filter(nomination__decision_line__decision=decision).order_by(
        "golden_number"
    )
    lines = tuple(_money_line(entry) for entry in entries)
    salaries = sorted({entry.base_salary for entry in entries})
    salary = ", ".join(f"{dotted(amount)} đồng" for amount in salaries)
    return MoneyListPaper(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        place=agency.place,
        subject=decision.award_form.name,
        attached_to=(
            f"Quyết định số {decision.number_text} {written_day(decision.issued_on)} của "
            f"{head_of(agency)}"
        ),
        grounds=(
            (
                f"Mức chi thực hiện theo {law_of(decision)['prize_basis']}; mức lương cơ sở áp dụng: "
                f"{salary}; nguồn chi: {agency.prize_source}."
            ),
        ),
        lines=lines,
        signed=(
            Signature(("NGƯỜI LẬP",)),
            Signature((decision.signatory_title.upper(),), decision.signatory_name),
        ),
    )


def result_announcement(decision: Decision) -> AnnouncementPaper:
    """Return the announcement of a decision: who receives what; its number is still to come."""
    campaign, form = decision.campaign, decision.award_form
    agency = campaign.agency
    lines = list(decision.lines.all())
    day = written_day(decision.issued_on)
    rows = tuple(
        Row((f"{line.ordinal:02d}", line.recipient_name, line.recipient_title)) for line in lines
    )
    columns = (
        Column("STT", 13, is_centred=True),
        Column("Họ và tên, tên tập thể", 58),
        Column("Chức vụ, đơn vị công tác"),
    )
    return AnnouncementPaper(
        parent_body=agency.paper_parent,
        body=agency.paper_name,
        symbol=f"TB-{agency.abbreviation}",
        place=agency.place,
        subject=f"Kết quả khen thưởng đợt thi đua {campaign.short_title}",
        recipients=("Các đơn vị thuộc cơ quan", "Tập thể, cá nhân được khen thưởng", "Lưu: VT"),
        legal_bases=(
            (
                f"Căn cứ Quyết định số {decision.number_text} {day} của {head_of(agency)} về việc tặng "
                f"{form.name}"
            ),
        ),
        paragraphs=(
            f"{agency.name} thông báo kết quả tặng {form.name} cho {counted(lines)} như sau:",
        ),
        listed=ListTable(columns, rows),
        closing=(
            f"Các đơn vị thông báo tới tập thể, cá nhân được tặng; {AwardType(form.award_type).label} "
            "và tiền thưởng nhận tại Văn phòng"
        ),
        signature=office_signature(agency),
    )


def _summary_line(nomination: Nomination) -> SummaryLine:
    vote = getattr(nomination, "unit_vote", None)
    return SummaryLine(
        name=nomination.recipient_name,
        title=nomination.recipient_title,
        unit=nomination.proposal.unit.name,
        votes=f"{vote.for_count}/{vote.present_count}" if vote else "",
        state=nomination.get_state_display(),
    )


def _money_line(entry: RegisterEntry) -> MoneyLine:
    return MoneyLine(
        number=entry.golden_number or 0,
        name=entry.recipient_name,
        title=entry.recipient_title,
        coefficient=f"{entry.coefficient.normalize():f}".replace(".", ","),
        exact=round(entry.coefficient * entry.base_salary),
        amount=entry.amount,
    )
