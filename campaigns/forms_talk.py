"""What people write to each other about a campaign: plain text, bounded."""

from typing import Any

from django import forms

from campaigns.actions.announcements import LONGEST_TEXT
from campaigns.actions.questions import LONGEST_ANSWER, LONGEST_QUESTION
from thidua.core.forms import PageForm


class QuestionForm(PageForm):
    """A question to the office."""

    submit_label = "Gửi câu hỏi"

    text = forms.CharField(
        label="Câu hỏi",
        help_text="Văn phòng trả lời tại trang này; bạn được báo trong lần nhắc việc tới.",
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswerForm(PageForm):
    """The answer, who reads it, and which version of the question was in sight."""

    submit_label = "Lưu câu trả lời"

    version = forms.IntegerField(
        label="Phiên bản",
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput(),
    )
    answer = forms.CharField(
        label="Trả lời",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    is_public = forms.TypedChoiceField(
        label="Ai đọc được",
        choices=[("1", "Mọi người của cơ quan"), ("0", "Chỉ người hỏi và đơn vị hỏi")],
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect(),
    )

    def see_version(self, version: int) -> None:
        """Let what is sent next overwrite `version`: the writer has read it now."""
        sent: Any = self.data
        sent = sent.copy()
        sent["version"] = str(version)
        self.data = sent


class AnnouncementForm(PageForm):
    """An announcement to everybody of the agency."""

    submit_label = "Thông báo"

    title = forms.CharField(label="Tiêu đề", max_length=200)
    text = forms.CharField(
        label="Nội dung",
        help_text="Mọi người của cơ quan đọc ngay ở trang đợt thi đua và trang «Việc của tôi»; lần "
        "nhắc việc tới cũng có thông báo này. Thông báo đã đăng không sửa, không xóa.",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
