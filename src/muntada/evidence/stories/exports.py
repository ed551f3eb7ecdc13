"""The numbers of a story as a table."""

from collections.abc import Iterator

from muntada.evidence.stories.models import Story
from muntada.evidence.stories.pages import StoryPage
from muntada.foundations.sheets import SpreadsheetRow

COLUMNS = (
    "story",
    "part",
    "indicator",
    "area",
    "year",
    "breakdown",
    "value",
    "source",
    "edition",
    "retrieved",
    "status",
    "note",
)


def number_rows(story: Story, page: StoryPage) -> Iterator[SpreadsheetRow]:
    """Yield a row per number of a story, with its edition."""
    for place, reference, one in page.numbers:
        yield {
            "story": str(story.symbol),
            "part": place,
            "indicator": f"D/{reference}",
            "area": one.area.code,
            "year": one.year,
            "breakdown": one.breakdown,
            "value": one.value,
            "source": str(one.vintage.source or ""),
            "edition": one.vintage.label,
            "retrieved": one.vintage.retrieved_date,
            "status": one.status,
            "note": one.note,
        }
