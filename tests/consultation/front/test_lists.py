"""The published list of a call: choices, words, feeds and downloads."""

import csv
import io
import json
import zipfile
from xml.etree import ElementTree as ET

import pytest
from tests.page_text import in_one_line

from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.queries import contributions as queries
from muntada.consultation.contributions.rules.contributions import ShownAs
from muntada.consultation.replies.actions import replies
from muntada.consultation.replies.rules import UNDONE, Disposition, ReplyText
from muntada.foundations.sheets import as_csv, as_xlsx
from muntada.people.models import Affiliation, Organisation, Person
from muntada.people.rules import Role

pytestmark = pytest.mark.django_db
LIST = "/wsis20/consultation/open-call/contributions"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def ministry():
    return Organisation.objects.create(name="Ministry Example", kind="government", country="FR")


@pytest.fixture
def of_ministry(make_person, ministry, now):
    """`of_ministry("Official Example")`: somebody who writes in its name."""

    def make(name):
        person = make_person(name=name)
        Affiliation.objects.create(person=person, organisation=ministry, claimed_at=now)
        return person

    return make


@pytest.fixture
def said(contribute, make_person, ministry, of_ministry):
    """Three voices: an Arabic one, a French one of a ministry, and one without a name."""
    official = of_ministry("Official Example")
    return [
        contribute(title="شبكات القرى", text="حقوق المستخدمين وبياناتهم في القرى البعيدة.", language="ar"),
        contribute(
            official,
            title="Écoles rurales",
            text="Les écoles attendent encore.",
            language="fr",
            organisation_id=ministry.pk,
        ),
        contribute(
            make_person(name="Quiet Example"),
            title="Prices",
            text="=2+2 is what a month costs.",
            shown_as=ShownAs.NOBODY,
        ),
    ]


def titles(client, **asked):
    page = client.get(LIST, asked).text
    return [title for title in ("شبكات القرى", "Écoles rurales", "Prices") if title in page]


def test_a_choice_leaves_what_fits_it(client, said):
    for asked, left in [
        ({}, ["شبكات القرى", "Écoles rurales", "Prices"]),
        ({"q": "الحقوق"}, ["شبكات القرى"]),
        ({"q": "ecole"}, ["Écoles rurales"]),
        ({"q": "price month"}, ["Prices"]),
        ({"q": "satellites"}, []),
        ({"q": "!!!"}, []),
        ({"language": "fr"}, ["Écoles rurales"]),
        ({"kind": "government"}, ["Écoles rurales"]),
        ({"country": "FR"}, ["Écoles rurales"]),
        ({"standing": "waiting"}, ["شبكات القرى", "Écoles rurales", "Prices"]),
        ({"standing": "accepted"}, []),
        ({"order": "nonsense"}, ["شبكات القرى", "Écoles rurales", "Prices"]),
        ({"line": "C99"}, []),
    ]:
        assert titles(client, **asked) == left


def test_the_language_of_what_is_not_public_is_not_told(call, contribute, client):
    contribute(title="Public", language="fr")
    contribute(title="Kept", language="ru", consent_to_publish=False)
    assert queries.languages_in(call) == [("fr", 1)]
    assert "language=ru" not in client.get(call.get_absolute_url()).text


@pytest.mark.parametrize("text", ["C/1, C/2", "[C/1] [C/2]", "C/1، C/2", "C/1、C/2", "C/1，C/2；"])
def test_symbols_are_named_with_the_commas_of_any_language(forum, said, text):
    assert queries.contributions_named(forum, text) == said[:2]


def test_what_was_found_is_marked(client, said):
    assert "<mark>écoles</mark>" in client.get(LIST, {"q": "école"}).text


def test_what_was_answered_is_found_by_its_reply(client, said, now, moderator):
    from_moderator = ReplyText(Disposition.DECLINED, "It is for another forum.", "en")
    replies.reply_to(contribution=said[1], answer=from_moderator, actor=moderator, now=now)
    assert titles(client, standing="declined") == ["Écoles rurales"]
    assert "Écoles rurales" not in titles(client, standing="waiting")


def test_what_was_answered_again_is_found_by_its_last_reply(client, said, now, moderator):
    for disposition in (Disposition.DECLINED, Disposition.ACCEPTED):
        answer = ReplyText(disposition, f"It is {disposition}.", "en")
        replies.reply_to(contribution=said[1], answer=answer, actor=moderator, now=now)
    assert titles(client, standing="accepted") == ["Écoles rurales"]
    assert titles(client, standing="declined") == []
    said[1].replies.create(disposition=UNDONE, reason="x", language="en", role=Role.MODERATOR, replied_at=now)
    assert titles(client, standing="accepted") == []
    assert "Écoles rurales" in titles(client, standing="waiting")
    page = in_one_line(client.get(LIST).text)
    assert "Not answered yet (3)" in page
    assert "Accepted (" not in page


def test_who_wants_no_name_is_not_found_by_kind_or_country(client, contribute, ministry, of_ministry):
    quiet = of_ministry("Quiet Example")
    contribute(quiet, title="Quietly", organisation_id=ministry.pk, shown_as=ShownAs.NOBODY)
    for asked in ({"kind": "government"}, {"country": "FR"}):
        assert "Quietly" not in client.get(LIST, asked).text
    page = client.get(LIST).text
    assert "Quietly" in page
    assert "Ministry Example" not in page


def test_what_a_person_said_of_themselves_is_counted_and_never_given_out_with_their_name(
    client, contribute, make_person
):
    facts = {"kind": "press", "country": "KE", "is_headquarters": True}
    contribute(make_person(name="Amina Example"), title="For myself", **facts)
    for asked in ({"kind": "press"}, {"country": "KE"}):
        assert "For myself" not in client.get(LIST, asked).text
    page = client.get(LIST).text
    assert "For myself" in page
    assert 'value="press"' not in page
    assert 'value="KE"' not in page
    (row,) = downloaded(client)
    assert (row["author"], row["organisation"]) == ("Amina Example", "")
    assert (row["organisation_kind"], row["country"], row["is_headquarters"]) == ("", "", "no")
    (held,) = json.loads(body(client.get(LIST + "/download.json")))["contributions"]
    assert (held["organisation_kind"], held["country"], held["is_headquarters"]) == ("", "", False)


def test_what_is_not_published_is_in_no_choice_feed_or_download(client, contribute, make_person):
    contribute(make_person(name="Quiet Example"), title="A secret", consent_to_publish=False)
    for address in (
        "?q=secret",
        "?language=en",
        "/feed.atom",
        "/feed.json",
        "/download.csv",
        "/download.json",
    ):
        assert b"A secret" not in body(client.get(LIST + address))


def test_what_was_withdrawn_leaves_feeds_and_downloads(client, said, request_as):
    contributions.withdraw_contribution(forum_request=request_as(person=said[0].author), contribution=said[0])
    assert "شبكات القرى" not in client.get(LIST + "/feed.atom").text
    assert [row["symbol"] for row in downloaded(client)] == ["WSIS20/C/2", "WSIS20/C/3"]


def body(answer) -> bytes:
    """Return what an answer holds, whether it was streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def downloaded(client, asked=""):
    text = body(client.get(LIST + "/download.csv" + asked)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_table_holds_each_public_contribution_as_its_author_is_shown(client, said):
    rows = downloaded(client)
    assert [row["symbol"] for row in rows] == ["WSIS20/C/1", "WSIS20/C/2", "WSIS20/C/3"]
    assert rows[1]["organisation"] == "Ministry Example"
    assert rows[1]["organisation_kind"] == "government"
    assert (rows[2]["author"], rows[2]["organisation_kind"], rows[2]["country"]) == ("", "", "")


def test_a_text_that_looks_like_a_formula_stays_a_text(client, said):
    assert downloaded(client)[2]["text"] == "'=2+2 is what a month costs."


def test_a_download_follows_the_choice(client, said):
    assert [row["language"] for row in downloaded(client, "?q=ecole")] == ["fr"]


def test_a_workbook_opens_and_holds_the_texts(client, said):
    answer = client.get(LIST + "/download.xlsx")
    assert answer.headers["Content-Disposition"].endswith('contributions.xlsx"')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        assert "Écoles rurales" in book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()


def test_json_holds_the_same_rows(client, said):
    held = json.loads(body(client.get(LIST + "/download.json")))
    assert [row["text"] for row in held["contributions"]][2] == "=2+2 is what a month costs."


def test_an_empty_table_is_a_table(client, call):
    assert as_csv(["symbol"], []) == "\ufeffsymbol\r\n".encode()
    assert as_xlsx([]).startswith(b"PK")
    assert body(client.get(LIST + "/download.csv")).decode().startswith("\ufeffsymbol,url,title")
    assert json.loads(body(client.get(LIST + "/download.json")))["contributions"] == []


def test_a_download_leaves_part_by_part(client, said):
    for form in ("csv", "json"):
        answer = client.get(f"{LIST}/download.{form}")
        assert len(list(answer.streaming_content)) > len(said)


def test_a_table_opens_whatever_a_cell_holds():
    odd = [{"title": "".join(map(chr, (*range(32), 0xD800, 0xFFFE, 0xFFFF, 0x1FFFF, 0x10FFFF))) + "words"}]
    with zipfile.ZipFile(io.BytesIO(as_xlsx(odd))) as book:
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314  (our own)
    assert "words" in "".join(sheet.itertext())
    assert as_csv(["title"], odd).decode().endswith('words"\r\n')


@pytest.mark.parametrize("address", ["/feed.rss", "/download.exe"])
def test_another_form_is_not_there(client, said, address):
    answer = client.get(LIST + address)
    assert answer.status_code == 404
    assert "Please take" in answer.text


def test_atom_gives_the_newest_first_with_its_author(client, said):
    feed = ET.fromstring(client.get(LIST + "/feed.atom").content)  # noqa: S314  (our own)
    entries = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert entries == ["C/3 Prices", "C/2 Écoles rurales", "C/1 شبكات القرى"]
    names = [entry.findtext(f"{ATOM}author/{ATOM}name") for entry in feed.iter(f"{ATOM}entry")]
    tag = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [entry.get(tag) for entry in feed.iter(f"{ATOM}entry")] == ["en", "fr", "ar"]
    assert names[0] is None
    assert names[1] == "Official Example, Ministry Example"


def test_a_feed_stays_well_formed_whatever_a_name_or_a_title_holds(client, contribute, make_person):
    odd = make_person(name="Amina")
    contribute(odd, title="A title\ufffe of \ufdd0two\x01", text="Words \U0001ffff here.")
    Person.objects.filter(pk=odd.pk).update(name="Ami\x01na \u202eExample")
    (entry,) = ET.fromstring(client.get(LIST + "/feed.atom").content).iter(f"{ATOM}entry")  # noqa: S314
    assert entry.findtext(f"{ATOM}title") == "C/1 A title of two"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Amina Example"


def test_json_feed_names_language_and_address(client, said):
    feed = json.loads(client.get(LIST + "/feed.json").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["items"][1]["language"] == "fr"
    assert feed["items"][1]["url"] == "http://testserver/wsis20/c/2"


def test_the_list_takes_the_same_queries_however_long_it_is(
    client, contribute, make_person, django_assert_max_num_queries, django_assert_num_queries
):
    contribute(title="One thing")
    with django_assert_max_num_queries(30) as one:
        client.get(LIST, {"q": "thing"})
    for number in range(3):
        contribute(make_person(name=f"Person Example {number}"), title=f"A thing {number}")
    with django_assert_num_queries(len(one)):
        client.get(LIST, {"q": "thing"})
