from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from conftest import FRAMEWORK, a_forum
from muntada.demo.reading import framework
from muntada.forums import actions, queries
from muntada.forums.models import Forum, LineGoal, StageWindow
from muntada.forums.rules import Stage
from muntada.foundations.errors import Refused
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM


def test_the_wsis_framework_is_loaded_whole_and_once(db):
    wsis = actions.load_framework(framework("wsis"))
    assert actions.load_framework(framework("wsis")) == wsis
    assert (wsis.lines.count(), wsis.goals.count(), wsis.targets.count()) == (18, 17, 11)
    links = LineGoal.objects.filter(line__framework=wsis)
    assert links.filter(status="sourced").count() == 124
    assert links.filter(status="unverified").count() == 1
    assert links.get(line__code="C7-eSci", goal__code="14").unverified_targets == ["14.a"]


def test_a_national_framework_needs_no_special_case(db):
    national = actions.load_framework(framework("national"))
    assert (national.lines.count(), national.goals.count(), national.targets.count()) == (4, 3, 2)


@pytest.mark.parametrize("slug", ["healthz", "readyz", "live", "api", "static"])
def test_no_forum_takes_an_address_of_the_platform(db, now, slug):
    with pytest.raises(Refused) as refused:
        a_forum(actions.load_framework(FRAMEWORK), now, slug=slug)
    assert (refused.value.code, refused.value.field) == ("forum-address-reserved", "slug")
    assert not Forum.objects.filter(slug=slug).exists()


def test_windows_are_opened_together_and_each_is_in_the_log(forum, now):
    new = [
        actions.NewWindow(stage, {"en": "Again"}, now, now + timedelta(days=1))
        for stage in (Stage.REVIEW, Stage.OUTCOME)
    ]
    opened = actions.open_windows(forum=forum, windows=new, actor=SYSTEM, now=now)
    assert [window.stage for window in opened] == [Stage.REVIEW, Stage.OUTCOME]
    assert queries.windows_of(forum)[Stage.REVIEW][-1] == opened[0].window
    entries = LogEntry.objects.filter(forum=forum, verb="open_window")
    assert entries.count() == StageWindow.objects.filter(forum=forum).count() == len(Stage) + len(new)


def test_an_extension_is_kept_as_an_event(forum, now):
    window = StageWindow.objects.get(forum=forum, stage="consultation")
    old, new = window.closes_at, window.closes_at + timedelta(days=10)
    actions.extend_window(stage_window=window, closes_at=new, reason="Asked for", actor=SYSTEM, now=now)
    window.refresh_from_db()
    (event,) = window.extensions.all()
    assert (window.closes_at, event.closed_at, event.closes_at) == (new, old, new)
    assert LogEntry.objects.filter(verb="extend_window").count() == 1


def test_a_window_is_not_made_shorter(forum, now):
    window = StageWindow.objects.get(forum=forum, stage="consultation")
    with pytest.raises(Refused) as refused:
        actions.extend_window(
            stage_window=window, closes_at=window.closes_at, reason="", actor=SYSTEM, now=now
        )
    assert refused.value.field == "closes_at"


def test_the_database_refuses_a_window_that_closes_before_it_opens(forum, now):
    with pytest.raises(DatabaseError), transaction.atomic():
        StageWindow.objects.create(forum=forum, stage="review", labels={}, opens_at=now, closes_at=now)


def test_the_life_of_a_forum_is_read_in_one_query(forum, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        steps = queries.life_of(forum, now, Stage.MEETING)
    assert [step.state for step in steps] == ["open"] * 6
    assert [step.current for step in steps] == [False, False, False, True, False, False]


def test_a_forum_in_a_zone_that_does_not_exist_is_refused_and_nothing_is_kept(db, now):
    tiny = actions.load_framework(FRAMEWORK)
    for zone in ("Mars/Phobos", "", "../../etc/passwd", "GMT+99"):
        with pytest.raises(Refused, match="Please write one like Europe/Zurich"):
            a_forum(tiny, now, zone=zone)
    assert not Forum.objects.exists()
