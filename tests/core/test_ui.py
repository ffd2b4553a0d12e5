"""Each piece of interface, and the frame that every page shares."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import RequestContext, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.urls import path

from thidua.core import clock
from thidua.core.context import page_frame
from thidua.core.forms import PageForm, SignInForm, TransitionForm
from thidua.core.navigation import PAGES, navigation_of
from thidua.core.permissions import Grant, Role


def answer(request, **kwargs):
    return HttpResponse("")


urlpatterns = [
    path("", answer, name="home"),
    path("login/", answer, name="login"),
    path("logout/", answer, name="logout"),
    path("account/", answer, name="account"),
    path("reminders/", answer, name="reminder_list"),
    path("reviews/", answer, name="review_queue"),
    path("reviews/summary/", answer, name="summary"),
    path("nominations/<int:pk>/accept/", answer, name="nomination_accept"),
]
urlpatterns += [
    path(f"other/{name}/", answer, name=name)
    for _, name, _ in PAGES
    if name not in {pattern.name for pattern in urlpatterns}
]

pytestmark = pytest.mark.urls(__name__)

AT = dt.datetime(2025, 11, 20, 10, 32, tzinfo=clock.VIET_NAM)
TODAY = AT.date()


@pytest.fixture(autouse=True)
def business_clock(settings):
    settings.NAVIGATION_COUNTERS = {}  # core counts nothing by itself
    with clock.frozen(AT) as at:
        yield at


@pytest.fixture
def show(rf):
    def render(source, **context):
        request = rf.get("/reviews/?state=waiting")
        request.user = context.pop("user", AnonymousUser())
        html = Template(source).render(RequestContext(request, context))
        return re.sub(r"\s+", " ", html).strip()

    return render


def user_with(*roles, person=None):
    return SimpleNamespace(
        is_authenticated=True,
        is_active=True,
        agency="Cơ quan mẫu",
        person=person,
        display_name="Người mẫu",
        _grants={TODAY: frozenset(Grant(role, None) for role in roles)},
    )


def offer(blocked="", tone="", needs_note=False, needs_password=False):
    row = SimpleNamespace(
        action="accept",
        label="Chấp nhận",
        tone=tone,
        needs_note=needs_note,
        needs_password=needs_password,
    )
    return SimpleNamespace(row=row, blocked=blocked)


NOMINATION = SimpleNamespace(pk=1204, _meta=SimpleNamespace(model_name="nomination"))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ 1410000|money }}", "1.410.000 đ"),
        ("{{ day|vn_date }}", "ngày 05 tháng 01 năm 2026"),
        ("{{ later|vn_date }}", "ngày 20 tháng 3 năm 2026"),
        ("{{ day|short_date }}", "05/01/2026"),
        ("{{ at|short_date }}", "20/11/2025"),
        ("{{ at|moment }}", "10:32 ngày 20/11/2025"),
        ("{{ at|weekday_date }}", "thứ Năm, 20/11/2025"),
        ("{{ 900|file_size }}", "900 byte"),
        ("{{ 20480|file_size }}", "20 KB"),
        ("{{ 1258291|file_size }}", "1,2 MB"),
    ],
)
def test_words_and_numbers(show, source, text):
    shown = show(source, day=dt.date(2026, 1, 5), later=dt.date(2026, 3, 20), at=AT)

    assert shown.replace("\u00a0", " ") == text


def test_chip_says_its_state_in_word_and_colour(show):
    assert show('{% chip "Xong" "ok" %}') == '<span class="chip ok">Xong</span>'


def test_chip_refuses_an_unknown_tone(show):
    with pytest.raises(TemplateSyntaxError):
        show('{% chip "Xong" "green" %}')


def test_state_chip_takes_the_tone_of_the_record(show):
    record = SimpleNamespace(get_state_display=lambda: "Đã gửi", state_tone="info")

    assert show("{% state_chip record %}", record=record) == '<span class="chip info">Đã gửi</span>'


@pytest.mark.parametrize(
    ("days", "html"),
    [
        (-2, '<span class="chip stop">Quá hạn 2 ngày</span>'),
        (0, '<span class="chip stop">Hết hạn hôm nay</span>'),
        (3, '<span class="chip stop">Còn 3 ngày</span>'),
        (7, '<span class="chip wait">Còn 7 ngày</span>'),
        (41, '<span class="chip">Còn 41 ngày</span>'),
    ],
)
def test_days_left(show, days, html):
    assert show("{% days_left day %}", day=TODAY + dt.timedelta(days=days)) == html


def test_days_left_can_count_working_days(show):
    day = TODAY + dt.timedelta(days=41)

    assert (
        show("{% days_left day 29 %}", day=day)
        == '<span class="chip">Còn 41 ngày, 29 ngày làm việc</span>'
    )


def test_meter_writes_plain_numbers_into_attributes(show):
    html = show('{% meter 1500 2000 "Đã in" %}')

    assert 'value="1500" max="2000" aria-label="Đã in"' in html


def test_path_marks_the_step_of_now(show):
    html = show("{% path steps %}", steps=[("Đã gửi", "done"), ("Thẩm định", "now"), ("Xong", "")])

    assert html.count("<li") == 3
    assert html.count('aria-current="step"') == 1


def test_task_row_gives_the_red_button_to_the_first_only(show):
    first = show(
        '{% task_row "Sửa" "/a" "Chi tiết" due_on=day action="Mở" first=True %}', day=TODAY
    )
    second = show('{% task_row "Sửa" "/a" label="Chờ" tone="wait" action="Mở" %}')

    assert 'class="btn main"' in first
    assert "Hết hạn hôm nay" in first
    assert 'class="btn"' in second
    assert '<span class="chip wait">Chờ</span>' in second


def test_part_row_shows_state_and_progress(show):
    html = show('{% part_row 2 "Báo cáo" "/b" "2 trên 3" "now" label="Đang làm" value=2 total=3 %}')

    assert '<li class="now">' in html
    assert '<span class="chip info">Đang làm</span>' in html
    assert 'value="2" max="3"' in html


def test_lacks_panel_counts_and_cites(show):
    lack = SimpleNamespace(sentence="Viết tờ trình", clause="Mục V.3.a", url="/letter/")

    html = show("{% lacks_panel lacks %}", lacks=[lack])

    assert "Còn thiếu 1 việc" in html
    assert '<a href="/letter/">Viết tờ trình</a> <cite>Mục V.3.a</cite>' in html


def test_lacks_panel_says_when_nothing_lacks(show):
    assert "Không còn thiếu việc nào." in show("{% lacks_panel lacks %}", lacks=[])


def test_finding_names_its_meaning_for_a_screen_reader(show):
    html = show('{% finding "stop" "Quá chỉ tiêu" "Mục V.2" "/rule/" %}')

    assert "Không đạt:" in html
    assert '<a class="small" href="/rule/">Xem</a>' in html


def test_transition_button_posts_with_a_token(show):
    html = show(
        "{% transition_button nomination offer %}", nomination=NOMINATION, offer=offer(tone="main")
    )

    assert 'method="post" action="/nominations/1204/accept/"' in html
    assert "csrfmiddlewaretoken" in html
    assert 'class="btn main"' in html


@pytest.mark.parametrize("needs", ["needs_note", "needs_password"])
def test_transition_button_leads_to_the_page_that_asks(show, needs):
    html = show(
        '{% transition_button nomination offer "a" %}',
        nomination=NOMINATION,
        offer=offer(**{needs: True}),
    )

    assert "<form" not in html
    assert 'href="/nominations/1204/accept/" data-key="a"' in html


def test_blocked_transition_says_why_and_cannot_be_pressed(show):
    html = show(
        "{% transition_button nomination offer %}",
        nomination=NOMINATION,
        offer=offer(blocked="Đợt này đã đóng."),
    )

    assert "disabled" in html
    assert "Đợt này đã đóng." in html
    assert "/accept/" not in html


@pytest.mark.parametrize("over", [False, True])
def test_job_progress_asks_again_until_the_job_is_over(show, over):
    job = SimpleNamespace(
        pk=1204,
        label="In giấy khen",
        state="done" if over else "running",
        get_state_display=lambda: "Đang làm",
        total_count=24,
        done_count=10,
        error="",
        is_over=over,
        get_absolute_url=lambda: "/jobs/1204/",
    )

    html = show("{% job_progress job %}", job=job)

    assert 'id="job-1204"' in html
    assert ('hx-trigger="every 1s"' in html) is not over


def test_history_tells_who_did_what_and_why(show):
    record = SimpleNamespace(
        _meta=SimpleNamespace(
            get_field=lambda name: SimpleNamespace(
                flatchoices=[("draft", "Bản nháp"), ("returned", "Trả lại")]
            )
        )
    )
    entry = SimpleNamespace(
        at=AT,
        actor_name="Chuyên viên mẫu",
        action_label="Trả lại để bổ sung",
        changes={"state": ["draft", "returned"]},
        note="Nêu số liệu.",
    )

    html = show("{% history entries record %}", entries=[entry], record=record)

    assert "<b>Trả lại để bổ sung</b> · Chuyên viên mẫu" in html
    assert "Bản nháp" in html
    assert "Nêu số liệu." in html
    assert "Chưa có thao tác nào được ghi." in show("{% history entries %}", entries=[])


def test_blocks_wrap_their_content(show):
    html = show(
        '{% sheet "Danh sách" flush=True count=2 %}{% table_box "Bảng" %}<table></table>{% endtable_box %}'
        "{% endsheet %}{% submit_bar %}gửi{% endsubmit_bar %}"
        '{% notice "wait" %}chờ{% endnotice %}{% page_head "Tên" "phụ" %}nút{% endpage_head %}'
    )

    assert 'class="sheet flush"' in html
    assert 'role="region" tabindex="0" aria-label="Bảng"><table></table>' in html
    assert '<div class="submit-bar">gửi</div>' in html
    assert '<div class="notice wait">chờ</div>' in html
    assert '<div class="page-actions">nút</div>' in html


def test_small_pieces(show):
    html = show(
        '{% page_header "Tên" "phụ" %}{% crumbs "Đợt" "/c/" "Trang này" %}'
        '{% empty_state "Chưa có gì." "/new/" "Lập" %}{% file_link "/f" "a.pdf" 2048 "PDF" %}'
        '{% help_text "Gợi ý." "hint" %}'
    )

    assert "<h1>Tên</h1>" in html
    assert '<li><a href="/c/">Đợt</a></li>' in html
    assert '<a href="/new/">Lập</a>' in html
    assert "(PDF, 2 KB)" in html
    assert 'id="hint">Gợi ý.</p>' in html


def test_pagination_keeps_the_filters(show):
    page = Paginator(range(100), 10).page(3)

    html = show("{% pagination page %}", page=page)

    assert 'href="?state=waiting&amp;page=2"' in html
    assert html.count('aria-current="page"') == 1
    assert show("{% pagination page %}", page=Paginator([], 10).page(1)) == ""


class SampleForm(PageForm):
    name = forms.CharField(label="Tên", help_text="Như in trên giấy.", max_length=10)
    kind = forms.ChoiceField(
        label="Loại", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")]
    )
    met_on = forms.DateField(label="Ngày họp")
    count = forms.IntegerField(label="Số phiếu", min_value=1)
    agreed = forms.BooleanField(label="Đã đọc", error_messages={"required": "Hãy đọc kế hoạch."})
    secret = forms.CharField(widget=forms.PasswordInput, required=False, strip=False)


def test_form_shows_hints_before_fields(show):
    html = show("{% crispy form %}", form=SampleForm())

    assert html.index("Như in trên giấy.") < html.index('name="name"')
    assert "ví dụ 20/11/2025" in html
    assert "csrfmiddlewaretoken" in html
    assert "novalidate" in html
    assert "error-summary" not in html


def test_form_errors_say_the_mend_and_link_to_the_field(show):
    form = SampleForm({"name": "x" * 12, "met_on": "31/02/2026", "count": "0"})

    html = show("{% crispy form %}", form=form)

    assert form.errors == {
        "name": ["Hãy rút xuống còn 10 ký tự; nay có 12."],
        "kind": ["Hãy chọn một mục."],
        "met_on": ["Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 20/11/2025."],
        "count": ["Hãy ghi số từ 1 trở lên."],
        "agreed": ["Hãy đọc kế hoạch."],
    }
    assert "Có 5 chỗ cần sửa" in html
    for target in ("id_name", "id_kind_0", "id_met_on", "id_count", "id_agreed"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_form_composes_text_but_never_a_password(show):
    decomposed = "Ho\u0300a"
    form = SampleForm({"name": decomposed, "secret": decomposed})
    form.is_valid()

    assert form.cleaned_data["name"] == "H\u00f2a"
    assert form.cleaned_data["secret"] == decomposed


def test_form_without_its_own_tag_leaves_button_and_token_to_the_page(show):
    form = SampleForm()
    form.form_tag = False

    html = show("{% crispy form %}", form=form)

    assert "<form" not in html
    assert "csrfmiddlewaretoken" not in html
    assert "<button" not in html


def test_transition_form_asks_only_what_the_row_needs():
    user = SimpleNamespace(check_password=lambda password: password == "đúng")
    row = offer(needs_password=True).row

    wrong = TransitionForm({"password": "sai"}, row=row, user=user)
    right = TransitionForm({"password": "đúng"}, row=row, user=user)

    assert list(wrong.fields) == ["password"]
    assert wrong.errors == {"password": ["Mật khẩu chưa đúng. Hãy nhập lại."]}
    assert right.is_valid()
    assert right.submit_label == "Chấp nhận"


def test_navigation_is_by_role_and_marks_one_page():
    chief = user_with(Role.OFFICE_CHIEF)

    items = navigation_of(chief, "/reviews/summary/3/", AT)

    assert [item.url_name for item in items] == [
        "home",
        "campaign_list",
        "review_queue",
        "summary",
        "council_list",
        "register_list",
        "law_list",
    ]
    assert [item.url_name for item in items if item.current] == ["summary"]


@pytest.mark.parametrize(
    ("path", "roles", "current"),
    [
        ("/nominations/3/", [Role.APPRAISER], "review_queue"),
        ("/nominations/3/accept/", [Role.OFFICE_CHIEF], "review_queue"),
        ("/nominations/3/report/", [Role.UNIT_HEAD], "proposal_mine"),
        ("/nominations/3/", [Role.UNIT_HEAD, Role.APPRAISER], "review_queue"),
        ("/nominations/3/", [Role.SIGNATORY, Role.COUNCIL_MEMBER], "approval_list"),
        ("/nominations/3/", [Role.COUNCIL_MEMBER], "council_list"),
        ("/nominations/3/report/", [Role.STAFF_MEMBER], "home"),
        ("/proposals/3/", [Role.OFFICE_CHIEF], "review_queue"),
        ("/receipts/3/", [Role.UNIT_HEAD], "proposal_mine"),
        ("/letters/3/", [Role.REGISTRAR], "issuing"),
        ("/letters/3/approve/", [Role.SIGNATORY], "approval_list"),
        ("/letters/lines/3/outcome/", [Role.APPRAISER], "home"),
    ],
)
def test_a_record_that_desks_share_stands_under_the_desk_of_its_reader(path, roles, current):
    items = navigation_of(user_with(*roles), path, AT)

    assert [item.url_name for item in items if item.current] == [current]


def two_wait(user, at):
    return 2


def test_navigation_counts_what_settings_name(settings):
    settings.NAVIGATION_COUNTERS = {"home": f"{__name__}.two_wait"}

    items = navigation_of(user_with(Role.UNIT_HEAD), "/", AT)

    assert [(item.url_name, item.count, item.current) for item in items] == [
        ("home", 2, True),
        ("campaign_list", 0, False),
        ("proposal_mine", 0, False),
    ]


def test_every_page_of_the_navigation_stands_once():
    names = [name for _, name, _ in PAGES]

    assert len(names) == len(set(names))


def test_base_page_shows_the_rehearsal_the_person_and_the_way_out(show, settings):
    settings.REHEARSAL = True
    person = SimpleNamespace(unit="Phòng mẫu")

    html = show('{% extends "base.html" %}', user=user_with(Role.APPRAISER, person=person))

    assert "hệ thống coi hôm nay là thứ Năm, 20/11/2025. Dữ liệu mẫu." in html
    assert "CƠ QUAN MẪU" in html
    assert "Phòng mẫu" in html
    assert 'action="/logout/"' in html
    assert 'href="/reviews/" aria-current="page"' in html


def test_frame_of_a_stranger_is_empty(rf, settings):
    settings.REHEARSAL = False
    request = rf.get("/")

    frame = page_frame(request)

    assert frame["rehearsal"] is False
    assert list(frame["nav"]) == []
    assert str(frame["agency"]) == ""
    assert str(frame["unit"]) == ""


@pytest.mark.parametrize("name", ["403.html", "404.html", "csrf_failure.html"])
def test_refusals_render_in_the_frame(show, name):
    assert "<h1>" in show(f'{{% extends "{name}" %}}', exception="Trang này dành cho: Văn thư.")


@pytest.mark.parametrize("name", ["400.html", "500.html", "registration/locked.html"])
def test_bare_pages_need_no_context(name):
    assert "<h1>" in render_to_string(name)


def test_login_page_lists_sample_accounts_of_a_rehearsal(show):
    samples = {
        "sample_accounts": [("truongphong", "Trưởng phòng", "Người mẫu", "Phòng mẫu")],
        "sample_password": "mat-khau-mau",
    }
    source = '{% extends "registration/login.html" %}'

    rehearsal = show(source, form=SignInForm(), **samples)
    production = show(source, form=SignInForm(), sample_accounts=[], sample_password="")

    assert 'href="?as=truongphong"' in rehearsal
    assert "mat-khau-mau" in rehearsal
    assert "Tài khoản mẫu" not in production
