"""Chỉ tiêu: what the office allows each unit, and the recorded waivers of it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from campaigns.actions.windows import CHIEF
from campaigns.models import AwardForm, Criterion, Quota, QuotaWaiver
from campaigns.queries import quotas, windows
from thidua.core import audit
from thidua.core.models import StoredFile
from thidua.core.permissions import OFFICE
from thidua.core.text import compose
from thidua.core.workflow import Conflict, Refused, Who, must
from units.models import Unit

DESK = Who(OFFICE)
Texts = Mapping[int | None, str]


class QuotaConflict(Conflict):
    """Somebody changed some of the same quotas; `now` holds what stands there, by unit."""

    def __init__(self, now: Texts) -> None:
        super().__init__("Người khác vừa sửa chỉ tiêu này. Hãy xem các ô được nêu rồi lưu lại.")
        self.now = now


@transaction.atomic
def set_quotas(
    *, criterion: Criterion, wanted: Texts, seen: Texts, actor: Any, at: dt.datetime
) -> int:
    """Write the quotas of one pair, by unit (None: each unit), as «3», «10%» or "" for none.

    `seen` is what the writer had in sight: where something else stands now, and is not what is
    wanted, nothing is written and QuotaConflict names the places. Returns how many changed.
    """
    form = _hold(criterion.award_form)
    must(DESK.refuses(actor, form.campaign))
    must(windows.why_ended(form.campaign))
    rows = quotas.quotas_of(criterion)
    now = {unit_id: quotas.text_of(rows.get(unit_id)) for unit_id in wanted}
    changed = {unit_id: text for unit_id, text in wanted.items() if text != now[unit_id]}
    if moved := {pk: now[pk] for pk in changed if now[pk] != seen.get(pk, "")}:
        raise QuotaConflict(moved)
    units = Unit.objects.in_bulk([pk for pk in changed if pk is not None])
    if any(unit.agency_id != form.campaign.agency_id for unit in units.values()):
        raise Refused("Đơn vị này không thuộc cơ quan của đợt.")
    told = []
    for unit_id, text in changed.items():
        if row := rows.get(unit_id):
            row.delete()
        if text:
            is_share = text.endswith("%")
            Quota.objects.create(
                award_form=form,
                subject_kind=criterion.subject_kind,
                unit_id=unit_id,
                most=None if is_share else int(text),
                percent=int(text[:-1]) if is_share else None,
            )
        before, after = (
            text or ("không giới hạn" if unit_id is None else "theo mức chung")
            for text in (now[unit_id], text)
        )
        whom = units[unit_id].name if unit_id else "mỗi đơn vị"
        told.append((whom, before, after))
    if told:
        label = quotas.label_of(criterion)
        audit.record(
            "quota",
            form.campaign,
            actor=actor,
            label="Sửa chỉ tiêu",
            changes={whom: [before, after] for whom, before, after in told},
            note=f"{label}: " + "; ".join(f"{whom} {old} → {new}" for whom, old, new in told),
        )
    return len(told)


@transaction.atomic
def waive_quota(
    *,
    criterion: Criterion,
    unit: Unit,
    extra_count: int,
    reason: str,
    decided_by: str,
    document: str,
    file: StoredFile | None = None,
    actor: Any,
    at: dt.datetime,
) -> QuotaWaiver:
    """Record that a unit may propose so many more of one kind; append-only."""
    form = _hold(criterion.award_form)
    must(CHIEF.refuses(actor, form.campaign))
    must(windows.why_ended(form.campaign))
    label = quotas.label_of(criterion)
    if unit.agency_id != form.campaign.agency_id:
        raise Refused("Đơn vị này không thuộc cơ quan của đợt.")
    held = quotas.quotas_of(criterion).values()
    if quotas.quota_for(held, form.pk, criterion.subject_kind, unit.pk) is None:
        raise Refused(f"{unit} không bị giới hạn {label}, nên không cần cho vượt.")
    document = compose(document)
    # Under the lock of the form: the second of two clicks finds what the first one wrote.
    if QuotaWaiver.objects.filter(
        award_form=form, subject_kind=criterion.subject_kind, unit=unit, document=document
    ).exists():
        raise Refused(f"Đã ghi cho {unit} vượt {label} theo văn bản này.")
    waiver = QuotaWaiver.objects.create(
        award_form=form,
        subject_kind=criterion.subject_kind,
        unit=unit,
        extra_count=extra_count,
        reason=compose(reason),
        decided_by=compose(decided_by),
        document=document,
        file=file,
        recorded_by=actor,
        recorded_at=at,
    )
    audit.record(
        "waive",
        form.campaign,
        actor=actor,
        label="Cho vượt chỉ tiêu",
        note=f"{unit}: thêm {extra_count} {label}; {document}, {waiver.decided_by}: {waiver.reason}",
    )
    return waiver


def _hold(form: AwardForm) -> AwardForm:
    return (
        AwardForm.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign")
        .get(pk=form.pk)
    )
