"""What somebody reads whose act was refused."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage

from thidua.core.answers import Late, LateAnswers, refusals
from thidua.core.workflow import Conflict, Refused


@pytest.fixture
def request_(rf):
    request = rf.post("/")
    request._messages = CookieStorage(request)
    return request


@pytest.fixture
def form():
    form = forms.Form({})
    form.fields["day"] = forms.CharField()
    form.is_valid()
    return form


def read(request):
    return [(message.level_tag, str(message)) for message in get_messages(request)]


@pytest.mark.parametrize("kind", [Refused, Conflict])
@pytest.mark.parametrize(("field", "place"), [(None, "__all__"), ("day", "day")])
def test_a_refusal_stands_in_the_form(request_, form, kind, field, place):
    with refusals(request_, form, field=field):
        raise kind("Ngày đã qua.")

    assert form.errors[place][-1] == "Ngày đã qua."
    assert read(request_) == []


def test_without_a_form_it_is_a_message(request_):
    with refusals(request_):
        raise Refused("Chưa được.")

    assert read(request_) == [("error", "Chưa được.")]


def test_whoever_was_late_reads_it_elsewhere(request_, form):
    with pytest.raises(Late) as raised, refusals(request_, form, late="/letters/1/"):
        raise Conflict("Đã cấp số.")

    answer = LateAnswers(lambda request: None).process_exception(request_, raised.value)
    assert answer.url == "/letters/1/"
    assert read(request_) == [("error", "Đã cấp số.")]
    assert not form.non_field_errors()


def test_with_such_a_page_a_plain_refusal_stays_in_the_form(request_, form):
    with refusals(request_, form, late="/letters/1/"):
        raise Refused("Ngày đã qua.")

    assert form.non_field_errors() == ["Ngày đã qua."]


def test_any_other_exception_goes_its_way(request_, form):
    with pytest.raises(KeyError), refusals(request_, form, late="/"):
        raise KeyError
    assert LateAnswers(lambda request: None).process_exception(request_, KeyError()) is None
