"""Next year's campaign from a real Word file, in a real browser: read, confirmed, made, run.

The file was saved by LibreOffice. What the reader proposes wrongly, or not at all, is typed as a
clerk would type it; at the end the campaign says what the plan says.
"""

import tomllib
from pathlib import Path

from campaigns.plan_fields import FIELDS

HERE = Path(__file__).parent.parent / "campaigns"
NAME = "27-so-tai-chinh"
FILE = HERE / "files" / f"{NAME}.docx"
# The plan names a form that the decree does not have; the clerk is told which there are.
SAID = tomllib.loads((HERE / "plans" / "unseen" / f"{NAME}.toml").read_text(encoding="utf-8"))
SAID["report_form"] = "08 | 152/2025/NĐ-CP"


def the_plan_is_read(visitor):
    page = visitor.page
    visitor.sign_in("thamdinh")
    visitor.press("Đợt thi đua")
    visitor.press("Lập đợt mới từ kế hoạch")
    visitor.look("cac-ban-doc")
    visitor.press("Đọc một kế hoạch")
    page.set_input_files("input[type=file]", FILE)
    visitor.look("doc-ke-hoach")
    visitor.press("Đọc kế hoạch")
    visitor.reads("Đã đọc kế hoạch", "Xác nhận kế hoạch", SAID["short_title"])
    visitor.look("ban-doc", keep="5-doc-ke-hoach.png")
    return page.url.removeprefix(visitor.base).partition("#")[0]


def every_field_is_confirmed(visitor):
    """Confirm each field as it stands when it is right; type it when it is not."""
    page, typed = visitor.page, 0
    for field in FIELDS:
        place = page.locator(f"#muc-{field.name}")
        box = place.locator(f"[name='{field.name}-value']")
        if field.name == "sections":  # the file holds the headings alone
            wanted = box.input_value().strip()
            assert "Hồ sơ đề nghị khen thưởng" in wanted
        else:
            wanted = SAID.get(
                "issued_on" if field.name == "launched_on" else field.name, ""
            ).strip()
        if wanted and box.input_value().strip() != wanted:
            box.fill(wanted)
            typed += 1
        if wanted or field.required:
            place.get_by_role("button").click()
            page.wait_for_load_state()
            visitor.reads(f"Đã xác nhận: {field.label}.")
    return typed


def test_a_word_file_becomes_next_year_s_campaign(visitor):
    page = visitor.page
    draft = the_plan_is_read(visitor)
    typed = every_field_is_confirmed(visitor)
    assert typed <= len(FIELDS) // 4, f"{typed} fields had to be typed"

    visitor.reads(f"Đã xong {len(FIELDS)} trên {len(FIELDS)} mục")
    visitor.press("Lập đợt thi đua")
    visitor.look("lap-dot")
    visitor.press("Lập đợt thi đua")
    visitor.reads("Đã lập đợt thi đua từ kế hoạch", SAID["short_title"])
    visitor.look("dot-moi")
    campaign = page.url.removeprefix(visitor.base)
    with page.expect_download() as download:
        page.get_by_role("link", name="Word").first.click()
    assert download.value.suggested_filename.endswith(".docx")

    visitor.go(draft)
    visitor.reads("Đợt đã được lập từ kế hoạch này")
    visitor.sign_in("truongphong3")
    visitor.go(campaign)
    visitor.reads(SAID["title"], "Thành phần hồ sơ")


def test_the_pages_of_the_law_and_of_a_running_campaign(visitor):
    """Each page by which the office runs a campaign, at both widths, judged by axe."""
    visitor.sign_in("chanhvp")
    campaign = visitor.stack.ask("Proposal.objects.earliest('pk').campaign_id")
    basis = visitor.stack.ask(
        "Proposal.objects.earliest('pk').campaign.bases.get(code='152/2025/NĐ-CP').pk"
    )
    for path, name, keep in (
        ("/law/", "quy-dinh", "6-quy-dinh.png"),
        (f"/law/{basis}/", "mot-van-ban", None),
        (f"/law/{basis}/edit/", "sua-van-ban", None),
        ("/law/calendar/", "lich-nghi", None),
        (f"/campaigns/{campaign}/progress/", "tien-do", "7-tien-do.png"),
        (f"/campaigns/{campaign}/progress/nudge/", "nhac-don-vi", None),
        (f"/campaigns/{campaign}/extensions/create/", "gia-han", None),
        (f"/campaigns/{campaign}/quotas/", "chi-tieu", None),
        (f"/campaigns/{campaign}/waivers/create/", "cho-vuot", None),
        (f"/campaigns/{campaign}/questions/", "hoi-dap", None),
        (f"/campaigns/{campaign}/announcements/new/", "thong-bao", None),
        (f"/campaigns/{campaign}/end/", "ket-thuc", None),
        (f"/campaigns/{campaign}/copy/", "lap-dot-tu-dot-nay", None),
        ("/reminders/", "nhac-viec", None),
        ("/account/", "tai-khoan", None),
    ):
        visitor.go(path)
        visitor.look(name, keep=keep)
