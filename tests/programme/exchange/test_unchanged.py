"""Who has an export already is told so before it is drawn; feeds of changes; who may read what."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from muntada.programme.changes.actions import change_session, facts_of
from muntada.programme.releases import queries as read
from muntada.programme.releases.actions import publish_release
from muntada.programme.timetable.actions import drafts
from muntada.record.rules import SYSTEM

from .conftest import faults_of

FILES = [
    "schedule.xml",
    "schedule.json",
    "programme.ics",
    "programme.jsonld",
    "programme.csv",
    "programme.xlsx",
    "programme/changes.atom",
    "programme/changes.json",
    "programme/releases/1/schedule.xml",
    "s/1.ics",
    "s/1.jsonld",
]


@pytest.fixture
def undrawable(monkeypatch):
    """Nothing may be read to be drawn."""

    def fail(*_arguments, **_options):
        raise AssertionError("this was to be answered without drawing")

    monkeypatch.setattr(read, "programme_of", fail)
    monkeypatch.setattr(read, "last_releases", fail)


def test_the_same_release_gives_the_same_bytes(fetch, first):
    for file in FILES:
        once, again = fetch(file), fetch(file)
        assert once.content == again.content, file
        assert once["ETag"] == again["ETag"], file


def test_who_has_it_already_gets_304_and_nothing_is_drawn(fetch, client, first, request):
    answers = {file: fetch(file) for file in FILES}
    request.getfixturevalue("undrawable")
    for file, answer in answers.items():
        for header, value in (
            ("If-None-Match", answer["ETag"]),
            ("If-Modified-Since", answer["Last-Modified"]),
        ):
            with CaptureQueriesContext(connection) as asked:
                known = client.get(f"/wsis20/{file}", headers={header: value})
            assert (known.status_code, known.content) == (304, b""), file
            assert known["ETag"] == answer["ETag"], file
            assert known["Cache-Control"] == answer["Cache-Control"], file
            assert len(asked) <= 3, file


def test_head_says_what_get_would_and_draws_nothing(fetch, client, first, request):
    answers = {file: fetch(file) for file in FILES}
    request.getfixturevalue("undrawable")
    for file, answer in answers.items():
        head = client.head(f"/wsis20/{file}")
        assert head.status_code == 200, file
        assert b"".join(head) == b"", file
        for header in ("ETag", "Last-Modified", "Content-Type", "Cache-Control", "Content-Disposition"):
            assert head[header] == answer[header], (file, header)
        # A length that would be wrong is not told.
        assert not head.has_header("Content-Length"), file


def test_a_release_or_another_language_is_given_anew(fetch, client, first, sessions, now):
    tags = {file: {fetch(file)["ETag"], client.get(f"/wsis20/{file}?in=ar")["ETag"]} for file in FILES}
    assert {len(both) for both in tags.values()} == {2}
    later = now + timedelta(days=1)
    draft = drafts.copy_timetable(timetable=first.timetable, actor=SYSTEM, now=later)
    facts = replace(facts_of(sessions[0]), title="New")
    change_session(session=sessions[0], facts=facts, actor=SYSTEM, now=later)
    publish_release(timetable=draft, actor=SYSTEM, now=later)
    for file, known in tags.items():
        if "releases/1" not in file:
            assert fetch(file, **{"If-None-Match": ", ".join(known)})["ETag"] not in known, file


def test_new_words_alone_are_news_for_a_calendar(fetch, first, sessions, now):
    tag = fetch("s/1.ics")["ETag"], fetch("s/2.ics")["ETag"]
    sessions[0].description = "More about it"
    sessions[0].save()
    later = now + timedelta(days=1)
    draft = drafts.copy_timetable(timetable=first.timetable, actor=SYSTEM, now=later)
    second = publish_release(timetable=draft, actor=SYSTEM, now=later)
    entry = second.entries.get(session=sessions[0])
    # Nobody has to be somewhere else: the count that calendars ask about stays.
    assert (entry.changed_at, entry.sequence) == (later, 0)
    assert fetch("s/1.ics")["ETag"] != tag[0]
    assert fetch("s/2.ics")["ETag"] == tag[1]


def test_exports_are_for_everybody_and_the_same_for_all(each_role, fetch, first):
    for_all = {file: fetch(file).content for file in FILES}
    for _, browser in each_role():
        for file, content in for_all.items():
            answer = browser.get(f"/wsis20/{file}")
            assert (answer.status_code, answer.content) == (200, content), file
            assert browser.post(f"/wsis20/{file}").status_code == 405, file


def test_before_the_first_release_there_is_nothing_to_give(client, forum):
    for file in FILES:
        answer = client.get(f"/wsis20/{file}")
        assert answer.status_code == 404, file
        assert "release" in answer.content.decode(), file


def test_a_longer_programme_asks_the_database_no_more(fetch, first):
    for file, most in (("schedule.xml", 6), ("programme.ics", 6), ("s/1.ics", 7)):
        # As in a process that has read nothing of this release yet.
        read._sessions_read.cache_clear()
        with CaptureQueriesContext(connection) as asked:
            fetch(file)
        assert len(asked) <= most, [one["sql"] for one in asked]


def test_feeds_tell_what_each_release_changed(fetch, second, sessions):
    found = json.loads(fetch("programme/changes.json").content)
    assert faults_of(found, "feed.json") == []
    last, before = found["items"]
    assert last["url"].endswith("/wsis20/programme/releases/2")
    assert "S/3" in last["content_html"]
    assert "Cancelled" in last["title"]
    assert "First &lt;plan&gt; &amp; more" in before["content_html"]
    assert "&lt;b&gt;" in before["content_html"]
    atom = etree.fromstring(fetch("programme/changes.atom").content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [one.text for one in atom.findall("a:entry/a:id", space)] == [last["id"], before["id"]]
    assert atom.findall("a:entry/a:summary", space)[1].text == before["content_html"]
    assert atom.findtext("a:updated", namespaces=space).startswith("2025-07-09T10:00:00")


def test_a_feed_is_in_the_language_it_is_asked_for(client, first):
    found = json.loads(client.get("/wsis20/programme/changes.json?in=fr").content)
    assert found["language"] == "fr"
    assert found["authors"] == [{"name": "Test forum (fr)"}]
