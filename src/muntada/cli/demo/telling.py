"""The story of the published figures: internet use over twenty years, with every number from the database."""

import re
from datetime import UTC, datetime

from muntada.cli.demo.frame import Stand
from muntada.cli.demo.reading import Row, read
from muntada.evidence.actions import stories
from muntada.evidence.actions.stories import PartWords, StoryWords
from muntada.evidence.models import Indicator, Story
from muntada.evidence.rules.stories import Shape, Slice
from muntada.forums.models import Milestone
from muntada.record.rules import SYSTEM

TOLD = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
_FIGURE = re.compile(r"\{(?:([a-z_0-9]+) )?([A-Z0-9-]+ \d{4}[^{}]*)\}")


def tell_story(stand: Stand) -> Story:
    """Write the story in every language the data have it in, and publish it."""
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


def _put_part(stand: Stand, story: Story, row: Row, by_code: dict[str, Indicator]) -> None:
    indicator = by_code[row["indicator"]]
    position: int | None = None
    for language, title in row["titles"].items():
        part = stories.put_part(
            story=story,
            words=PartWords(title, _named(row["texts"][language], indicator, by_code), language),
            shape=Shape(row["shape"]),
            indicator=indicator,
            chosen=Slice(
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
    """Put the symbol of the indicator into each figure: of the part, where none is named."""

    def named(found: re.Match[str]) -> str:
        of = by_code[found[1]] if found[1] else indicator
        return f"{{{of.symbol.short} {found[2]}}}"

    return _FIGURE.sub(named, text)


def _story_words(told: Row, language: str) -> StoryWords:
    return StoryWords(told["titles"][language], told["leads"][language], language)
