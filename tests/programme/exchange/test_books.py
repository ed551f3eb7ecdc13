"""The printed programme: every script in it can be read again, and it is made once."""

from importlib import import_module
from pathlib import Path

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from tests.page_text import tight

from muntada.foundations.jobs import actions as jobs
from muntada.foundations.jobs import running
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.jobs.running import Run, carry_out
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.foundations.typesetting import NotSet, can_set, set_pages
from muntada.programme.exports import tasks as exports
from muntada.programme.exports.exports.book import Cover, book, parts_of
from muntada.programme.exports.queries import active_books
from muntada.programme.releases import task_types as releases
from muntada.programme.releases.models import Book
from muntada.programme.releases.queries import programme_of, release_ref

from .conftest import ARABIC, AWKWARD

CHINESE = "网络由居民自己建造"


@pytest.fixture(autouse=True)
def own_store(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


@pytest.fixture
def programme(first, forum):
    return programme_of(forum, release_ref(forum))


def work_off(job):
    carry_out(job_id=job.pk, work=exports.make_book, clock=timezone.now)


def interrupted(_run, **_):
    raise KeyboardInterrupt


def words_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_the_book_holds_every_text_in_its_own_script(programme, language):
    found = words_of(book(programme, Cover({"en": "Notes <of> #the release"}), language=language))
    assert CHINESE in found.replace("\n", "").replace("\r", "")
    # How a reader of PDF orders two directions in a line is its own affair: the words have to be there.
    told = f"{ARABIC} Сети, которые строят сами жители Cables bandwidth half, whole release"
    assert [word for word in told.split() if word.strip("(),:;") not in found] == []
    if language != "ar":
        assert AWKWARD in found.replace("\r\n", " ")
        assert "李 <明>" in found
        assert "Notes <of> #the release" in found


def test_arabic_letters_are_in_the_pdf_as_letters_and_not_as_shapes(programme):
    found = words_of(book(programme, Cover({}), language="ar"))
    assert not any("\ufe70" <= letter <= "\ufeff" for letter in found)
    for word in ("الحقوق", "الرقمية", "مجتمع"):
        assert word in found, word


def test_the_same_release_gives_the_same_book(programme):
    once, again = (book(programme, Cover({}), language="en") for _ in range(2))
    assert once == again


def test_who_takes_part_is_found_by_the_page(programme):
    found = words_of(book(programme, Cover({}), language="en")).replace("\r\n", "\n")
    index = found.rpartition("People\n")[2]
    assert "Amina O'Neil, Dr." in index
    assert any(line.strip().isdigit() or line.rstrip()[-1:].isdigit() for line in index.splitlines())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One\ntwo\n\nthree", [("text", "One two"), ("text", "three")]),
        ("# Head\n\n- a\n- *b*", [("head", "Head"), ("item", "a"), ("item", "b")]),
        ("#set page(width: 1cm) $x$ @ref <l>", [("text", "#set page(width: 1cm) $x$ @ref <l>")]),
        ("", []),
    ],
)
def test_texts_are_taken_apart_and_never_taken_for_markup(text, parts):
    assert list(parts_of(text)) == parts


def test_what_cannot_be_set_is_said_by_the_setter(tmp_path):
    template = tmp_path / "broken.typ"
    template.write_text("#let")
    with pytest.raises(NotSet):
        set_pages(template, {}, fonts=[], only_these_fonts=True, made_at=0)


def test_a_release_orders_its_books_and_the_page_gives_them(first, forum, client):
    ordered = active_books(first)
    assert sorted(ordered) == sorted(forum.languages)
    waiting = client.get("/wsis20/programme/book/ar.pdf")
    assert waiting.status_code == 202
    assert "is being made" in waiting.content.decode()
    work_off(ordered["ar"])
    answer = client.get("/wsis20/programme/book/ar.pdf")
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert content.startswith(b"%PDF-")
    assert (
        client.get("/wsis20/programme/book/ar.pdf", headers={"If-None-Match": answer["ETag"]}).status_code
        == 304
    )
    page = client.get("/wsis20/programme/downloads").content.decode()
    arabic = Book.objects.get(release=first, language="ar")
    assert f"{arabic.pages} pages" in page
    assert arabic.file.name == f"programme/books/wsis20-1-ar-{ordered['ar'].pk}-1.pdf"
    assert default_storage.exists(arabic.file.name)
    assert (arabic.job.state, arabic.job.result_at) == (JobState.DONE, "/wsis20/programme/book/ar.pdf")
    again = Client().get("/wsis20/programme/book/ar.pdf")
    assert b"".join(again.streaming_content) == content


def test_the_page_tells_how_far_a_book_is_step_by_step(first, client, monkeypatch):
    ordered = dict(sorted(active_books(first).items(), key=lambda one: one[1].pk))
    pages = [tight(client.get("/wsis20/programme/book/fr.pdf").content.decode())]
    assert "Of this release 0 of 6 languages are made." in pages[0]
    assert f"{list(ordered).index('fr')} books are made before it." in pages[0]

    def look(topic: str) -> None:
        pages.append(tight(client.get("/wsis20/programme/book/fr.pdf?part=making").content.decode()))

    monkeypatch.setattr(running, "announce", look)
    monkeypatch.setattr(jobs, "announce", look)
    work_off(ordered["fr"])
    look("as after the commit")
    current = [page.partition('aria-current="step">')[2].partition("<")[0] for page in pages]
    assert current == [
        "Waiting for its turn",
        # It is begun, and then it is said with what.
        "Reading the release",
        "Reading the release",
        "Setting the pages",
        "Keeping the file",
        "",
        "",
    ]
    assert "It is made." in pages[-1]
    assert "Of this release 1 of 6 languages are made." in pages[-1]


def test_before_anything_is_made_the_pages_say_that_chinese_would_be_boxes(first, client, monkeypatch):
    told = "would be printed as empty boxes"
    addresses = ("/wsis20/programme/downloads", "/wsis20/programme/book/en.pdf")
    monkeypatch.setattr("muntada.programme.exports.exports.book._sets_chinese", lambda: True)
    assert not any(told in client.get(one).content.decode() for one in addresses)
    monkeypatch.setattr("muntada.programme.exports.exports.book._sets_chinese", lambda: False)
    assert all(told in client.get(one).content.decode() for one in addresses)


def test_letters_no_font_has_are_found_out():
    latin = font_folder("fontpkg_noto_sans")
    assert can_set("Яz", fonts=[latin], only_these_fonts=True)
    assert not can_set("网络", fonts=[latin], only_these_fonts=True)


def font_folder(package: str) -> str:
    return str(Path(import_module(package).__file__ or "").parent)


def test_a_book_whose_making_failed_is_made_when_somebody_asks_and_twice_is_once(first, client):
    ordered = active_books(first)
    Job.objects.filter(pk=ordered["en"].pk).update(state=JobState.FAILED, ended_at=first.published_at)
    ordered["fr"].delete()
    addresses = [f"/wsis20/programme/book/{language}.pdf" for language in ("en", "fr")]
    assert all('id="make-book"' in client.get(address).content.decode() for address in addresses)
    assert active_books(first).keys() == ordered.keys() - {"en", "fr"}
    for address in [*addresses, *addresses]:
        assert client.post(address).status_code == 302
        assert 'id="make-book"' not in client.get(address).content.decode()
    again = active_books(first)
    assert again["en"].pk == ordered["en"].pk
    assert again.keys() == ordered.keys()
    assert Job.objects.filter(kind=releases.make_book.name).count() == len(ordered)


def test_a_book_begun_again_after_its_worker_died_is_kept_once(first, monkeypatch):
    job = active_books(first)["en"]
    monkeypatch.setattr(Run, "end", interrupted)
    with pytest.raises(KeyboardInterrupt):
        work_off(job)
    monkeypatch.undo()
    work_off(job)
    assert Book.objects.get(release=first).job.beginnings == 2
    assert default_storage.listdir("programme/books")[1] == [f"wsis20-1-en-{job.pk}-2.pdf"]


def test_a_book_that_is_there_is_not_made_again(first, client):
    job = active_books(first)["en"]
    work_off(job)
    made = Book.objects.get(release=first, language="en")
    Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED, ended_at=None)
    work_off(job)
    assert Book.objects.get(release=first, language="en").pk == made.pk
    job.refresh_from_db()
    assert (job.state, job.result_at) == (JobState.DONE, "/wsis20/programme/book/en.pdf")


@pytest.mark.parametrize("language", ["de", "xx"])
def test_a_language_the_forum_does_not_have_is_not_there(client, first, language):
    assert client.get(f"/wsis20/programme/book/{language}.pdf").status_code == 404


def test_before_the_first_release_there_is_no_book(client, forum):
    assert client.get("/wsis20/programme/book/en.pdf").status_code == 404
