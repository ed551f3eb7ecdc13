"""Themes: named by people, in the words of contributions; suggested by the engine, decided by people."""

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.models import Contribution, Merge
from muntada.consultation.contributions.rules.contributions import CameBy, ShownAs
from muntada.consultation.themes import queries
from muntada.consultation.themes import tasks as themes_tasks
from muntada.consultation.themes.actions import suggestions, themes
from muntada.consultation.themes.models import Passage, Theme, ThemeRun, ThemeSuggestion
from muntada.consultation.themes.rules import (
    ContributionPart,
    SuggestionState,
    ThemeText,
    is_known,
    parts_of,
    parts_to_read,
)
from muntada.forums.models import Goal, Line
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.jobs.running import carry_out
from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.record.models import Edge, LogEntry, Symbol
from muntada.record.rules import SYSTEM, Actor

MASTS = (
    "Half of the villages have no mobile network, because nobody builds masts where few people live.",
    "Please build masts for the mobile network in the villages of the mountains first of all.",
    "A mast for the mobile network in each village costs less than a year of lost work.",
    "The mobile network ends at the town; the villages behind it wait for masts since ten years.",
)
SCHOOLS = (
    "Teachers in primary schools need training before computers are put into their classrooms.",
    "Without training for teachers, the computers in our schools stay in their boxes for years.",
    "Schools got computers, but the teachers never got training to use them in the classroom.",
    "Training of teachers has to come with each computer that a school is given by donors.",
)


@pytest.fixture
def said(contribute):
    return [contribute(title=f"Thought {place}", text=text) for place, text in enumerate(MASTS + SCHOOLS)]


@pytest.fixture
def theme(contribute, forum, now, moderator):
    matter = ThemeText({"en": "Masts"}, "About masts.", "en")
    return themes.raise_theme(
        forum=forum, matter=matter, contributions=[contribute()], actor=moderator, now=now
    )


@pytest.fixture
def suggested(said, forum, now, moderator):
    run = suggestions.order_run(forum=forum, actor=moderator, now=now)
    carry_out(job_id=run.job_id, work=suggestions.read_texts, clock=lambda: now)
    return list(ThemeSuggestion.objects.filter(state=SuggestionState.OPEN))


# ---- parts ----


def test_what_was_said_falls_into_paragraphs_by_question():
    items = [{"code": "what"}, {"code": "how"}]
    assert parts_of("One.\n \nTwo.", {"how": "Three.\n\n\n"}, items) == [
        ContributionPart("what", "One."),
        ContributionPart("what", "Two."),
        ContributionPart("how", "Three."),
    ]


def test_a_heading_is_read_with_what_stands_under_it():
    long = "A paragraph that says enough by itself, with more than sixty letters."
    assert [
        one.text
        for one in parts_to_read(
            [ContributionPart("", "1. Masts"), ContributionPart("", long), ContributionPart("", "End.")]
        )
    ] == [
        f"1. Masts\n\n{long}",
        "End.",
    ]


def test_a_matter_is_known_if_nearly_all_of_it_stands_together():
    assert is_known({1, 2, 3, 4, 5}, [{1, 2, 3, 4}])
    assert not is_known({1, 2, 3, 4, 5}, [{1, 2, 3}, {4, 5}])


# ---- naming ----


def test_a_theme_is_edited_and_says_so(theme, now, moderator):
    matter = ThemeText({"en": "Masts first", "fr": "Des pylônes", "ar": " "}, "See [C/1].", "en")
    themes.edit_theme(theme=theme, matter=matter, actor=moderator, now=now)
    kept = Theme.objects.get()
    assert kept.titles == {"en": "Masts first", "fr": "Des pylônes"}
    assert (kept.edited_at, kept.symbol.title) == (now, "Masts first")
    assert Edge.objects.filter(source=kept.symbol, relation="cites").count() == 1
    assert LogEntry.objects.filter(verb="edit_theme").count() == 1


@pytest.mark.parametrize(
    ("titles", "description", "code"),
    [
        ({"en": " "}, "", "title-missing"),
        ({"en": "x" * 201}, "", "title-too-long"),
        ({"en": "x"}, "[C/9]", "citation-unknown"),
    ],
)
def test_a_theme_is_not_edited_into_nothing(theme, now, titles, description, code, moderator):
    with pytest.raises(Refused) as refusal:
        themes.edit_theme(theme=theme, matter=ThemeText(titles, description, "en"), actor=moderator, now=now)
    assert refusal.value.code == code
    assert Theme.objects.get().titles == {"en": "Masts"}


def test_others_name_no_themes(theme, said, now, participant):
    for act in (
        lambda: themes.edit_theme(
            theme=theme, matter=ThemeText({"en": "x"}, "", "en"), actor=participant, now=now
        ),
        lambda: themes.take_from_theme(theme=theme, contribution=said[0], actor=participant, now=now),
        lambda: themes.assign_parts(
            theme=theme, contribution=said[0], keys=["x"], actor=participant, now=now
        ),
        lambda: suggestions.order_run(forum=theme.forum, actor=participant, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()


# ---- passages ----


def test_a_paragraph_is_assigned_and_brings_its_contribution_along(theme, contribute, now, moderator):
    other = contribute(title="Other", text="First thought.\n\nSecond thought.")
    parts = themes.said_in_parts(other)
    (passage,) = themes.assign_parts(
        theme=theme, contribution=other, keys=[parts[1].key, parts[1].key], actor=moderator, now=now
    )
    assert (passage.text, passage.question) == ("Second thought.", "text")
    assert other in theme.contributions.all()
    assert Edge.objects.filter(source=theme.symbol, target=other.symbol, relation="raised-in").count() == 1
    assert (
        themes.assign_parts(theme=theme, contribution=other, keys=[parts[1].key], actor=moderator, now=now)
        == []
    )
    assert Passage.objects.count() == 1


def test_paragraphs_changed_meanwhile_are_not_assigned(theme, contribute, now, moderator):
    other = contribute(title="Other")
    for keys, code in (([], "parts-missing"), (["0" * 16], "parts-changed")):
        with pytest.raises(Refused) as refusal:
            themes.assign_parts(theme=theme, contribution=other, keys=keys, actor=moderator, now=now)
        assert refusal.value.code == code


def test_a_passage_taken_out_can_be_put_back(theme, now, moderator):
    contribution = theme.contributions.get()
    part = themes.said_in_parts(contribution)[0]
    (passage,) = themes.assign_passages(
        theme=theme, contribution=contribution, parts=[part], actor=moderator, now=now
    )
    themes.unassign_passage(passage=passage, actor=moderator, now=now)
    assert queries.contributions_in(theme)[0].raising == []
    assert queries.taken_out_of(theme) == [passage]
    themes.reassign_passage(passage=passage, actor=moderator, now=now)
    assert queries.contributions_in(theme)[0].raising == [passage]
    verbs = LogEntry.objects.order_by("sequence").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["assign_passages", "unassign_passage", "reassign_passage"]


def test_a_contribution_is_taken_out_with_its_passages(theme, now, moderator):
    contribution = theme.contributions.get()
    part = themes.said_in_parts(contribution)[0]
    themes.assign_passages(theme=theme, contribution=contribution, parts=[part], actor=moderator, now=now)
    themes.take_from_theme(theme=theme, contribution=contribution, actor=moderator, now=now)
    assert theme.contributions.count() == 0
    assert Passage.objects.get().unassigned_at == now
    assert Edge.objects.filter(source=theme.symbol, relation="raised-in").count() == 0


def test_the_database_keeps_a_passage_once_and_never_empty(theme, now):
    contribution = theme.contributions.get()
    Passage.objects.create(theme=theme, contribution=contribution, text="x", assigned_at=now)
    for text in ("x", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            Passage.objects.create(theme=theme, contribution=contribution, text=text, assigned_at=now)


# ---- who asks for it ----


@pytest.fixture
def from_bodies(contribute) -> list[Contribution]:
    """Of two ministries in Kenya and France, and of a university in Kenya that is not shown."""
    bodies = [
        Organisation.objects.create(name=f"{kind} of {country}", kind=kind, country=country)
        for kind, country in (("government", "KE"), ("government", "FR"), ("academia", "KE"))
    ]
    kept = [contribute(title=f"From {body.name}") for body in bodies]
    for one, body in zip(kept, bodies, strict=True):
        Contribution.objects.filter(pk=one.pk).update(organisation=body)
    Contribution.objects.filter(pk=kept[2].pk).update(shown_as=ShownAs.NOBODY)
    return kept


def test_demand_is_counted_by_group_beside_all_that_the_group_said(theme, from_bodies, now, moderator):
    themes.add_to_theme(theme=theme, contributions=from_bodies[:1], actor=moderator, now=now)
    stakeholders, regions, *categories = queries.demand_for(theme)
    (row,) = stakeholders.rows
    assert (row.raised, row.said, stakeholders.untold) == (1, 2, 1)
    assert {(one.raised, one.said) for one in regions.rows} == {(1, 1)}
    assert len(stakeholders.silent) > 2
    assert all(one.rows for one in categories[:1])


def test_whoever_is_not_shown_is_told_in_no_group_however_many_they_are(
    theme, contribute, from_bodies, now, moderator
):
    more = [contribute(title=f"Unnamed {place}", kind="academia", country="KE") for place in range(9)]
    themes.add_to_theme(theme=theme, contributions=more, actor=moderator, now=now)
    before = [(one.rows, one.untold) for one in queries.demand_for(theme)]
    themes.add_to_theme(theme=theme, contributions=from_bodies[2:], actor=moderator, now=now)
    after = [(one.rows, one.untold) for one in queries.demand_for(theme)]
    assert before == [((), 10)] * len(before)
    assert after == [((), 11)] * len(after)


def test_both_voices_of_a_joint_text_ask_for_a_theme_once(theme, from_bodies, contribute, now, moderator):
    first, second, _ = from_bodies
    joint = contribute(title="Said as one")
    Contribution.objects.filter(pk=joint.pk).update(came_by=CameBy.MERGE, provenance="C/2, C/3")
    Merge.objects.create(
        first=first,
        second=second,
        title="x",
        text="x",
        language="en",
        **dict.fromkeys(("proposed_at", "first_consented_at", "second_consented_at", "merged_at"), now),
        joint=joint,
    )
    themes.add_to_theme(theme=theme, contributions=[joint, first], actor=moderator, now=now)
    (row,) = queries.demand_for(theme)[0].rows
    assert (row.raised, row.said) == (2, 2)


def test_an_empty_choice_is_no_reading_of_a_theme(theme, open_now, client_as):
    written = LogEntry.objects.count()
    for step in ("", "take-out"):
        answer = client_as(Role.MODERATOR).post("/wsis20/m/1/contributions", {"step": step})
        assert answer.status_code == 422
        assert "Please name the contributions by their symbols, like C/1, C/5." in answer.text
    assert LogEntry.objects.count() == written


# ---- suggestions ----


def test_all_public_texts_are_read_and_what_speaks_of_the_same_is_suggested(said, forum, now, moderator):
    run = suggestions.order_run(forum=forum, actor=moderator, now=now)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="suggest_themes")
    assert job.args == {"job_id": run.job_id}
    carry_out(job_id=run.job_id, work=themes_tasks.suggest_themes, clock=lambda: now)
    run = ThemeRun.objects.get()
    assert (run.job.state, run.counted.contributions, run.counts["contributions"]) == (JobState.DONE, 8, 8)
    first = ThemeSuggestion.objects.all()[0]
    assert run.counted.suggested == ThemeSuggestion.objects.count()
    assert {one.contribution for one in first.suggested_passages} == set(
        first.contributions.values_list("pk", flat=True)
    )
    assert [list(one.words) for one in first.suggested_passages] == [one["words"] for one in first.passages]
    found = [set(one.contributions.values_list("pk", flat=True)) for one in ThemeSuggestion.objects.all()]
    masts, schools = {one.pk for one in said[:4]}, {one.pk for one in said[4:]}
    assert any(len(group & masts) >= 3 and not group & schools for group in found)
    assert any(len(group & schools) >= 3 and not group & masts for group in found)
    assert Theme.objects.count() == 0
    assert Symbol.objects.filter(kind="M").count() == 0


def test_texts_not_for_publication_are_not_read(said, contribute, forum, now, moderator):
    contribute(title="Hidden", text=MASTS[0] + " Hidden.", consent_to_publish=False)
    contributions_read = suggestions.order_run(forum=forum, actor=moderator, now=now)
    carry_out(job_id=contributions_read.job_id, work=suggestions.read_texts, clock=lambda: now)
    assert ThemeRun.objects.get().counts["contributions"] == 8
    assert "Hidden" not in str(list(ThemeSuggestion.objects.values_list("passages", flat=True)))


def test_one_reading_at_a_time(forum, now, moderator):
    first = suggestions.order_run(forum=forum, actor=moderator, now=now)
    assert suggestions.order_run(forum=forum, actor=moderator, now=now) == first
    carry_out(job_id=first.job_id, work=suggestions.read_texts, clock=lambda: now)
    assert suggestions.order_run(forum=forum, actor=moderator, now=now) != first


def test_a_reading_without_texts_ends_with_nothing(forum, now, moderator):
    run = suggestions.order_run(forum=forum, actor=moderator, now=now)
    carry_out(job_id=run.job_id, work=suggestions.read_texts, clock=lambda: now)
    assert ThemeRun.objects.get().job.state == JobState.DONE
    assert ThemeSuggestion.objects.count() == 0


def test_a_suggestion_becomes_a_theme_with_the_chosen_passages(suggested, now, moderator):
    matter = ThemeText({"en": "Connect the villages"}, "", "en")
    one = suggested[0]
    theme = suggestions.take_as_theme(suggestion=one, matter=matter, places=[0, 1], actor=moderator, now=now)
    assert theme.passages.count() == theme.contributions.count() == 2
    one.refresh_from_db()
    assert (one.state, one.theme) == (SuggestionState.TAKEN, theme)
    with pytest.raises(Refused) as refusal:
        suggestions.leave_suggestion(suggestion=one, actor=moderator, now=now)
    assert refusal.value.code == "suggestion-decided"


def test_a_suggestion_is_added_to_a_theme_that_stands(suggested, theme, now, moderator):
    suggestions.add_suggestion_to_theme(
        suggestion=suggested[0], theme=theme, places=[0], actor=moderator, now=now
    )
    assert theme.contributions.count() == 2
    assert theme.passages.count() == 1


def test_what_was_withdrawn_meanwhile_is_not_taken_up(suggested, request_as, now, moderator):
    one = suggested[0]
    for pk in {part["contribution"] for part in one.passages}:
        contribution = Contribution.objects.get(pk=pk)
        contributions.withdraw_contribution(
            forum_request=request_as(person=contribution.author), contribution=contribution
        )
    places = range(len(one.passages))
    with pytest.raises(Refused) as refusal:
        suggestions.take_as_theme(
            suggestion=one, matter=ThemeText({"en": "x"}, "", "en"), places=places, actor=moderator, now=now
        )
    assert refusal.value.code == "passages-missing"
    assert queries.suggested_in(one) == []


def test_a_new_reading_replaces_open_suggestions_only_and_does_not_ask_twice(
    suggested, forum, now, moderator
):
    left, *still_open = suggested
    suggestions.leave_suggestion(suggestion=left, actor=moderator, now=now)
    run = suggestions.order_run(forum=forum, actor=moderator, now=now)
    carry_out(job_id=run.job_id, work=suggestions.read_texts, clock=lambda: now)
    assert ThemeSuggestion.objects.filter(pk=left.pk, state=SuggestionState.LEFT).exists()
    anew = ThemeSuggestion.objects.filter(state=SuggestionState.OPEN)
    assert not anew.filter(pk__in=[one.pk for one in still_open]).exists()
    assert anew.count() == len(still_open)


# ---- lines and goals ----


def test_lines_are_added_by_the_author_or_a_moderator_and_none_is_lost(
    contribute, make_person, now, moderator, participant
):
    author = make_person()
    lines = list(Line.objects.order_by("code"))
    goal = Goal.objects.get(code="9")
    contribution = contribute(author, line_ids=(lines[0].pk,))
    suggestions.take_lines(
        contribution=contribution,
        line_ids=[lines[1].pk],
        goal_ids=[],
        actor=Actor(author.pk, "participant", contribution.symbol.forum_id),
        now=now,
    )
    suggestions.take_lines(
        contribution=contribution, line_ids=[], goal_ids=[goal.pk], actor=moderator, now=now
    )
    assert list(contribution.lines.all()) == lines[:2]
    assert list(contribution.goals.all()) == [goal]
    with pytest.raises(NotAllowed):
        suggestions.take_lines(
            contribution=contribution, line_ids=[lines[2].pk], goal_ids=[], actor=participant, now=now
        )
    with pytest.raises(Refused) as refusal:
        suggestions.take_lines(contribution=contribution, line_ids=[0], goal_ids=[], actor=SYSTEM, now=now)
    assert refusal.value.code == "lines-missing"
