"""How a paper leaves the server: as the PDF that is read and signed, or as the DOCX to be edited."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from thidua.core import files, word
from thidua.core.documents import OfficialPaper, PaperError, render_pdf
from thidua.core.models import StoredFile
from thidua.core.word_writing import render_docx

_FORMAT, _WORD = "format", "docx"


def wants_word(request: HttpRequest) -> bool:
    """Whether the address asks for the editable twin: `?format=docx`."""
    return request.GET.get(_FORMAT) == _WORD


def send_paper(
    request: HttpRequest,
    paper: OfficialPaper,
    name: str,
    *,
    back: str,
    kept: StoredFile | None = None,
    as_word: bool | None = None,
    inline: bool = True,
) -> HttpResponseBase:
    """Show a paper in the page, or give its Word twin; when it cannot be printed, say why.

    `name` is the file's without its ending. A paper that was `kept` is shown as it was kept.
    Without `as_word` the address says which of the two.
    """
    try:
        if wants_word(request) if as_word is None else as_word:
            content = render_docx(paper)
            return files.send_content(content, name=f"{name}.docx", media_type=word.DOCX)
        if kept:
            return files.send(kept, inline=True)
        content = render_pdf(paper)
    except PaperError as error:
        messages.error(request, str(error))
        return redirect(back)
    return files.send_content(content, name=f"{name}.pdf", media_type=files.PDF, inline=inline)
