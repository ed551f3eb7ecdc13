"""Readings of all texts that break off, and suggestions of lines: nothing of an overtaken one is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from muntada.consultation.calls.models import QuestionSet
from muntada.consultation.contributions import task_types as contributions
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.themes import task_types as themes
from muntada.consultation.themes.actions import suggestions
from muntada.consultation.themes.adapter import find_lines
from muntada.consultation.themes.models import ThemeRun, ThemeSuggestion
from muntada.forums.models import Line
from muntada.forums.queries import goals_of, lines_of
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import cancel
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.jobs.running import Run, carry_out
from muntada.foundations.tasks import LONG
from muntada.people.rules import Role

MASTS = "Please build masts for the mobile network in the villages of the mountains first of all."


@pytest.fixture
def run(forum, now, moderator) -> ThemeRun:
    return suggestions.order_run(forum=forum, actor=moderator, now=now)


def read(run: ThemeRun) -> None:
    carry_out(job_id=run.job_id, work=suggestions.read_texts, clock=timezone.now)
    run.job.refresh_from_db()


def test_what_a_reading_found_is_not_stored_where_it_was_cancelled(run, contribute, now, moderator):
    contribute(text=MASTS)

    def read_and_be_cancelled(of_job: Run) -> None:
        cancel(job=run.job, actor=moderator, now=now)
        suggestions.read_texts(of_job)

    carry_out(job_id=run.job_id, work=read_and_be_cancelled, clock=timezone.now)
    run.refresh_from_db()
    run.job.refresh_from_db()
    assert (run.job.state, run.counts) == (JobState.CANCELLED, {})
    assert not ThemeSuggestion.objects.exists()


def test_a_reading_that_breaks_off_says_so_and_can_be_ordered_again(run, contribute, forum, now, moderator):
    contribute()
    # Questions without a code are none; the reading stumbles over them.
    QuestionSet.objects.update(items=[{}])
    with pytest.raises(KeyError):
        read(run)
    run.job.refresh_from_db()
    assert run.job.state == JobState.FAILED
    assert suggestions.order_run(forum=forum, actor=moderator, now=now) != run


@pytest.mark.parametrize("is_active", [True, False])
def test_the_page_shows_how_far_a_reading_is_or_has_the_texts_read_again(
    run, open_now, client_as, now, is_active, moderator
):
    if not is_active:
        cancel(job=run.job, actor=moderator, now=now)
    browser, page = client_as(Role.MODERATOR), reverse("consultation:theme_suggestions", args=["wsis20"])
    text = browser.get(page).text
    assert (f'id="job-{run.job_id}"' in text) == is_active
    assert ("Read all texts again" in text) == (not is_active)
    browser.post(page)
    assert ThemeRun.objects.count() == (1 if is_active else 2)


def test_a_reading_holds_up_no_letter():
    assert themes.suggest_themes.task.queue == contributions.group_campaigns.queue == LONG
    assert contributions.send_receipt.queue != LONG


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
def test_numbers_of_any_length_are_answered_calmly(contribute, forum, client_as, number, moderator):
    contribute()
    browser = client_as(Role.MODERATOR)
    assert browser.get(f"/wsis20/c/{number}/lines").status_code == 404
    page = reverse("consultation:line_suggestions", args=["wsis20", 1])
    assert browser.post(page, {"lines": number, "goals": number}).status_code == 422
    ThemeSuggestion.objects.create(
        forum=forum,
        run=suggestions.order_run(forum=forum, actor=moderator, now=timezone.now()),
        keywords={"en": ["masts"]},
        passages=[],
        made_at=timezone.now(),
    )
    address = reverse("consultation:theme_suggestion", args=["wsis20", ThemeSuggestion.objects.get().pk])
    form = {"step": "add", "places": number, "theme": number}
    assert browser.post(address, form).status_code == 422
