"""A full disk is said as such to whoever sends a form, however far the form came in."""

import errno
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from foundations.test_whole_files import names_in, room_for
from muntada.foundations.serving import Unwritten
from muntada.foundations.uploads import UploadMiddleware

pytestmark = pytest.mark.django_db

PAGE = "/wsis20/programme/files"
# Larger than what is held in memory.
LARGE = b"x" * 4_000_000


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def test_a_file_there_is_no_room_for_is_refused_as_such_and_leaves_nothing(browser, forum, folder):
    with room_for(1_000_000):
        answer = browser.post(PAGE, {"file": SimpleUploadedFile("large.csv", LARGE)})
    assert answer.status_code == 422
    assert answer.context["refusal"].code == "disk-full"
    assert names_in(folder) == []


def test_what_was_typed_beside_the_file_is_given_back_to_be_sent_again(browser, forum):
    file = SimpleUploadedFile("large.csv", LARGE)
    typed = {"title": "Radio pour tous", "file": file, "answer": "Ce qui suit\nle fichier", "step": "save"}
    with room_for(1_000_000):
        answer = browser.post(PAGE, typed, headers={"Origin": "http://testserver"})
    assert answer.status_code == 422
    given = {field.name: field.value.replace("\r\n", "\n") for field in answer.context["fields"]}
    assert given == {name: value for name, value in typed.items() if name != "file"}
    assert answer.context["had_files"]
    assert 'id="typed-1" name="title"' in answer.text


def test_a_file_there_is_room_for_comes_in(browser, forum):
    with room_for(5_000_000):
        answer = browser.post(PAGE, {"file": SimpleUploadedFile("large.csv", LARGE)})
    # It was read, and the check against forgery came next.
    assert answer.status_code == 403


def test_a_form_that_could_not_be_written_down_while_it_came_is_refused_as_such(rf: RequestFactory, forum):
    request = rf.post(PAGE, {"text": "words"})
    request._stream = Unwritten(OSError(errno.ENOSPC, "No space left on device"))
    answer = UploadMiddleware(lambda _: None).process_view(request, None, (), {})
    assert answer is not None
    assert answer.status_code == 422
    assert not request.POST


def test_whoever_leaves_in_the_middle_is_told_nothing(rf: RequestFactory):
    request = rf.post(PAGE, {"text": "words"})
    request._stream = Unwritten(ConnectionResetError(errno.ECONNRESET, "gone"))
    assert UploadMiddleware(lambda _: None).process_view(request, None, (), {}) is None


def test_what_is_only_asked_for_is_not_read(rf: RequestFactory):
    request = rf.get(PAGE)
    request._stream = BytesIO(b"")
    assert UploadMiddleware(lambda _: None).process_view(request, None, (), {}) is None
    assert not request._read_started
