"""Readings of all texts that break off, and suggestions of lines: nothing of an overtaken one is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from muntada.consultation import tasks
from muntada.consultation.actions import suggestions, task_types
from muntada.consultation.engine.themes import Reading, find_lines
from muntada.consultation.models import Contribution, QuestionSet, ThemeRun, ThemeSuggestion
from muntada.consultation.rules.themes import STALE_AFTER, FoundMatter, FoundPart, Part, RunState
from muntada.forums.models import Line
from muntada.forums.queries import goals_of, lines_of
from muntada.foundations.errors import Refused
from muntada.foundations.tasks import LONG
from muntada.people.rules import Role

MASTS = "Please build masts for the mobile network in the villages of the mountains first of all."


@pytest.fixture
def run(forum, now, moderator) -> ThemeRun:
    return suggestions.order_run(forum=forum, actor=moderator, now=now)


def a_reading(said: Contribution) -> Reading:
    part = FoundPart(said.pk, Part("text", said.text), ("masts",), 1.0)
    counts = {"contributions": 1, "parts": 1, "ungrouped": 0}
    return Reading((FoundMatter({"en": ("masts",)}, (part,)),), 0, {}, counts)


def test_what_a_killed_worker_left_is_read_by_the_next_one(run, contribute, now):
    contribute(text=MASTS)
    ThemeRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING, progress=0.7, beginnings=1)
    tasks.suggest_themes(run_id=run.pk)
    kept = ThemeRun.objects.get()
    assert (kept.state, kept.beginnings) == (RunState.DONE, 2)


def test_a_late_worker_writes_nothing_over_the_one_that_began_anew(run, contribute, now):
    said = contribute(text=MASTS)
    suggestions.carry_out_run(run=run, clock=lambda: now)
    ThemeRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING, beginnings=2, counts={})
    with pytest.raises(suggestions.Overtaken):
        suggestions.keep_reading(run=run, reading=a_reading(said), now=now)
    kept = ThemeRun.objects.get()
    assert (kept.state, kept.counts) == (RunState.RUNNING, {})
    assert ThemeSuggestion.objects.count() == 0


def test_a_late_worker_writes_nothing_over_a_reading_ordered_after_it(run, contribute, forum, now, moderator):
    said = contribute(text=MASTS)
    ThemeRun.objects.filter(pk=run.pk).update(state=RunState.RUNNING)
    later = now + STALE_AFTER * 2
    second = suggestions.order_run(forum=forum, actor=moderator, now=later)
    suggestions.carry_out_run(run=second, clock=lambda: later)
    with pytest.raises(suggestions.Overtaken):
        suggestions.keep_reading(run=run, reading=a_reading(said), now=later)
    assert dict(ThemeRun.objects.values_list("pk", "state")) == {
        run.pk: RunState.FAILED,
        second.pk: RunState.DONE,
    }
    assert ThemeSuggestion.objects.count() == 0


def test_a_reading_that_was_given_up_is_not_begun(run, now):
    ThemeRun.objects.filter(pk=run.pk).update(state=RunState.FAILED)
    suggestions.carry_out_run(run=run, clock=lambda: now)
    assert ThemeRun.objects.get().beginnings == 0


def test_a_reading_that_breaks_off_says_so_and_can_be_ordered_again(run, contribute, forum, now, moderator):
    contribute()
    # Questions without a code are none; the reading stumbles over them.
    QuestionSet.objects.update(items=[{}])
    with pytest.raises(KeyError):
        suggestions.carry_out_run(run=run, clock=lambda: now)
    kept = ThemeRun.objects.get()
    assert (kept.state, kept.ended_at) == (RunState.FAILED, now)
    assert suggestions.order_run(forum=forum, actor=moderator, now=now) != run


@pytest.mark.parametrize("is_silent", [True, False])
def test_the_page_says_of_a_reading_whether_it_was_heard_of(forum, open_now, client_as, is_silent):
    moment = timezone.now() - (STALE_AFTER * 2 if is_silent else timedelta())
    ThemeRun.objects.create(forum=forum, state=RunState.RUNNING, ordered_at=moment, told_at=moment)
    browser, page = client_as(Role.MODERATOR), reverse("consultation:theme_suggestions", args=["wsis20"])
    text = browser.get(page).text
    assert ("Nothing has been heard of the reading" in text) == is_silent
    assert ("Read all texts again" in text) == is_silent
    browser.post(page)
    assert ThemeRun.objects.count() == (2 if is_silent else 1)


def test_a_reading_holds_up_no_letter():
    assert task_types.suggest_themes.queue == task_types.group_campaigns.queue == LONG
    assert task_types.send_receipt.queue != LONG


# ---- lines ----


def test_lines_suggested_for_other_words_are_not_taken(contribute, now, moderator):
    said = contribute()
    words = suggestions.words_of(said)
    Contribution.objects.filter(pk=said.pk).update(text="Something else altogether.")
    line = Line.objects.first()
    with pytest.raises(Refused) as refusal:
        suggestions.take_lines(
            contribution=said, line_ids=[line.pk], goal_ids=[], actor=moderator, now=now, words=words
        )
    assert refusal.value.code == "words-changed"
    assert not said.lines.exists()


def test_lines_are_taken_from_the_page_for_the_words_it_shows(contribute, client_as):
    said = contribute(title="Line C1", text="This is about Line C1 and nothing else.")
    browser, page = client_as(Role.MODERATOR), reverse("consultation:line_suggestions", args=["wsis20", 1])
    line = Line.objects.get(code="C1")
    words = suggestions.words_of(said)
    assert browser.post(page, {"lines": line.pk, "words": "of another text"}).status_code == 422
    assert browser.post(page, {"lines": line.pk, "words": words}).status_code == 302
    assert list(said.lines.all()) == [line]
    assert browser.get(page).status_code == 200


def test_lines_of_the_same_words_are_looked_for_once(contribute, forum, django_assert_num_queries):
    said = contribute(title="Line C1", text="This is about Line C1. " * 1_700)
    lines, goals = list(lines_of(forum)), list(goals_of(forum))
    first = find_lines(said, lines, goals)
    with django_assert_num_queries(0):
        begun = timezone.now()
        assert find_lines(said, lines, goals) == first
        assert timezone.now() - begun < timedelta(seconds=0.2)


@pytest.mark.parametrize("number", ["9" * 20, "9" * 5_000])
def test_numbers_of_any_length_are_answered_calmly(contribute, forum, client_as, number):
    contribute()
    browser = client_as(Role.MODERATOR)
    assert browser.get(f"/wsis20/c/{number}/lines").status_code == 404
    page = reverse("consultation:line_suggestions", args=["wsis20", 1])
    assert browser.post(page, {"lines": number, "goals": number}).status_code == 422
    ThemeSuggestion.objects.create(
        forum=forum,
        run=ThemeRun.objects.create(forum=forum, ordered_at=timezone.now(), state=RunState.DONE),
        keywords={"en": ["masts"]},
        passages=[],
        made_at=timezone.now(),
    )
    address = reverse("consultation:theme_suggestion", args=["wsis20", ThemeSuggestion.objects.get().pk])
    form = {"step": "add", "places": number, "theme": number}
    assert browser.post(address, form).status_code == 422
