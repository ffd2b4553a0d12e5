"""The dossier of a nomination, of a unit, of the quarter: bound, checked offline, bound again."""

import io
import json
import subprocess
import zipfile

import pytest
from django.urls import reverse

from awards.actions.evidence import attach_evidence
from awards.models import Evidence, Nomination
from dossiers import actions
from dossiers import jobs as bound_jobs
from dossiers.models import Dossier, DossierItem
from tests import factories as make
from tests.conftest import make_person
from thidua.core import clock, files, jobs
from thidua.core.models import AuditEntry, Job, JobState, RenderedPaper, StoredFile
from thidua.core.permissions import Role
from thidua.core.word import DOCX
from thidua.core.workflow import Refused

pytestmark = pytest.mark.django_db
COUNCIL_LACKS = "Biên bản họp Hội đồng: chưa họp hoặc chưa kết thúc phiên xét Phòng Nghiệp vụ 2"


@pytest.fixture
def head(cast):
    return cast[Role.UNIT_HEAD]


@pytest.fixture
def clerk(cast):
    return cast[Role.APPRAISER]


@pytest.fixture
def sent(head, campaign, unit, people, letter_form, merit_form):
    """Return a sent proposal: the collective for the superior's form, two people for our own."""
    proposal = make.draft_proposal(unit, head, campaign)
    make.nominate(proposal, unit, merit_form)
    first = make.nominate(proposal, people[0], letter_form)
    make.nominate(proposal, people[1], letter_form)
    for content, caption in (
        (make.pdf_bytes(2), "../../etc/passwd"),
        (make.image_bytes(), "Ảnh hội nghị"),
    ):
        attach_evidence(
            nomination=first,
            upload=make.upload(content, "tep"),
            caption=caption,
            actor=head,
            at=clock.now(),
        )
    make.complete(proposal)
    make.submit(make.fresh(proposal))
    return make.fresh(proposal)


def bind(subject, actor):
    """Press the button and let the worker do its work; return the sets of the newest edition."""
    job = actions.bind_dossier(subject=subject, actor=actor)
    jobs.run(job.pk)
    newest = subject.dossiers.first()
    return list(subject.dossiers.filter(edition=newest.edition).order_by("set_number"))


def titles(dossier):
    return [item.title for item in dossier.items.all()]


def of(proposal, name):
    return proposal.nominations.get(recipient_name=name)


def words_of(stored):
    content = files.read(stored)
    found = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return [" ".join(page.split()) for page in found.stdout.decode().split("\f")[:-1]]


def unpacked(dossier, folder):
    with zipfile.ZipFile(io.BytesIO(files.read(dossier.archive))) as opened:
        opened.extractall(folder)
    return folder


# --- What is in it -------------------------------------------------------------------------


def test_the_dossier_of_a_nomination_holds_its_papers_in_the_order_of_the_plan(sent, clerk):
    [dossier] = bind(of(sent, "Nông Thị Ánh"), clerk)

    assert (dossier.edition, dossier.set_label, dossier.is_complete) == (1, "01/01", True)
    assert titles(dossier) == [
        "Tờ trình của Phòng Nghiệp vụ 2",
        "Biên bản họp của Phòng Nghiệp vụ 2",
        "Báo cáo thành tích của Nông Thị Ánh",
        "Phụ lục 1 báo cáo của Nông Thị Ánh: ../../etc/passwd",
        "Phụ lục 2 báo cáo của Nông Thị Ánh: Ảnh hội nghị",
    ]
    pages = words_of(dossier.file)
    items = list(dossier.items.all())
    assert [item.first_page for item in items][:1] == [2]
    assert items[-1].first_page == len(pages) == dossier.file.page_count
    assert "Bộ số 01/01" in pages[0]
    assert "Lần đóng: 01, 10:30 ngày 20 tháng 11 năm 2025" in pages[0]
    assert f"{len(pages)}/{len(pages)}" in pages[-1]


def test_a_unit_sends_in_the_second_set_only_what_the_superior_wants_twice(sent, clerk):
    first, second = bind(sent, clerk)

    assert "Báo cáo thành tích của Hoàng Văn Bình" in titles(first)
    assert titles(second) == [
        "Tờ trình của Phòng Nghiệp vụ 2",
        "Báo cáo thành tích của Phòng Nghiệp vụ 2",
    ]
    assert "Bộ số 02/02" in words_of(second.file)[0]


def test_a_word_file_is_named_on_a_page_and_a_file_that_waits_is_left_out(
    sent, clerk, head, tmp_path
):
    nomination = of(sent, "Nông Thị Ánh")
    word = files.accept_upload(
        make.upload(make.docx_bytes("Lời"), "Số liệu.docx"), actor=head, documents=True
    )
    table, picture = nomination.evidence.order_by("pk")
    Evidence.objects.filter(pk=table.pk).update(file=word, sha256=word.sha256)
    StoredFile.objects.filter(pk=picture.file_id).update(check_state="waiting")

    [dossier] = bind(nomination, clerk)

    assert len(titles(dossier)) == 4
    assert "Số liệu.docx" in words_of(dossier.file)[-1]
    [original] = unpacked(dossier, tmp_path).rglob("tep-goc/*")
    assert original.suffix == ".docx"
    assert original.read_bytes() == files.read(word)
    [lack] = dossier.lacks
    assert lack["sentence"].startswith("Chờ kiểm tra tệp «Ảnh hội nghị»")


def test_a_dossier_that_lacks_a_part_says_so_and_is_never_complete(sent, clerk, client):
    nomination = of(sent, "Phòng Nghiệp vụ 2")

    first, second = bind(nomination, clerk)

    assert not first.is_complete
    assert not second.is_complete
    assert first.lacks == [{"sentence": COUNCIL_LACKS, "clause": "Mục V.3.b"}]
    cover = words_of(first.file)[0]
    assert "CHƯA ĐỦ THÀNH PHẦN" in cover
    assert f"1. {COUNCIL_LACKS} (Mục V.3.b)." in cover
    client.force_login(clerk)
    page = client.get(reverse("nomination_dossier", args=[nomination.pk])).content.decode()
    assert "Chưa đủ thành phần" in page
    assert COUNCIL_LACKS in page
    assert "Đóng bản xem trước" in page


def test_it_is_complete_once_the_council_has_closed_its_meeting(
    sent, clerk, cast, council, merit_form
):
    nomination = of(sent, "Phòng Nghiệp vụ 2")
    bind(nomination, clerk)
    make.accepted(nomination, clerk)
    make.endorsed(council, merit_form, cast[Role.COUNCIL_SECRETARY])

    first, _ = bind(make.fresh(nomination), clerk)

    assert (first.edition, first.is_complete, first.lacks) == (2, True, [])
    assert "Biên bản họp Hội đồng Thi đua - Khen thưởng ngày 20/11/2025" in titles(first)


def test_the_quarter_goes_by_units(
    sent, clerk, campaign, letter_form, other_unit, other_head, client
):
    person = make_person(other_unit, "Vi Văn Chín")
    [other] = make.sent(other_unit, other_head, campaign, (person, letter_form))
    for nomination in (other, of(sent, "Nông Thị Ánh"), of(sent, "Hoàng Văn Bình")):
        make.accepted(nomination, clerk)

    [dossier] = bind(letter_form, clerk)

    assert titles(dossier)[:3] == [
        "Tờ trình của Phòng Nghiệp vụ 1",
        "Biên bản họp của Phòng Nghiệp vụ 1",
        "Báo cáo thành tích của Vi Văn Chín",
    ]
    headings = list(dossier.items.values_list("heading", flat=True))
    assert headings[0] == "Phòng Nghiệp vụ 1"
    assert headings[-1] in {"Phòng Nghiệp vụ 2", "Phòng Nghiệp vụ 2 · Nông Thị Ánh"}
    client.force_login(clerk)
    assert (
        "Quý IV" in client.get(reverse("quarter_dossier", args=[letter_form.pk])).content.decode()
    )


# --- Checked where nobody has this software ------------------------------------------------


def test_the_archive_is_checked_offline(sent, clerk, tmp_path):
    [dossier] = bind(of(sent, "Nông Thị Ánh"), clerk)

    folder = unpacked(dossier, tmp_path / "ra")

    check = ["sha256sum", "-c", "SHA256SUMS", "--strict"]
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 0
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert len(names) == 1 + 5 + 3 + 1 + 2  # bound, parts, Word twins, the picture, both lists
    assert all(name.isascii() for name in names)
    assert sum(name.endswith(".docx") for name in names) == 3
    assert [name for name in names if name.startswith("tep-goc/")] == [
        "tep-goc/0005-phu-luc-2-bao-cao-cua-nong-thi-anh-anh-hoi-nghi.png"
    ]
    victim = next(folder.glob("thanh-phan/*.pdf"))
    content = bytearray(victim.read_bytes())
    content[100] ^= 1
    victim.write_bytes(content)
    flipped = subprocess.run(check, cwd=folder, capture_output=True, text=True, check=False)
    assert flipped.returncode == 1
    assert f"{victim.relative_to(folder)}: FAILED" in flipped.stdout


def test_the_manifest_says_what_each_part_is(sent, clerk, tmp_path):
    [dossier] = bind(of(sent, "Nông Thị Ánh"), clerk)

    manifest = json.loads((unpacked(dossier, tmp_path) / "manifest.json").read_text())

    assert manifest["agency"] == "Thanh tra tỉnh Thử"
    assert manifest["set"] == {"number": 1, "of": 1}
    assert manifest["bound_by"] == clerk.display_name
    assert manifest["is_complete"] is True
    items = list(dossier.items.all())
    for part, item in zip(manifest["parts"], items, strict=True):
        assert (part["title"], part["first_page"]) == (item.title, item.first_page)
        assert part["files"][0]["sha256"] == item.sha256
    assert [part["clause"] for part in manifest["parts"]] == ["V.3.a", "V.3.c", *["V.3.d"] * 3]


# --- Again ---------------------------------------------------------------------------------


def test_nothing_is_bound_again_while_nothing_changed(sent, clerk):
    [dossier] = bind(of(sent, "Nông Thị Ánh"), clerk)
    counted = (StoredFile.objects.count(), AuditEntry.objects.count())

    [again] = bind(of(sent, "Nông Thị Ánh"), clerk)

    assert again.pk == dossier.pk
    assert (StoredFile.objects.count(), AuditEntry.objects.count()) == counted


def test_after_one_report_changed_one_report_is_printed(sent, clerk, head):
    bind(sent, clerk)
    printed = RenderedPaper.objects.filter(file__media_type=files.PDF)
    before = printed.count()
    nomination = make.returned(of(sent, "Hoàng Văn Bình"), clerk)
    make.write_report(make.fresh(nomination), actor=head, text="Nội dung mới")

    first, _ = bind(sent, clerk)

    assert printed.count() == before + 1
    assert RenderedPaper.objects.filter(file__media_type=DOCX).count() == before  # and one picture
    assert first.edition == 2
    assert Dossier.objects.filter(proposal=sent).count() == 4


def test_the_job_may_run_twice(sent, clerk):
    job = actions.bind_dossier(subject=sent, actor=clerk)
    jobs.run(job.pk)
    Job.objects.update(state=JobState.RUNNING)

    jobs.run(job.pk)

    assert Dossier.objects.count() == 2
    assert make.fresh(job).state == JobState.DONE
    assert AuditEntry.objects.filter(action="awards.proposal.assemble").count() == 1


@pytest.mark.parametrize("at", ["cover", "write_archive", "_keep"])
def test_a_worker_that_dies_between_parts_leaves_no_half(sent, clerk, monkeypatch, at):
    job = actions.bind_dossier(subject=sent, actor=clerk)
    stood = getattr(bound_jobs, at)
    calls = []

    def dies(*args, **kwargs):
        calls.append(at)
        if len(calls) == (1 if at == "_keep" else 2):
            raise KeyboardInterrupt  # as a signal would: nothing is caught, nothing is told
        return stood(*args, **kwargs)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(bound_jobs, at, dies)
        jobs.run(job.pk)
    assert not Dossier.objects.exists()
    assert not StoredFile.objects.filter(name__startswith="ho-so-").exists()
    printed = RenderedPaper.objects.count()

    jobs.run(job.pk)

    assert Dossier.objects.count() == 2
    assert RenderedPaper.objects.count() == printed
    for dossier in Dossier.objects.all():
        assert files.read(dossier.file)
        assert files.read(dossier.archive)


def test_a_file_that_was_cut_short_is_written_anew(settings):
    stored = make.stored_file()
    place = settings.MEDIA_ROOT / stored.path
    place.write_bytes(place.read_bytes()[:50])

    again = make.stored_file()

    assert files.read(again) == files.read(stored)


# --- Who, and when -------------------------------------------------------------------------


def test_what_has_not_been_sent_is_not_bound(head, campaign, unit, people, letter_form, client):
    proposal = make.draft_proposal(unit, head, campaign)
    nomination = make.nominate(proposal, people[0], letter_form)

    with pytest.raises(Refused, match="chưa gửi Văn phòng"):
        actions.bind_dossier(subject=nomination, actor=head)
    with pytest.raises(Refused, match="Hãy gửi trước"):
        actions.bind_dossier(subject=proposal, actor=head)
    client.force_login(head)
    page = client.get(reverse("proposal_dossier", args=[proposal.pk])).content.decode()
    assert "Hãy gửi trước, rồi đóng hồ sơ." in page


def test_a_quarter_without_anybody_is_not_bound(letter_form, clerk):
    with pytest.raises(Refused, match="Chưa có đề nghị nào"):
        actions.bind_dossier(subject=letter_form, actor=clerk)


def test_while_one_is_bound_no_second_is_begun(sent, clerk):
    actions.bind_dossier(subject=sent, actor=clerk)

    with pytest.raises(Refused, match="đang được đóng"):
        actions.bind_dossier(subject=sent, actor=clerk)


def test_a_head_binds_only_the_own_unit(sent, other_head, cast):
    with pytest.raises(Refused, match="đơn vị khác"):
        actions.bind_dossier(subject=sent, actor=other_head)
    with pytest.raises(Refused, match="Việc này do"):
        actions.bind_dossier(subject=sent, actor=cast[Role.SIGNATORY])


def test_a_dossier_exists_for_those_for_whom_every_paper_of_it_does(
    sent, clerk, cast, other_head, letter_form
):
    nomination = of(sent, "Nông Thị Ánh")
    Nomination.objects.filter(pk=nomination.pk).update(author=cast[Role.STAFF_MEMBER])
    make.accepted(nomination, clerk)
    for subject in (nomination, sent, letter_form):
        bind(make.fresh(subject), clerk)

    def seen(user):
        return Dossier.objects.visible_to(user).distinct().count()

    assert {role: seen(user) for role, user in cast.items() if seen(user)} == {
        Role.UNIT_HEAD: 3,  # the one of the nomination, two sets of the unit; not the quarter's
        Role.APPRAISER: 4,
        Role.OFFICE_CHIEF: 4,
        Role.SIGNATORY: 4,
    }
    assert seen(other_head) == 0


# --- Pages ---------------------------------------------------------------------------------


def test_the_button_binds_and_the_page_gives_the_files(sent, clerk, client):
    client.force_login(clerk)
    nomination = of(sent, "Nông Thị Ánh")
    page = reverse("nomination_dossier", args=[nomination.pk])
    assert page in client.get(nomination.get_absolute_url()).content.decode()
    assert (
        reverse("proposal_dossier", args=[sent.pk])
        in client.get(sent.get_absolute_url()).content.decode()
    )

    answer = client.post(reverse("nomination_dossier_bind", args=[nomination.pk]), follow=True)
    assert "Đang đóng hồ sơ." in answer.content.decode()
    jobs.run(Job.objects.get().pk)

    dossier = Dossier.objects.get()
    shown = client.get(page).content.decode()
    assert dossier.file.sha256 in shown
    assert dossier.archive.sha256 in shown
    assert "Phụ lục 2 báo cáo của Nông Thị Ánh: Ảnh hội nghị" in shown
    detail = client.get(dossier.get_absolute_url()).content.decode()
    assert dossier.file.sha256 in detail
    archive = client.get(reverse("dossier_archive", args=[dossier.pk]))
    assert archive["Content-Type"] == "application/zip"
    assert archive.getvalue().startswith(b"PK")


@pytest.mark.parametrize("count", [1, 4])
def test_the_page_of_a_quarter_costs_the_same_however_long_it_is(
    client, clerk, campaign, letter_form, other_unit, other_head, count, settings,
    django_assert_num_queries,
):  # fmt: skip
    pairs = [(make_person(other_unit, f"Vi Văn {n}"), letter_form) for n in range(count)]
    for nomination in make.sent(other_unit, other_head, campaign, *pairs):
        make.accepted(nomination, clerk)
    dossier = Dossier.objects.create(
        award_form=letter_form, set_number=1, file=make.stored_file(), created_by=clerk
    )
    item = letter_form.required_items.first()
    DossierItem.objects.bulk_create(
        DossierItem(
            dossier=dossier, required_item=item, position=n, title="x", first_page=n, page_count=1
        )
        for n in range(1, 1 + count)
    )
    settings.NAVIGATION_COUNTERS = {}  # they have tests of their own
    client.force_login(clerk)
    address = reverse("quarter_dossier", args=[letter_form.pk])
    client.get(address)

    # session, user, roles; form, what it holds (5), meetings, sets, job, parts (2)
    with django_assert_num_queries(17):
        client.get(address)
