import pytest

from muntada.forums.models import Forum
from muntada.record import actions as record
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM, SymbolKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def symbol(forum, now):
    return record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.CONTRIBUTION, title="Écoles connectées", language="fr", now=now
    )


@pytest.mark.parametrize(
    "address", ["/wsis20", "/wsis20/framework", "/wsis20/search", "/wsis20/log", "/", "/about"]
)
@pytest.mark.parametrize("language", ["ar", "zh-hans", "en", "fr", "ru", "es"])
def test_a_page_stands_in_each_language_and_its_direction(client, forum, address, language):
    answer = client.get(address, {"lang": language})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page
    assert client.cookies["django_language"].value == language


@pytest.mark.parametrize(
    ("source", "is_link"),
    [("https://example.org/a", True), ("Told by the hosts", False), ("javascript:alert(1)", False)],
)
def test_a_source_that_is_no_address_is_not_followed(client, forum, source, is_link):
    Forum.objects.filter(pk=forum.pk).update(source=source)
    page = client.get("/wsis20").content.decode()
    assert source in page
    assert (f'href="{source}"' in page) == is_link


def test_a_language_that_is_not_offered_changes_nothing(client, forum):
    answer = client.get("/wsis20", {"lang": "xx"})
    assert answer.status_code == 200
    assert "django_language" not in client.cookies


@pytest.mark.parametrize("words", ["ecoles", "connect", "ÉCOLES connectées", "écolles"])
def test_search_forgives_accents_case_and_a_slip(client, forum, symbol, words):
    assert "Écoles connectées" in client.get("/wsis20/search", {"q": words}).content.decode()


def test_search_does_not_find_what_is_not_there_or_not_published(client, forum, symbol, now):
    assert "Écoles" not in client.get("/wsis20/search", {"q": "satellites"}).content.decode()
    record.retitle(symbol, title=symbol.title, language="fr", is_public=False)
    assert "Écoles connectées" not in client.get("/wsis20/search", {"q": "ecoles"}).content.decode()


@pytest.mark.parametrize("words", ["C/1", "c/1", "WSIS20/C/1"])
def test_a_symbol_typed_into_the_search_leads_to_its_page(client, forum, symbol, words):
    assert client.get("/wsis20/search", {"q": words}).headers["Location"] == "/wsis20/c/1"


@pytest.mark.parametrize(
    "address", ["/nowhere", "/wsis20/c/77/trace", "/wsis20/x/1/trace", "/wsis20/receipt/0"]
)
def test_what_is_not_there_is_answered_with_a_page(client, forum, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()


def test_the_log_says_whether_it_is_whole(client, forum):
    assert "the chain is whole" in client.get("/wsis20/log?check=1").content.decode()
    last = LogEntry.objects.filter(forum=forum).order_by("-sequence").first()
    LogEntry.objects.create(
        forum=forum,
        sequence=last.sequence + 1,
        at=last.at,
        role="system",
        verb="forged",
        change_digest="0" * 64,
        digest_before=last.digest,
        digest="f" * 64,
    )
    assert f"broken at entry {last.sequence + 1}" in client.get("/wsis20/log?check=1").content.decode()


def test_a_receipt_is_compared_with_a_pasted_text(client, forum, symbol, now):
    entry = record.write(forum_id=forum.pk, actor=SYSTEM, verb="say", change={}, now=now, symbol=symbol)
    code = record.give_receipt(entry=entry, content="one\ntwo", now=now).code
    same = client.post(f"/wsis20/receipt/{code}", {"text": "one\r\ntwo"}).content.decode()
    other = client.post(f"/wsis20/receipt/{code}", {"text": "one two"}).content.decode()
    assert "this is the text that was received" in same
    assert "this is not the text" in other
    assert client.get(f"/wsis20/receipt/{code}").status_code == 200


def test_pages_of_a_forum_do_not_show_another(client, forum, other_forum, symbol):
    assert client.get("/nigf/c/1/trace").status_code == 404


def test_headers_close_the_door_to_foreign_scripts(client, forum):
    policy = client.get("/wsis20").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy


@pytest.mark.parametrize("address", ["/wsis20/search?q=%00", "/wsis20/review?line=%00", "/api/trace/%00/C/1"])
def test_a_nul_in_an_address_is_refused_calmly(client, forum, address):
    assert client.get(address).status_code == 400


def test_a_kind_without_words_lists_everything_of_that_kind(client, forum, symbol):
    assert "Écoles connectées" in client.get("/wsis20/search", {"kind": "C"}).content.decode()
    assert "Écoles connectées" not in client.get("/wsis20/search", {"kind": "F"}).content.decode()
