"""The usual ways, as somebody who knows them well would write them, without the product.

Each run alone: `python -m tests.bench.usual NAME TARGET PAPERS ARGUMENT…`; the papers are JSON.
"""

import base64
import copy
import html
import io
import json
import subprocess
import sys
from pathlib import Path

import zxingcpp
from PIL import Image

# --- One HTML, printed by WeasyPrint ------------------------------------------------------------
_STYLE = """
@page { size: 297mm 210mm; margin: 0 }
body { margin: 0; font-family: "Liberation Serif" }
.sheet { position: relative; width: 297mm; height: 210mm; break-after: page; overflow: hidden }
.sheet > * { position: absolute; margin: 0; left: 36mm; width: 225mm; text-align: center }
.sheet > .border { left: 0; top: 0; width: 297mm; height: 210mm }
.nation { top: 47mm; font: bold 14pt "Liberation Serif" }
.authority { top: 64mm; font: bold 20pt "Liberation Serif"; color: #b0161b }
.kind { top: 80mm; font: bold 44pt "Liberation Serif"; color: #b0161b }
.name { top: 102mm; font-size: 26pt; font-weight: bold }
.title { top: 114mm; font-size: 16pt }
.achievement { top: 122mm; font-size: 16pt }
.sheet > .code { left: 32mm; top: 154mm; width: 17mm; image-rendering: pixelated }
.sheet > .left { left: 32mm; width: 110mm; text-align: left; font: italic bold 13pt "Liberation Serif" }
.sheet > .right { left: 171mm; width: 96mm; font-size: 13pt; font-weight: bold }
"""
_SHEET = """<div class="sheet">{border}<p class="nation">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập -
Tự do - Hạnh phúc</p><p class="authority">{authority}</p><p class="kind">GIẤY KHEN</p><p class="name">{name}
</p><p class="title">{title}</p><p class="achievement">{achievement}</p><img class="code" src="{code}">
<p class="left" style="top: 174mm">{decision}</p><p class="left" style="top: 181mm">{golden}</p>
<p class="right" style="top: 149mm"><i>{place}</i></p><p class="right" style="top: 155mm">{signer_title}</p>
<p class="right" style="top: 181mm">{signer}</p></div>"""


def _code(address: str) -> str:
    """Return a QR code as a picture of one point a square, by the encoder of the product."""
    kind = zxingcpp.BarcodeFormat.QRCode
    squares = zxingcpp.create_barcode(address, kind, ec_level="M")
    picture = io.BytesIO()
    Image.fromarray(squares.to_image(scale=1, add_quiet_zones=False)).save(picture, "PNG")
    return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"


def weasyprint(target: Path, papers: list[dict], border: str) -> None:
    """One HTML of all pages, the border as one picture that all pages share."""
    from weasyprint import HTML  # noqa: PLC0415

    picture = f'<img class="border" src="{Path(border).as_uri()}">'
    sheets = []
    for paper in papers:
        texts = {
            "authority": paper["authority"],
            "name": paper["recipient_name"],
            "title": paper["recipient_title"],
            "achievement": paper["achievement"],
            "decision": paper["decision_line"],
            "golden": paper["golden_number"],
            "place": paper["place_date"],
            "signer_title": paper["signer_title"],
            "signer": paper["signer_name"],
        }
        sheets.append(
            _SHEET.format(
                border=picture,
                code=_code(paper["verify_url"]),
                **{name: html.escape(text) for name, text in texts.items()},
            )
        )
    whole = f"<!doctype html><meta charset=utf-8><style>{_STYLE}</style>{''.join(sheets)}"
    HTML(string=whole).write_pdf(target)


# --- A mail merge, printed by LibreOffice -------------------------------------------------------
def mail_merge(target: Path, papers: list[dict], profile: str) -> None:
    """One Word file of all pages, text only: no border, no code."""
    from docx import Document  # noqa: PLC0415
    from docx.enum.section import WD_ORIENTATION  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    document = Document()
    document.styles["Normal"].font.name = "Times New Roman"
    section = document.sections[0]
    section.orientation = WD_ORIENTATION.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    body = document.element.body
    fields = {
        "{nation}": 14, "{motto}": 14, "{authority}": 20, "{kind}": 44, "{name}": 26, "{title}": 16,
        "{achievement}": 16, "{place}": 13, "{signer_title}": 13, "{signer}": 13, "{decision}": 13,
        "{golden}": 13,
    }  # fmt: skip
    pattern = []
    for field, size in fields.items():
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.page_break_before = field == "{nation}"
        run = paragraph.add_run(field)
        run.font.size, run.bold = Pt(size), field != "{achievement}"
        pattern.append(paragraph._p)
    for paragraph in pattern:
        body.remove(paragraph)
    for paper in papers:
        values = (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", paper["authority"],
            paper["kind"], paper["recipient_name"], paper["recipient_title"], paper["achievement"],
            paper["place_date"], paper["signer_title"], paper["signer_name"], paper["decision_line"],
            paper["golden_number"],
        )  # fmt: skip
        for paragraph, value in zip(pattern, values, strict=True):
            filled = copy.deepcopy(paragraph)
            filled.r_lst[0].text = value
            body.insert(len(body) - 1, filled)
    source = target.with_suffix(".docx")
    document.save(source)
    to_pdf(source, profile)


def to_pdf(source: Path, profile: str) -> None:
    """Have LibreOffice print a file beside itself."""
    command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", "pdf", "--outdir", source.parent, source],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    name, target, papers, *arguments = sys.argv[1:]
    globals()[name](Path(target), json.loads(Path(papers).read_text()), *arguments)
