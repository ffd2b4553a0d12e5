"""The register as a workbook: columns, and cells that can never become formulas."""

import datetime as dt
import io
from typing import Any

import xlsxwriter
from import_export import fields, resources

from awards.models import RegisterEntry

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDTHS = (7, 9, 18, 13, 26, 30, 40, 11, 28, 60, 11, 9, 16, 16, 44, 68)


class RegisterResource(resources.ModelResource):
    """Sổ khen thưởng: one row for each award, as it was printed."""

    year = fields.Field("year", "Năm")
    number = fields.Field("number", "Số vào sổ")
    decision_number = fields.Field("decision_number", "Số quyết định")
    decided_on = fields.Field("decided_on", "Ngày quyết định")
    decided_by = fields.Field("decided_by", "Cấp quyết định")
    recipient_name = fields.Field("recipient_name", "Họ và tên, tên tập thể")
    recipient_title = fields.Field("recipient_title", "Chức vụ, đơn vị")
    subject_kind = fields.Field("get_subject_kind_display", "Đối tượng")
    award_name = fields.Field("award_name", "Hình thức")
    achievement = fields.Field("achievement", "Thành tích")
    golden_number = fields.Field("golden_number", "Số sổ vàng")
    coefficient = fields.Field("coefficient", "Hệ số")
    base_salary = fields.Field("base_salary", "Mức lương cơ sở (đồng)")
    amount = fields.Field("amount", "Tiền thưởng (đồng)")
    campaign = fields.Field("campaign__short_title", "Đợt thi đua")
    file_sha256 = fields.Field("file_sha256", "SHA-256 của tệp giấy khen")

    class Meta:
        model = RegisterEntry
        fields = (
            "year",
            "number",
            "decision_number",
            "decided_on",
            "decided_by",
            "recipient_name",
            "recipient_title",
            "subject_kind",
            "award_name",
            "achievement",
            "golden_number",
            "coefficient",
            "base_salary",
            "amount",
            "campaign",
            "file_sha256",
        )
        export_order = fields

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        """Give the value itself: numbers stay numbers, days stay days."""
        return field.get_value(instance)


def register_workbook(entries: Any) -> bytes:
    """Return the register as XLSX: text as text, whatever it begins with."""
    table = RegisterResource().export(entries)
    target = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, settings) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        whole = book.add_format({"num_format": "#,##0"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Sổ khen thưởng")
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, (title, width) in enumerate(zip(table.headers, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for row, values in enumerate(table, start=1):
            for column, value in enumerate(values):
                if isinstance(value, dt.date):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, int) and value > 9999:  # noqa: PLR2004 -- years have no dots
                    sheet.write_number(row, column, value, whole)
                elif hasattr(value, "__float__"):
                    sheet.write_number(row, column, float(value))
                else:
                    sheet.write_string(row, column, neutral("" if value is None else value), plain)
    return target.getvalue()


def neutral(words: str) -> str:
    """Return text that no spreadsheet takes for a formula, even after it is copied elsewhere."""
    return f"'{words}" if words.startswith(_FORMULA_STARTS) else words
