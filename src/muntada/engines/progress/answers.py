"""Reasons for a missing verdict, and notes on a verdict, each with a code and a sentence."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag

from muntada.engines.reasons import gettext_noop


class Why(IntEnum):
    """The reason a method gives no verdict; GIVEN if it gives one."""

    GIVEN = 0
    NO_TARGET_ROW = 1
    NO_VALUES = 2
    DOUBLED = 3
    NO_BASE = 4
    ONE_POINT = 5
    BASE_ZERO = 6
    SIGN_CHANGE = 7
    BASE_IS_TARGET = 8
    NO_TARGET = 9
    PARITY = 10
    NO_LIMIT = 11
    ABOVE_LIMIT = 12
    TARGET_OUTSIDE = 13
    FEW_POINTS = 14
    TARGET_YEAR_PAST = 15
    TARGET_YEAR_EARLY = 16
    WRONG_UNIT = 17
    OUT_OF_NUMBERS = 18


SENTENCES: dict[Why, str] = {
    Why.GIVEN: "",
    Why.NO_TARGET_ROW: gettext_noop("The targets say nothing of this series, not even which way is better."),
    Why.NO_VALUES: gettext_noop("There is no value."),
    Why.DOUBLED: gettext_noop(
        "One year has two different values; nothing is computed until one is taken out."
    ),
    Why.NO_BASE: gettext_noop("There is no value in the base year or after it."),
    Why.ONE_POINT: gettext_noop("There is one value since the base year; a change needs two, a year apart."),
    Why.BASE_ZERO: gettext_noop("The base value is zero; there is no rate of growth from nothing."),
    Why.SIGN_CHANGE: gettext_noop("The values change their sign; there is no rate of growth across zero."),
    Why.BASE_IS_TARGET: gettext_noop("The base value is the target itself, so no rate was required."),
    Why.NO_TARGET: gettext_noop("The method needs a target, and there is none for this series."),
    Why.PARITY: gettext_noop("The method knows more or less, not parity."),
    Why.NO_LIMIT: gettext_noop(
        "The method needs the natural limit of the scale, such as 100 for a percentage."
    ),
    Why.ABOVE_LIMIT: gettext_noop("A value lies outside the scale from zero to its limit."),
    Why.TARGET_OUTSIDE: gettext_noop("The target lies outside the scale from zero to its limit."),
    Why.FEW_POINTS: gettext_noop("There are fewer values than the method needs."),
    Why.TARGET_YEAR_PAST: gettext_noop("The target year is over; there is no rate at which to reach it now."),
    Why.TARGET_YEAR_EARLY: gettext_noop("The target year is not after the year of the base value."),
    Why.WRONG_UNIT: gettext_noop(
        "The values are far above what the unit allows: this looks like a count, not a share or a rate."
    ),
    Why.OUT_OF_NUMBERS: gettext_noop("The numbers are too large or too small to be computed with."),
}


class VerdictNote(IntFlag):
    """A note on a verdict."""

    NONE = 0
    TARGET_MET = 1
    ABOVE_LIMIT = 2
    CONSTANT = 4
    BASE_LATER = 8
    ZERO_REPLACED = 16


NOTES: dict[VerdictNote, str] = {
    VerdictNote.TARGET_MET: gettext_noop("The target is met already."),
    VerdictNote.ABOVE_LIMIT: gettext_noop("A value lies outside the scale from zero to its limit."),
    VerdictNote.CONSTANT: gettext_noop("All values are the same."),
    VerdictNote.BASE_LATER: gettext_noop("There is no value for the base year; the next later one is taken."),
    VerdictNote.ZERO_REPLACED: gettext_noop("A zero was replaced by 0.001, as the method says."),
}


@dataclass(frozen=True, slots=True)
class MethodAnswers:
    """A code with its sentence."""

    code: str
    sentence: str


def reason_of(why: int) -> MethodAnswers | None:
    """Return the reason for a missing verdict, or None."""
    found = Why(why)
    return None if found is Why.GIVEN else MethodAnswers(found.name.lower(), SENTENCES[found])


def notes_of(notes: int) -> tuple[MethodAnswers, ...]:
    return tuple(MethodAnswers(str(note.name).lower(), NOTES[note]) for note in VerdictNote(notes))
