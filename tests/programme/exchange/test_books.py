"""The printed programme: every script in it can be read again, and it is made once."""

from importlib import import_module
from pathlib import Path

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from muntada.foundations.languages import LANGUAGE_CODES
from muntada.foundations.typesetting import NotSet, can_set, set_pages
from muntada.programme.actions import books
from muntada.programme.drawings.book import Cover, book, parts_of
from muntada.programme.models import Book
from muntada.programme.queries.exchange import programme_of, release_ref
from muntada.programme.rules.books import BookState

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
    ordered = list(Book.objects.filter(release=first))
    assert sorted(one.language for one in ordered) == sorted(forum.languages)
    waiting = client.get("/wsis20/programme/book/ar.pdf")
    assert waiting.status_code == 202
    assert "is being made" in waiting.content.decode()
    arabic = next(one for one in ordered if one.language == "ar")
    books.make_book(ordered=arabic, clock=lambda: first.published_at)
    answer = client.get("/wsis20/programme/book/ar.pdf")
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert content.startswith(b"%PDF-")
    assert (
        client.get("/wsis20/programme/book/ar.pdf", headers={"If-None-Match": answer["ETag"]}).status_code
        == 304
    )
    page = client.get("/wsis20/programme/downloads").content.decode()
    assert f"{Book.objects.get(pk=arabic.pk).pages} pages" in page
    assert default_storage.exists(f"programme/books/wsis20-1-ar-{arabic.pk}.pdf")
    again = Client().get("/wsis20/programme/book/ar.pdf")
    assert b"".join(again.streaming_content) == content


def test_the_page_tells_how_far_a_book_is_step_by_step(first, client, monkeypatch):
    ordered = {one.language: one for one in Book.objects.filter(release=first).order_by("pk")}
    pages = [client.get("/wsis20/programme/book/fr.pdf").content.decode()]
    assert "Of this release 0 of 6 languages are made." in pages[0]
    assert f"{list(ordered).index('fr')} books are made before it." in pages[0]

    def look(topic: str) -> None:
        pages.append(client.get("/wsis20/programme/book/fr.pdf?part=making").content.decode())

    monkeypatch.setattr(books, "announce", look)
    books.make_book(ordered=ordered["fr"], clock=lambda: first.published_at)
    current = [page.partition('aria-current="step">')[2].partition("<")[0] for page in pages]
    assert current == [
        "Waiting for its turn",
        "Reading the release",
        "Setting the pages",
        "Keeping the file",
        # The file is kept, and then it is said that it is.
        "Keeping the file",
        "",
    ]
    assert "It is made." in pages[-1]
    assert "Of this release 1 of 6 languages are made." in pages[-1]


def test_before_anything_is_made_the_pages_say_that_chinese_would_be_boxes(first, client, monkeypatch):
    told = "would be printed as empty boxes"
    addresses = ("/wsis20/programme/downloads", "/wsis20/programme/book/en.pdf")
    monkeypatch.setattr("muntada.programme.drawings.book._sets_chinese", lambda: True)
    assert not any(told in client.get(one).content.decode() for one in addresses)
    monkeypatch.setattr("muntada.programme.drawings.book._sets_chinese", lambda: False)
    assert all(told in client.get(one).content.decode() for one in addresses)


def test_letters_no_font_has_are_found_out():
    latin = font_folder("fontpkg_noto_sans")
    assert can_set("Яz", fonts=[latin], only_these_fonts=True)
    assert not can_set("网络", fonts=[latin], only_these_fonts=True)


def font_folder(package: str) -> str:
    return str(Path(import_module(package).__file__ or "").parent)


def test_a_book_whose_making_failed_is_made_when_somebody_asks_and_twice_is_once(first, forum, client):
    Book.objects.filter(language="en").update(state=BookState.FAILED)
    Book.objects.filter(language="fr").delete()
    for _ in range(2):
        for language in ("en", "fr"):
            assert client.get(f"/wsis20/programme/book/{language}.pdf").status_code == 202
    assert Book.objects.filter(language__in=["en", "fr"], state=BookState.WAITING).count() == 2


@pytest.mark.parametrize("language", ["de", "xx"])
def test_a_language_the_forum_does_not_have_is_not_there(client, first, language):
    assert client.get(f"/wsis20/programme/book/{language}.pdf").status_code == 404


def test_before_the_first_release_there_is_no_book(client, forum):
    assert client.get("/wsis20/programme/book/en.pdf").status_code == 404
