"""A refusal is shown in the form or above the next page; who has no right is never told so in a form."""

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import NON_FIELD_ERRORS

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.errors import NotAllowed, NotThere, Refused, SignInFirst
from muntada.foundations.pages import refusals_as_messages, refusals_shown_in


class Titled(CleanForm):
    title = forms.CharField()


@pytest.fixture
def form():
    form = Titled({"title": "Routes"})
    assert form.is_valid()
    return form


@pytest.fixture
def sent(rf):
    request = rf.post("/")
    request._messages = CookieStorage(request)
    return request


def test_a_refusal_is_shown_at_the_field_it_names(form):
    with refusals_shown_in(form):
        raise Refused("There is a session of this title.", "title-taken", "title")
    assert form.has_error("title", "title-taken")


@pytest.mark.parametrize("field", [None, "room"])
def test_a_refusal_that_names_no_field_of_the_form_is_shown_above_it(form, field):
    with refusals_shown_in(form):
        raise Refused("The room is closed.", "room-closed", field)
    assert form.has_error(NON_FIELD_ERRORS, "room-closed")


def test_what_follows_a_refusal_is_not_done(form):
    done = []
    with refusals_shown_in(form):
        done.append("before")
        if done:
            raise Refused("The call is closed.", "closed")
        done.append("after")
    assert done == ["before"]


@pytest.mark.parametrize("kind", [NotAllowed, NotThere, SignInFirst])
def test_who_has_no_right_is_not_told_so_in_the_form(form, kind):
    with pytest.raises(kind) as caught, refusals_shown_in(form):
        raise kind("This is not yours.", "not-yours", "title")
    assert caught.value.code == "not-yours"
    assert form.is_valid()


def test_a_defect_is_no_refusal(form, sent):
    with pytest.raises(ZeroDivisionError), refusals_shown_in(form):
        _ = 1 // 0
    with pytest.raises(ZeroDivisionError), refusals_as_messages(sent):
        _ = 1 // 0
    assert form.is_valid()
    assert not list(get_messages(sent))


@pytest.mark.parametrize("kind", [Refused, NotAllowed])
def test_a_refused_button_without_a_form_is_explained_above_the_next_page(sent, kind):
    with refusals_as_messages(sent):
        raise kind("The phase is over.", "over")
    assert [(one.level_tag, str(one)) for one in get_messages(sent)] == [("error", "The phase is over.")]
