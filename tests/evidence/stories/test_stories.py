"""A story: figures are named, not typed; drafts are the secretariat's; every number leads to its edition."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from evidence.conftest import a_document
from muntada.evidence.imports.actions import figures
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.stories import actions as stories
from muntada.evidence.stories import pages
from muntada.evidence.stories.actions import PartWords, StoryWords
from muntada.evidence.stories.models import Story
from muntada.evidence.stories.rules import FigureRef, StoryShape, StorySlice, figures_in, with_figures
from muntada.forums.models import Milestone
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import Edge, Symbol
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db

WORLD = StorySlice(("WLD",), ("total",))


@pytest.fixture
def published(forum, now) -> Indicator:
    figures.publish_figures(document=a_document(), forum=forum, actor=SYSTEM, now=now)
    return Indicator.objects.select_related("symbol").get(forum=forum, code="IT.NET.USER.ZS")


@pytest.fixture
def story(forum, now) -> Story:
    return stories.begin_story(
        forum=forum,
        words=StoryWords("Internet use", "Twenty years.", "en"),
        milestones=[],
        actor=SYSTEM,
        now=now,
    )


@pytest.fixture
def put(story, published, now):
    def put(text="", *, chosen=WORLD, shape=StoryShape.LINES, language="en", position=None, indicator=True):
        return stories.put_part(
            story=story,
            words=PartWords("The world", text, language),
            shape=shape,
            indicator=published if indicator else None,
            chosen=chosen,
            actor=SYSTEM,
            now=now,
            position=position,
        )

    return put


def published_story(story, now):
    return stories.publish_story(story=story, actor=SYSTEM, now=now)


class TestFiguresInTexts:
    @given(
        st.integers(1, 10**8),
        st.from_regex(r"\A[A-Z][A-Z0-9-]{0,14}\Z"),
        st.integers(1000, 9999),
        st.sampled_from(["total", "female", "age-15-24", "female+skill-email"]),
        st.from_regex(r"\A[A-Za-z0-9&é]([A-Za-z0-9 &é.-]{0,20}[A-Za-z0-9é])?\Z"),
    )
    def test_what_is_written_is_read_back(self, indicator, area, year, breakdown, edition):
        reference = FigureRef(indicator, area, year, breakdown, edition)
        assert figures_in(f"In that year {reference} per cent.") == (reference,)

    def test_without_a_part_it_is_all_people(self):
        assert figures_in("{D/1 WLD 2024}") == (FigureRef(1, "WLD", 2024, "total", ""),)

    def test_words_around_stay(self):
        assert with_figures("a {D/1 WLD 2024} b {x}", lambda _: "7") == "a 7 b {x}"

    def test_what_was_meant_as_a_figure_and_is_none_is_refused(self, put):
        for odd in ["{D/1 WLD}", "{D/x WLD 2024}", "{D/1 WLD 24}", "{D 1}"]:
            with pytest.raises(Refused, match="cannot be read"):
                put(f"There were {odd} per cent.")


class TestWriting:
    def test_a_figure_is_pinned_to_the_newest_edition(self, put):
        part = put("In 2023 it was {D/1 WLD 2023} per cent.")
        assert part.texts["en"] == "In 2023 it was {D/1 WLD 2023 total @2024} per cent."

    def test_a_later_edition_does_not_change_what_was_said(self, put, story, client, forum, now):
        put("It was {D/1 WLD 2023} per cent.")
        published_story(story, now)
        later = a_document()
        later["figures"] = [later["figures"][0] | {"edition": 2026, "value": 69.2}]
        figures.publish_figures(document=later, forum=forum, actor=SYSTEM, now=now)
        text = (
            client.get("/wsis20/y/1").content.decode().split('class="prose story-text"')[1].split("</div>")[0]
        )
        assert "65" in text
        assert "69.2" not in text

    def test_a_figure_that_nobody_published_is_refused_and_nothing_is_kept(self, put, story):
        for figure in ["{D/1 WLD 1999}", "{D/9 WLD 2023}", "{D/1 WLD 2023 female}", "{D/1 WLD 2023 @1066}"]:
            with pytest.raises(Refused, match="There is no number for"):
                put(f"It was {figure}.")
            assert not story.parts.exists()

    def test_a_slice_that_cannot_be_shown_is_refused(self, put):
        for chosen, indicator, sentence in [
            (StorySlice((), ("total",)), True, "at least one area"),
            (StorySlice(("WLD",), ("total",)), False, "choose an indicator"),
            (StorySlice(("NOWHERE",), ("total",)), True, "NOWHERE"),
            (StorySlice(("WLD",), ("total",), 2020, 2010), True, "first year"),
            (StorySlice(("WLD", "HIC", "LIC", "LDC", "SAS"), ("female", "male")), True, "10 lines"),
        ]:
            with pytest.raises(Refused, match=sentence):
                put("Words.", chosen=chosen, indicator=indicator)

    def test_languages_stand_beside_each_other(self, put, story):
        put("In the world.")
        put("Dans le monde.", language="fr", position=0)
        (part,) = story.parts.all()
        assert part.texts == {"en": "In the world.", "fr": "Dans le monde."}

    def test_parts_change_places(self, put, story, now):
        first, second = put("One."), put("Two.")
        stories.move_part(story=story, position=second.position, actor=SYSTEM, now=now)
        assert [part.pk for part in story.parts.all()] == [second.pk, first.pk]
        stories.move_part(story=story, position=0, actor=SYSTEM, now=now)
        assert [part.pk for part in story.parts.all()] == [second.pk, first.pk]

    def test_after_one_was_taken_out_another_can_be_added(self, put, story, now):
        put("One.")
        put("Two.")
        stories.remove_part(story=story, position=0, actor=SYSTEM, now=now)
        assert put("Three.").position == 2

    def test_it_rests_on_the_indicators_it_names_and_shows(self, put, story):
        put("Offline: {D/2 WLD 2025} billion.")
        targets = set(Edge.objects.filter(source=story.symbol).values_list("target__number", flat=True))
        assert targets == {1, 2}

    def test_an_empty_story_is_not_published(self, story, now):
        with pytest.raises(Refused, match="nothing to read"):
            published_story(story, now)

    def test_a_published_story_keeps_a_part(self, put, story, now):
        put("One.")
        published_story(story, now)
        with pytest.raises(Refused, match="at least one part"):
            stories.remove_part(story=story, position=0, actor=SYSTEM, now=now)

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECRETARIAT])
    def test_others_do_not_write(self, story, make_person, role, now):
        actor = Actor(make_person(role).pk, role, story.forum_id)
        with pytest.raises(NotAllowed):
            stories.publish_story(story=story, actor=actor, now=now)


class TestTelling:
    def told(self, story):
        (part,) = pages.story_page_of(story, [], "en").parts
        return part

    def test_of_each_year_the_newest_edition_stands(self, put, story):
        put()
        (series,) = self.told(story).series
        assert series.points == ((2023, 65), (2025, 74))

    def test_an_area_without_a_number_stays_and_says_so(self, put, story, client, now):
        put(chosen=StorySlice(("WLD", "SIDS"), ("total",)))
        published_story(story, now)
        assert [one.code for one in self.told(story).without] == ["SIDS"]
        page = client.get("/wsis20/y/1").content.decode()
        assert page.count('<td class="num gap">') == 2

    def test_a_gap_needs_both_parts_in_one_edition(self, put, story, forum, now):
        more = a_document()
        row = more["figures"][0] | {"ref_year": 2024}
        more["figures"] = [
            row | {"edition": 2024, "breakdown": "female", "value": 65},
            row | {"edition": 2024, "breakdown": "male", "value": 70},
            row | {"edition": 2025, "breakdown": "female", "value": 68},
        ]
        figures.publish_figures(document=more, forum=forum, actor=SYSTEM, now=now)
        put(chosen=StorySlice(("WLD",), ("female", "male")))
        (gap,) = self.told(story).gaps
        assert (gap.first.value, gap.second.value, gap.gap.absolute) == (65, 70, -5)
        assert gap.vintage.label == "2024"

    def test_editions_stand_with_the_change_from_the_one_before(self, put, story):
        put(shape=StoryShape.EDITIONS, chosen=StorySlice(("WLD",), ("total",), 2023, 2023))
        said = self.told(story).said
        assert [(one.observation.value, one.change) for one in said] == [
            (67.4, None),
            (65, pytest.approx(-2.4)),
        ]

    def test_milestones_outside_the_years_are_not_drawn(self):
        assert pages.note_places([2003, 2015, 2015, 2024], 2005, 2023) == [(2015, [2, 3])]


class TestPages:
    def test_a_draft_is_the_secretariats_alone(self, client, client_as, put, story, now):
        put("It was {D/1 WLD 2023 @2024} per cent.")
        secretariat = client_as(Role.SECRETARIAT)
        assert client.get("/wsis20/y/1").status_code == 404
        assert "Internet use" not in client.get("/wsis20/evidence/stories").content.decode()
        assert not Symbol.objects.get(pk=story.symbol_id).is_public
        assert secretariat.get("/wsis20/y/1").status_code == 200
        published_story(story, now)
        page = client.get("/wsis20/y/1").content.decode()
        assert "not verified" in page
        assert 'href="#fig-1"' in page
        assert 'id="fig-1"' in page
        assert "Internet use" in client.get("/wsis20/evidence/stories").content.decode()

    def test_it_is_written_through_its_forms(self, client_as, published):
        client = client_as(Role.SECRETARIAT)
        client.post("/wsis20/evidence/stories/begin?in=fr", {"title": "L’Internet", "lead": ""})
        typed = {
            "title": "Le monde",
            "text": "En 2025 : {D/1 WLD 2025}.",
            "shape": "lines",
            "indicator": published.pk,
            "areas": "wld, ITU-AFR",
            "breakdowns": ["total"],
        }
        answer = client.post("/wsis20/y/1/parts/add?in=fr", typed)
        assert answer.status_code == 302
        client.post("/wsis20/y/1/publish")
        story = Story.objects.get()
        assert story.titles == {"fr": "L’Internet"}
        assert story.parts.get().areas == ["WLD", "ITU-AFR"]
        page = client.get("/wsis20/y/1?lang=en").content.decode()
        assert '<span lang="fr" dir="ltr">L’Internet</span>' in page

    @pytest.mark.usefixtures("story", "published")
    def test_a_refusal_keeps_what_was_typed(self, client_as):
        typed = {"title": "T", "text": "It was {D/1 WLD 1999}.", "shape": "text", "breakdowns": ["total"]}
        answer = client_as(Role.SECRETARIAT).post("/wsis20/y/1/parts/add", typed)
        assert answer.status_code == 422
        assert "{D/1 WLD 1999}" in answer.content.decode()

    def test_more_parts_and_figures_need_no_more_queries(self, client, put, story, forum, now):
        Milestone.objects.create(forum=forum, on_date="2024-05-27", texts={"en": "Forum"}, status="sourced")
        put("It was {D/1 WLD 2023} per cent.")
        published_story(story, now)

        def queries() -> int:
            client.get("/wsis20/y/1")
            with CaptureQueriesContext(connection) as seen:
                assert client.get("/wsis20/y/1").status_code == 200
            return len(seen)

        few = queries()
        for _ in range(3):
            put(
                "It was {D/1 WLD 2025} and {D/1 ITU-AFR 2025}.",
                chosen=StorySlice(("WLD", "ITU-AFR"), ("total",)),
            )
        assert queries() == few

    def test_its_figures_leave_as_a_table_with_their_editions(self, client, put, story, now):
        put("It was {D/1 WLD 2023 @2023}.")
        assert client.get("/wsis20/y/1.csv").status_code == 404
        published_story(story, now)
        rows = list(csv.DictReader(io.StringIO(client.get("/wsis20/y/1.csv").content.decode("utf-8-sig"))))
        assert [(row["part"], row["value"], row["edition"]) for row in rows] == [
            ("1", "65.0", "2024"),
            ("1", "74.0", "2025"),
            ("0", "67.4", "2023"),
        ]

    def test_no_mark_of_a_writer_becomes_a_mark_of_the_page(self, client, put, story, now):
        put("<script>alert(1)</script> {D/1 WLD 2023 total @2024}")
        published_story(story, now)
        page = client.get("/wsis20/y/1").content.decode()
        assert "<script>alert" not in page
