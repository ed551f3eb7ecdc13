"""What came in by letter, in a meeting or in a table, as plain values, and what is wrong with a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from muntada.consultation.rules.contributions import Saying, ShownAs, require_answers, require_something_said
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.people.rules import OrganisationKind

ROWS_AT_ONCE = 1_000
ID_LENGTH, NAME_LENGTH, PROVENANCE_LENGTH = 100, 200, 500
# The row of the template that shows how it is filled in; it is never taken in.
EXAMPLE = "example"
BEFORE = ("id", "language", "title")
AFTER = (
    *("name", "email", "organisation", "kind", "country", "headquarters"),
    *("lines", "goals", "shown_as", "publish", "provenance"),
)
YES, NO = frozenset({"yes", "1", "true", "x"}), frozenset({"", "no", "0", "false"})


@dataclass(frozen=True)
class Words:
    """What the cells of a table may say in this forum: its lines and goals by code, and its countries."""

    lines: Mapping[str, int]
    goals: Mapping[str, int]
    countries: frozenset[str]
    items: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Taken:
    """One contribution as it came in: what is said, by whom, and where it is from."""

    saying: Saying
    external_id: str = ""
    name: str = ""
    email: str = ""
    organisation: str = ""
    provenance: str = ""
    row: int = 0


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row."""

    row: int
    sentence: str


@dataclass(frozen=True)
class Reading:
    """A table as it was read: what can be taken in, and what is wrong."""

    taken: Sequence[Taken]
    faults: Sequence[Fault] = field(default_factory=tuple)


def columns_for(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns of the template: one for each question, by its code."""
    return [*BEFORE, *(_column(item["code"]) for item in items), *AFTER]


def _column(code: str) -> str:
    """Return the column of a question; its code may be that of another column."""
    return f"answer-{code}" if code in {*BEFORE, *AFTER} else code


def read_rows(rows: Sequence[tuple[int, Mapping[str, str]]], words: Words) -> Reading:
    """Read the rows of a table. Each wrong one is named; the same row twice is wrong, too."""
    taken: list[Taken] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, values in rows:
        if values.get("id", "").strip().lower() == EXAMPLE:
            continue
        try:
            one = _read_row(number, values, words)
        except Refused as refusal:
            faults.append(Fault(number, str(refusal)))
            continue
        if one.external_id in seen:
            sentence = gettext("“%(id)s” stands in row %(row)s already. Each row needs an id of its own.")
            faults.append(Fault(number, sentence % {"id": one.external_id, "row": seen[one.external_id]}))
            continue
        seen[one.external_id] = number
        taken.append(one)
    return Reading(taken, faults)


def missing_columns(found: Sequence[str], items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns without which nothing can be read."""
    needed = [*BEFORE, *(_column(item["code"]) for item in items[:1])]
    return [name for name in needed if name not in found]


def _read_row(number: int, values: Mapping[str, str], words: Words) -> Taken:
    texts = [values.get(_column(item["code"]), "") for item in words.items]
    later = zip(words.items[1:], texts[1:], strict=True)
    kind, country = values.get("kind", "").strip().lower(), values.get("country", "").strip().upper()
    organisation = clean_line(values.get("organisation", ""))
    saying = Saying(
        title=values.get("title", ""),
        text=texts[0] if texts else "",
        language=_one_of(values.get("language", "").strip().lower(), LANGUAGE_CODES, gettext("language")),
        consent_to_publish=_yes(values.get("publish", ""), "publish"),
        shown_as=_one_of(values.get("shown_as", "").strip().lower() or "name", list(ShownAs), "shown_as"),
        # Whether it may be shown with an organisation alone is a matter of the name in the row.
        organisation_id=0 if organisation else None,
        kind=_one_of(kind, list(OrganisationKind), gettext("kind of organization")) if kind else "",
        country=_one_of(country, words.countries, gettext("country")) if country else "",
        is_headquarters=_yes(values.get("headquarters", ""), "headquarters"),
        line_ids=_codes(values.get("lines", ""), words.lines, gettext("action line")),
        goal_ids=_codes(values.get("goals", ""), words.goals, gettext("goal")),
        answers={item["code"]: text for item, text in later},
    )
    taken = Taken(
        saying=saying,
        external_id=clean_line(values.get("id", "")),
        name=clean_line(values.get("name", "")),
        email=values.get("email", "").strip(),
        organisation=organisation,
        provenance=clean_line(values.get("provenance", "")),
        row=number,
    )
    if not taken.external_id:
        sentence = gettext("The row has no id. With it, a table that is read twice is taken in once.")
        raise Refused(sentence, "id-missing")
    require_taken(taken, words.items)
    return taken


def require_taken(taken: Taken, items: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what could not be kept as a contribution."""
    for value, limit, name in (
        (taken.external_id, ID_LENGTH, "id"),
        (taken.name, NAME_LENGTH, "name"),
        (taken.organisation, NAME_LENGTH, "organisation"),
        (taken.provenance, PROVENANCE_LENGTH, "provenance"),
    ):
        if len(value) > limit:
            sentence = gettext("%(name)s is longer than %(limit)s characters.")
            raise Refused(sentence % {"name": name, "limit": limit}, "too-long", name)
    if taken.email:
        try:
            validate_email(taken.email)
        except ValidationError as error:
            sentence = gettext("“%(email)s” is no e-mail address.")
            raise Refused(sentence % {"email": taken.email}, "email", "email") from error
    require_something_said(taken.saying)
    require_answers(taken.saying, items)


def _one_of[Choice: str](value: str, choices: Sequence[Choice] | frozenset[str], name: str) -> str:
    if value not in choices:
        sentence = gettext("“%(value)s” is not known as %(name)s. Possible are: %(choices)s.")
        listed = ", ".join(sorted(choices)) if len(choices) <= len("a short list, please") else "…"
        raise Refused(sentence % {"value": value, "name": name, "choices": listed}, "unknown-word")
    return value


def _yes(value: str, name: str) -> bool:
    word = value.strip().lower()
    if word not in YES | NO:
        sentence = gettext("“%(value)s” in %(name)s is neither yes nor no.")
        raise Refused(sentence % {"value": value, "name": name}, "unknown-word")
    return word in YES


def _codes(value: str, known: Mapping[str, int], name: str) -> tuple[int, ...]:
    codes = value.replace(",", " ").replace(";", " ").split()
    return tuple(known[_one_of(code, frozenset(known), name)] for code in codes)
