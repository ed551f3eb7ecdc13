"""The page that says which shapes there are."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar
from lxml import html


def test_the_page_leads_to_every_shape_and_each_is_there(client, second):
    page = client.get("/wsis20/programme/downloads").content.decode()
    linked = {one.replace("&amp;", "&") for one in re.findall(r'(?:href)="(/wsis20/[^"]+)"', page)}
    for name in ("schedule.xml", "schedule.json", "programme.jsonld", "programme.csv", "programme.xlsx"):
        assert f"/wsis20/{name}" in linked
        assert f"/wsis20/programme/releases/1/{name}" in linked
    assert "/wsis20/programme.ics?in=en" in linked
    for entry in second.entries.all():
        assert f"/wsis20/programme/rooms/{entry.room_id}.ics?in=en" in linked
    assert "webcal://localhost:8000/wsis20/programme.ics?in=en" in page
    for address in linked:
        # A book that is being made says so.
        assert client.get(address).status_code == (202 if "/book/" in address else 200), address


def test_the_programme_leads_to_the_page_and_names_its_shapes_in_its_head(client, first):
    page = client.get("/wsis20/programme?lang=ar").content.decode()
    assert 'href="/wsis20/programme/downloads"' in page
    head = page.partition("</head>")[0]
    for address in ("schedule.xml", "programme.ics?in=ar", "programme/changes.atom?in=ar"):
        assert f'href="/wsis20/{address}"' in head
    assert 'type="application/vnd.c3voc.schedule+xml"' in head


def test_before_the_first_release_the_page_says_so(client, forum):
    answer = client.get("/wsis20/programme/downloads")
    assert answer.status_code == 404
    assert "not published yet" in answer.content.decode()


def test_more_sessions_ask_the_database_no_more(client, second):
    with CaptureQueriesContext(connection) as asked:
        client.get("/wsis20/programme/downloads")
    assert len(asked) <= 7, [one["sql"] for one in asked]


def test_the_page_of_a_session_says_where_machines_read_it(client, first, make_session):
    head = html.fromstring(client.get("/wsis20/s/1").content).find("head")
    links = {one.get("type"): one.get("href") for one in head.iterfind("link[@rel='alternate']")}
    event = client.get(links["application/ld+json"]).json()
    assert (event["@type"], event["name"]) == ("Event", first.entries.get(session__symbol__number=1).title)
    (read,) = Calendar.from_ical(client.get(links["text/calendar"]).content).events
    assert str(read["UID"]) == event["identifier"]
    make_session("Not in the programme")
    assert b"ld+json" not in client.get("/wsis20/s/4").content
