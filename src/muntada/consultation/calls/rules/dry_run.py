"""The dry run of a call: points that are fine, to consider, or obstacles."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from muntada.consultation.calls.rules.calls import CallVotesOpenTo
from muntada.forums.rules import Window
from muntada.foundations.languages import in_language, listed

SHORTEST_WINDOW = timedelta(days=7)
# An end is exclusive; people name the day of the minute before.
MINUTE = timedelta(minutes=1)
# Deadlines are expected on working days, between these local hours.
FIRST_HOUR = 9
FRIDAY = 4


class Weight(StrEnum):
    """The weight of a point."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"


# The class of the mark beside a point on the page.
WEIGHT_MARKS: Mapping[Weight, str] = {Weight.OK: "done", Weight.WARN: "proposed", Weight.BLOCK: "refused"}


@dataclass(frozen=True)
class DryRunCheck:
    """A point of the dry run."""

    weight: Weight
    sentence: str

    @property
    def mark(self) -> str:
        return WEIGHT_MARKS[self.weight]


@dataclass(frozen=True)
class DryRunInput:
    """A call in preparation, with the data it is checked against."""

    titles: Mapping[str, str]
    introductions: Mapping[str, str]
    languages: Sequence[str]
    items: Sequence[Mapping[str, Any]]
    opens_at: datetime
    closes_at: datetime | None
    takes_contributions: bool
    votes_open_to: str
    stage_windows: Sequence[Window]
    has_reply_templates: bool
    zone: ZoneInfo


def dry_run(plan: DryRunInput, now: datetime) -> list[DryRunCheck]:
    """Check everything that could go wrong with a call."""
    points = [*_words(plan), *_questions(plan), *_times(plan, now), *within_stage(plan), *_afterwards(plan)]
    order = (Weight.BLOCK, Weight.WARN, Weight.OK)
    return sorted(points, key=lambda point: order.index(point.weight))


def stands_in_the_way(points: Sequence[DryRunCheck]) -> list[DryRunCheck]:
    return [point for point in points if point.weight is Weight.BLOCK]


def _words(plan: DryRunInput) -> Iterator[DryRunCheck]:
    if not any(plan.titles.values()):
        yield DryRunCheck(Weight.BLOCK, gettext("The call has no title. Please give it one."))
        return
    missing = _missing(plan.titles, plan.languages)
    if missing:
        sentence = gettext("The title is missing in %(languages)s. Readers there see it in another language.")
        yield DryRunCheck(Weight.WARN, sentence % {"languages": missing})
    else:
        yield DryRunCheck(Weight.OK, gettext("The title stands in all languages of the call."))
    if not any(plan.introductions.values()):
        yield DryRunCheck(
            Weight.WARN, gettext("There is no introduction. Say in two sentences what it is for.")
        )
    elif missing := _missing(plan.introductions, plan.languages):
        sentence = gettext("The introduction is missing in %(languages)s.")
        yield DryRunCheck(Weight.WARN, sentence % {"languages": missing})


def _questions(plan: DryRunInput) -> Iterator[DryRunCheck]:
    if not plan.takes_contributions:
        if plan.votes_open_to == CallVotesOpenTo.NOBODY:
            sentence = gettext("Nobody can write and nobody can vote in this call. Please allow one of them.")
            yield DryRunCheck(Weight.BLOCK, sentence)
        return
    if not plan.items:
        yield DryRunCheck(Weight.BLOCK, gettext("There is no question. Please add one or choose a template."))
        return
    count = len(plan.items)
    asked = ngettext("One question is asked.", "%(count)s questions are asked.", count) % {"count": count}
    yield DryRunCheck(Weight.OK, asked)
    for item in plan.items:
        if missing := _missing(item["labels"], plan.languages):
            sentence = gettext("The question “%(question)s” is missing in %(languages)s.")
            params = {"question": in_language(item["labels"]), "languages": missing}
            yield DryRunCheck(Weight.WARN, sentence % params)
    unlimited = sum(not item.get("words") for item in plan.items)
    if unlimited:
        sentence = ngettext(
            "One question has no word limit. Long answers are read last and by few.",
            "%(count)s questions have no word limit. Long answers are read last and by few.",
            unlimited,
        )
        yield DryRunCheck(Weight.WARN, sentence % {"count": unlimited})


def _times(plan: DryRunInput, now: datetime) -> Iterator[DryRunCheck]:
    if plan.closes_at is None:
        yield DryRunCheck(Weight.WARN, gettext("The call has no end. People write when there is a date."))
        return
    if plan.closes_at <= now:
        yield DryRunCheck(
            Weight.BLOCK, gettext("The call would close in the past. Please choose a later date.")
        )
        return
    given = plan.closes_at - max(plan.opens_at, now)
    params = {"days": given.days}
    if given < SHORTEST_WINDOW:
        sentence = ngettext(
            "Only %(days)s day is given to answer. Those who ask others first need more than a week.",
            "Only %(days)s days are given to answer. Those who ask others first need more than a week.",
            given.days,
        )
        yield DryRunCheck(Weight.WARN, sentence % params)
    else:
        sentence = ngettext(
            "%(days)s day is given to answer.", "%(days)s days are given to answer.", given.days
        )
        yield DryRunCheck(Weight.OK, sentence % params)
    last = timezone.localtime(plan.closes_at - MINUTE, plan.zone)
    if last.weekday() > FRIDAY:
        sentence = gettext("It closes on a %(day)s, when many offices are closed.")
        yield DryRunCheck(Weight.WARN, sentence % {"day": date_format(last, "l")})
    if last.hour < FIRST_HOUR:
        sentence = gettext("It closes at %(time)s where the forum is held. People expect the end of a day.")
        closing = timezone.localtime(plan.closes_at, plan.zone)
        yield DryRunCheck(Weight.WARN, sentence % {"time": date_format(closing, "TIME_FORMAT")})


def within_stage(plan: DryRunInput) -> Iterator[DryRunCheck]:
    """Check that a call lies within the stage."""
    windows = plan.stage_windows
    if not windows:
        sentence = gettext("The consultation of this forum has no dates yet, so nobody could take part.")
        yield DryRunCheck(Weight.BLOCK, sentence)
        return
    opens = min(window.opens_at for window in windows)
    ends = [window.closes_at for window in windows]
    closes = None if None in ends else max(end for end in ends if end is not None)
    if plan.closes_at is not None and plan.closes_at <= opens:
        sentence = gettext("The call closes before the consultation opens, on %(date)s.")
        yield DryRunCheck(Weight.BLOCK, sentence % {"date": _day(opens, plan)})
    elif plan.opens_at < opens:
        sentence = gettext("The call opens before the consultation does. Nobody can write before %(date)s.")
        yield DryRunCheck(Weight.WARN, sentence % {"date": _day(opens, plan)})
    if closes is None:
        return
    if plan.opens_at >= closes:
        sentence = gettext("The consultation closes on %(date)s, before the call opens.")
        yield DryRunCheck(Weight.BLOCK, sentence % {"date": _day(closes - MINUTE, plan)})
    elif plan.closes_at is None or plan.closes_at > closes:
        sentence = gettext(
            "The consultation closes on %(date)s; what comes after that day would be refused. "
            "Please close the call by then, or extend the consultation first."
        )
        yield DryRunCheck(Weight.BLOCK, sentence % {"date": _day(closes - MINUTE, plan)})
    else:
        yield DryRunCheck(Weight.OK, gettext("The call lies within the time of the consultation."))


def _afterwards(plan: DryRunInput) -> Iterator[DryRunCheck]:
    if not plan.takes_contributions:
        return
    if plan.has_reply_templates:
        yield DryRunCheck(Weight.OK, gettext("There are templates for the replies."))
    else:
        sentence = gettext(
            "There is no template for a reply yet. Each contribution is answered; templates make it bearable."
        )
        yield DryRunCheck(Weight.WARN, sentence)


def _day(moment: datetime, plan: DryRunInput) -> str:
    return date_format(timezone.localtime(moment, plan.zone), "DATE_FORMAT")


def _named(language: str) -> str:
    """Return the name of a language in the language of the page (CLDR)."""
    here = Locale.parse(get_language() or "en", sep="-")
    return Locale.parse(language, sep="-").get_display_name(here) or language


def _missing(texts: Mapping[str, str], languages: Sequence[str]) -> str:
    return listed(_named(language) for language in languages if not texts.get(language))
