"""Rules of returns. Pure functions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused

WINDOW_LENGTH = 32
STEP_CELLS: Mapping[str, int] = {"action": 300, "who": 200, "by": 4, "measure": 300}
MOST_STEPS = 12


class Chapter(StrEnum):
    """The chapters of a facilitator's return, in their order."""

    ACHIEVEMENTS = "achievements"
    CHALLENGES = "challenges"
    RECOMMENDATIONS = "recommendations"


CHAPTER_NAMES: Mapping[Chapter, Promise] = {
    Chapter.ACHIEVEMENTS: _("Achievements"),
    Chapter.CHALLENGES: _("Challenges"),
    Chapter.RECOMMENDATIONS: _("Recommendations"),
}


@dataclass(frozen=True)
class RoadMapStep:
    """A step of a road map: action, actor, year, evidence of completion."""

    action: str = ""
    who: str = ""
    by: str = ""
    measure: str = ""


@dataclass(frozen=True)
class ReturnText:
    """The content of a return."""

    achievements: str
    challenges: str
    recommendations: str
    language: str
    steps: tuple[RoadMapStep, ...] = ()

    def chapter(self, chapter: Chapter) -> str:
        return str(getattr(self, chapter.value))

    @property
    def whole(self) -> str:
        """Return all texts as one, for citations."""
        rows = (" ".join(filter(None, asdict(step).values())) for step in self.steps)
        return "\n\n".join((self.achievements, self.challenges, self.recommendations, *rows))


def require_whole(text: ReturnText, citations: int) -> None:
    """A return can be published if every chapter has text and something is cited."""
    for chapter in Chapter:
        if not text.chapter(chapter):
            sentence = gettext(
                "%(chapter)s: nothing is written yet. If there is nothing to say, please say that, and why."
            )
            raise Refused(sentence % {"chapter": CHAPTER_NAMES[chapter]}, "return-chapter", chapter.value)
    if not citations:
        raise Refused(
            gettext(
                "A return has to rest on something. Please cite what the page of the line shows, for example "
                "[D/1] for an indicator or [I/3] for an initiative."
            ),
            "return-without-ground",
            Chapter.ACHIEVEMENTS.value,
        )


def has_gone_on(revision: int, window: str, seen: int | None, asking: str) -> bool:
    """Return whether another window has saved since this one last knew the draft."""
    return window != asking and seen != revision
