"""Stories and returns of the demo: internet use, indicators of lines, facilitators' reports."""

import re
from datetime import UTC, datetime

from muntada.demo.frame import DemoState
from muntada.demo.meeting import resolve
from muntada.demo.reading import DemoRow, read
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.lines import actions as ties
from muntada.evidence.stories import actions as stories
from muntada.evidence.stories.actions import PartWords, StoryWords
from muntada.evidence.stories.models import Story
from muntada.evidence.stories.rules import StoryShape, StorySlice
from muntada.forums.models import Milestone
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM
from muntada.review.returns import actions as review
from muntada.review.returns.rules import ReturnText, RoadMapStep

TOLD = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
_FIGURE = re.compile(r"\{(?:([a-z_0-9]+) )?([A-Z0-9-]+ \d{4}[^{}]*)\}")


def tell_story(stand: DemoState) -> Story:
    """Write the story in every language of its data, and publish it."""
    stand.clock.go_to(TOLD)
    data = read("story.json")
    told = data["story"]
    notes = list(Milestone.objects.filter(forum=stand.forum, on_date__in=data["milestones"]))
    story = stories.begin_story(
        forum=stand.forum,
        words=_story_words(told, "en"),
        milestones=notes,
        actor=SYSTEM,
        now=stand.clock.tick(),
    )
    for language in told["titles"]:
        words = _story_words(told, language)
        stories.say_story(story=story, words=words, milestones=notes, actor=SYSTEM, now=stand.clock.tick())
    by_code = {one.code: one for one in Indicator.objects.filter(forum=stand.forum).select_related("symbol")}
    for row in told["parts"]:
        _put_part(stand, story, row, by_code)
    return stories.publish_story(story=story, actor=SYSTEM, now=stand.clock.tick())


def _put_part(stand: DemoState, story: Story, row: DemoRow, by_code: dict[str, Indicator]) -> None:
    indicator = by_code[row["indicator"]]
    position: int | None = None
    for language, title in row["titles"].items():
        part = stories.put_part(
            story=story,
            words=PartWords(title, _named(row["texts"][language], indicator, by_code), language),
            shape=StoryShape(row["shape"]),
            indicator=indicator,
            chosen=StorySlice(
                areas=tuple(row["areas"]),
                breakdowns=tuple(row["breakdowns"]),
                first_year=row.get("first_year"),
                last_year=row.get("last_year"),
            ),
            actor=SYSTEM,
            now=stand.clock.tick(),
            position=position,
        )
        position = part.position


def _named(text: str, indicator: Indicator, by_code: dict[str, Indicator]) -> str:
    """Insert the symbol of the indicator into each figure; without a name, that of the part."""

    def named(found: re.Match[str]) -> str:
        of = by_code[found[1]] if found[1] else indicator
        return f"{{{of.symbol.short} {found[2]}}}"

    return _FIGURE.sub(named, text)


def _story_words(told: DemoRow, language: str) -> StoryWords:
    return StoryWords(told["titles"][language], told["leads"][language], language)


def report_on_lines(stand: DemoState) -> None:
    """Link indicators to lines, and publish the facilitators' returns."""
    data = read("invented/returns.json")
    by_code = {
        one.code: one for one in Indicator.objects.filter(forum=stand.forum).select_related("symbol", "forum")
    }
    for row in data["ties"]:
        ties.tie_indicator(
            line=stand.lines[row["line"]],
            indicator=by_code[row["indicator"]],
            why=row["why"],
            actor=SYSTEM,
            now=stand.clock.tick(),
        )
    facilitator = stand.forum_request(stand.shown[Role.FACILITATOR]).actor(Role.FACILITATOR)
    for row in data["returns"]:
        saved = review.save_return(
            forum=stand.forum,
            line=stand.lines[row["line"]],
            text=_return_text(stand, row),
            actor=facilitator,
            now=stand.clock.tick(minutes=60),
        )
        review.publish_return(draft=saved.draft, actor=facilitator, now=stand.clock.tick())


def _return_text(stand: DemoState, row: DemoRow) -> ReturnText:
    return ReturnText(
        achievements=resolve(stand, row["achievements"]),
        challenges=resolve(stand, row["challenges"]),
        recommendations=resolve(stand, row["recommendations"]),
        language=row["language"],
        steps=tuple(
            RoadMapStep(**{**step, "measure": resolve(stand, step["measure"])}) for step in row["steps"]
        ),
    )
