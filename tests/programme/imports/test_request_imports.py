"""Session requests from files: all of them, or none and a sentence with file and line."""

import csv
import io

import pytest

from muntada.foundations.errors import NotAllowed
from muntada.foundations.sheets import as_xlsx
from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.programme.imports.actions.request_imports import import_requests
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.sessions.models import Session
from muntada.record.models import LogEntry, Symbol
from muntada.record.rules import SYSTEM

HEADER = "id,title,organiser,minutes,people,needs,lines,goals,kind,language,email,description\n"
GOOD = (
    HEADER
    + "a1,Villages,Village Net,60,Amina Diallo;Omar,hybrid;captions,C2,9,workshop,fr,,Ce que nous savons\n"
    + "a2,قرى,Village Net,90,Omar,,c1,,Round table,ar,,نص\n"
)


@pytest.fixture
def take(forum, now, tmp_path):
    def take(content, *, accept=False, actor=SYSTEM, name="requests.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_requests(path=path, forum=forum, actor=actor, now=now, accept=accept)

    return take


def counts():
    return [
        kind.objects.count()
        for kind in (SessionRequest, RequestSpeaker, Session, Symbol, Organisation, LogEntry)
    ]


def test_a_file_becomes_session_requests(take):
    first, second = take(GOOD)
    assert [(one.symbol.short, one.state, one.language, one.minutes) for one in (first, second)] == [
        ("P/1", "submitted", "fr", 60),
        ("P/2", "submitted", "ar", 90),
    ]
    assert (second.kind, second.title, second.source) == ("round-table", "قرى", "requests.csv")
    assert [line.code for line in second.lines.all()] == ["C1"]
    assert first.needs == ["captions", "hybrid"]
    assert [one.name for one in first.speakers.all()] == ["Amina Diallo", "Omar"]
    assert first.organisation == second.organisation == Organisation.objects.get(name="Village Net")
    assert first.author is None


def test_a_file_can_be_accepted_at_once(take):
    assert len(take(GOOD, accept=True)) == 2
    assert set(SessionRequest.objects.values_list("state", flat=True)) == {"accepted"}
    assert Session.objects.count() == 2


def test_who_has_an_account_is_the_author_of_their_row(take, make_person):
    person = make_person()
    (request,) = take("title,organiser,minutes,email\nA,B,60," + person.email.upper() + "\n")
    assert request.author == person


def test_only_three_columns_are_needed(take):
    first, second = take("title,organiser,minutes\nA,X,60\nB,Y,45\n")
    assert (first.kind, first.language, second.minutes) == ("workshop", "en", 45)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_is_read_in_another_encoding_and_with_another_separator(take, encoding, separator):
    rows = csv.reader(io.StringIO(GOOD))
    written = io.StringIO()
    csv.writer(written, delimiter=separator).writerows(rows)
    assert [one.title for one in take(written.getvalue().encode(encoding))] == [
        row["title"] for row in csv.DictReader(io.StringIO(GOOD))
    ]


def test_a_workbook_is_read_from_its_path(take):
    (request,) = take(as_xlsx([{"title": "A", "organiser": "X", "minutes": 60}]), name="requests.xlsx")
    assert request.title == "A"


FAULTS = {
    "no rows": (HEADER, "requests.csv", "no row"),
    "empty": ("", "requests.csv", "empty"),
    "missing column": ("title,minutes\nA,60\n", "line 1", "organiser"),
    "doubled column": ("title,title,organiser,minutes\nA,B,C,60\n", "line 1", "title"),
    "short row": (GOOD + "a3,Too short\n", "line 4", "2 cells"),
    "doubled id": (GOOD + GOOD.splitlines()[1] + "\n", "line 4", "a1"),
    "no title": (GOOD.replace("Villages", " "), "line 2", "title"),
    "no number": (GOOD.replace("90", "ninety"), "line 3", "ninety"),
    "too long": (GOOD.replace("90", "900"), "line 3", "900"),
    "unknown service": (GOOD.replace("captions", "fireworks"), "line 2", "fireworks"),
    "unknown line": (GOOD.replace(",c1,", ",C99,"), "line 3", "c99"),
    "unknown goal": (GOOD.replace(",9,", ",99,"), "line 2", "99"),
    "unknown kind": (GOOD.replace("Round table", "Circus"), "line 3", "circus"),
    "unknown language": (GOOD.replace(",fr,", ",tlh,"), "line 2", "tlh"),
    "no address": (GOOD.replace(",ar,,", ",ar,nobody,"), "line 3", "nobody"),
    "broken UTF-8": (GOOD.encode().replace(b"Ce que", b"\xff\xfe"), "line 2", "UTF-8"),
    "zero byte": (GOOD.replace("Ce que", "\0"), "line 2", "zero byte"),
    "long name": (GOOD.replace("Amina Diallo", "A" * 121), "line 2", "120"),
    "open quote": (GOOD + 'a3,"Open,B,60,,,,,,,,\n', "line 4", "quotation mark"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_file_is_refused_with_file_and_line_and_changes_nothing(take, refuses, fault):
    content, where, what = FAULTS[fault]
    before = counts()
    with refuses("file") as refused:
        take(content)
    sentence = str(refused.value)
    assert sentence.startswith("requests.csv")
    assert where in sentence
    assert what in sentence
    assert counts() == before


def test_a_missing_a_too_large_file_and_a_folder_are_refused(forum, now, tmp_path, refuses):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    before = counts()
    for path, word in ((tmp_path / "none.csv", "no such file"), (large, "200"), (tmp_path, "folder")):
        with refuses("file") as refused:
            import_requests(path=path, forum=forum, actor=SYSTEM, now=now)
        assert word in str(refused.value)
    assert counts() == before


def test_the_same_file_twice_is_refused_and_names_what_stands_there(take, refuses):
    take(GOOD)
    before = counts()
    with refuses("file") as refused:
        take(GOOD)
    assert "line 2" in str(refused.value)
    assert "P/1" in str(refused.value)
    assert counts() == before


def test_rows_without_ids_are_known_by_what_they_say(take, refuses):
    take("title,organiser,minutes\nA,X,60\n")
    take("title,organiser,minutes\nB,X,60\n", name="more.csv")
    with refuses("file"):
        take("title,organiser,minutes\nC,X,60\nA,X,60\n")
    with refuses("file"):
        take("title,organiser,minutes\nA,X,60\n", name="again.csv")
    assert SessionRequest.objects.count() == 2


def test_a_row_that_cannot_be_kept_takes_the_others_with_it(take, refuses):
    """The last row cites what is not there: found only while writing, after the first was written."""
    before = counts()
    with refuses("file") as refused:
        take(GOOD.replace("نص", "[C/99]"))
    assert "line 3" in str(refused.value)
    assert "C/99" in str(refused.value)
    assert counts() == before


def test_two_rows_that_say_the_same_are_refused(take, refuses):
    with refuses("file") as refused:
        take("title,organiser,minutes\nA,X,60\nA,X,60\n")
    assert "line 3" in str(refused.value)
    assert "line 2" in str(refused.value)


def test_only_the_secretariat_imports(take, request_as):
    with pytest.raises(NotAllowed):
        take(GOOD, actor=request_as(Role.MODERATOR).actor(Role.SECRETARIAT))
