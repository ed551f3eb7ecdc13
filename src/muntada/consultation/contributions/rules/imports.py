"""Imported contributions as plain values, and faults of rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from muntada.consultation.contributions.rules.contributions import (
    Saying,
    ShownAs,
    answer_field,
    raise_first,
    unanswered_in,
    unreadable_in,
)
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import Refused
from muntada.people.rules import OrganisationKind

ROWS_AT_ONCE = 5_000
ID_LENGTH, NAME_LENGTH, PROVENANCE_LENGTH, EMAIL_LENGTH = 100, 200, 500, 254
# The id of the example row, which is never imported.
EXAMPLE = "example"
BEFORE = ("id", "language", "title")
AFTER = (
    *("name", "email", "organisation", "kind", "country", "headquarters"),
    *("lines", "goals", "shown_as", "publish", "provenance"),
)
YES, NO = frozenset({"yes", "1", "true", "x"}), frozenset({"", "no", "0", "false"})


@dataclass(frozen=True)
class ContributionVocabulary:
    """The allowed values of cells: languages, lines, goals, countries."""

    languages: Sequence[str]
    lines: Mapping[str, int]
    goals: Mapping[str, int]
    countries: frozenset[str]
    items: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class ReceivedContribution:
    """An imported contribution: text, author, provenance."""

    saying: Saying
    external_id: str = ""
    name: str = ""
    email: str = ""
    organisation: str = ""
    provenance: str = ""
    row: int = 0


@dataclass(frozen=True)
class ContributionFault:
    """A fault of a cell, or of a row if `column` is empty."""

    row: int
    sentence: str
    column: str = ""


@dataclass(frozen=True)
class TableReading:
    """A parsed table: valid rows and all faults."""

    taken: Sequence[ReceivedContribution]
    faults: Sequence[ContributionFault] = field(default_factory=tuple)


def columns_for(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns of the template: one per question, by code."""
    return [*BEFORE, *(_column(item["code"]) for item in items), *AFTER]


def _column(code: str) -> str:
    """Return the column of a question, distinct from the fixed columns."""
    return f"answer-{code}" if code in {*BEFORE, *AFTER} else code


def column_of_field(name: str, items: Sequence[Mapping[str, Any]]) -> str:
    """Return the column of a form field."""
    if name == "text":
        return _column(items[0]["code"]) if items else name
    codes = {answer_field(item["code"]): _column(item["code"]) for item in items[1:]}
    return codes.get(name, name)


def read_rows(rows: Sequence[tuple[int, Mapping[str, str]]], words: ContributionVocabulary) -> TableReading:
    """Parse the rows of a table. All faults are listed, including duplicate rows."""
    taken: list[ReceivedContribution] = []
    faults: list[ContributionFault] = []
    seen: dict[str, int] = {}
    for number, values in rows:
        if values.get("id", "").strip().lower() == EXAMPLE:
            continue
        row = _Row(number, values, words)
        one = row.taken()
        if one.external_id in seen:
            sentence = gettext("“%(id)s” stands in row %(row)s already. Each row needs an id of its own.")
            row.put("id", sentence % {"id": one.external_id, "row": seen[one.external_id]})
        elif one.external_id:
            seen[one.external_id] = number
        faults += row.faults.values()
        if not row.faults:
            taken.append(one)
    return TableReading(taken, faults)


def missing_columns(found: Sequence[str], items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return missing required columns."""
    needed = [*BEFORE, *(_column(item["code"]) for item in items[:1])]
    return [name for name in needed if name not in found]


class _Row:
    """A row being parsed, with its faults."""

    def __init__(self, number: int, values: Mapping[str, str], words: ContributionVocabulary) -> None:
        self.number, self.values, self.words = number, values, words
        self.faults: dict[str, ContributionFault] = {}

    def put(self, column: str, sentence: str) -> None:
        """Add the first fault of a cell."""
        self.faults.setdefault(column, ContributionFault(self.number, sentence, column))

    def read[Value](self, column: str, reader: Callable[[str], Value], otherwise: Value) -> Value:
        try:
            return reader(self.values.get(column, "").strip())
        except Refused as refusal:
            self.put(column, str(refusal))
            return otherwise

    def taken(self) -> ReceivedContribution:
        words = self.words
        texts = [self.values.get(_column(item["code"]), "") for item in words.items]
        taken = ReceivedContribution(
            saying=self._saying(texts),
            external_id=self.read("id", clean_line, ""),
            name=self.read("name", clean_line, ""),
            email=self.read("email", str, ""),
            organisation=self.read("organisation", clean_line, ""),
            provenance=self.read("provenance", clean_line, ""),
            row=self.number,
        )
        if not taken.external_id:
            self.put(
                "id", gettext("The row has no id. With it, a table that is read twice is taken in once.")
            )
        for refusal in wrong_in(taken, words.items):
            self.put(column_of_field(refusal.field or "", words.items), str(refusal))
        return taken

    def _saying(self, texts: Sequence[str]) -> Saying:
        words = self.words
        kinds, ways = list(OrganisationKind), list(ShownAs)
        return Saying(
            title=self.values.get("title", ""),
            text=texts[0] if texts else "",
            language=self.read(
                "language", lambda cell: _one_of(cell.lower(), words.languages, gettext("language")), "en"
            ),
            consent_to_publish=self.read("publish", lambda cell: _yes(cell, "publish"), False),
            shown_as=self.read(
                "shown_as", lambda cell: _one_of(cell.lower() or "name", ways, "shown_as"), "name"
            ),
            # Whether the organization alone is shown depends on its name in the row.
            organisation_id=0 if self.read("organisation", clean_line, "") else None,
            kind=self.read(
                "kind",
                lambda cell: _one_of(cell.lower(), kinds, gettext("kind of organization")) if cell else "",
                "",
            ),
            country=self.read(
                "country",
                lambda cell: _one_of(cell.upper(), words.countries, gettext("country")) if cell else "",
                "",
            ),
            is_headquarters=self.read("headquarters", lambda cell: _yes(cell, "headquarters"), False),
            line_ids=self.read("lines", lambda cell: _codes(cell, words.lines, gettext("action line")), ()),
            goal_ids=self.read("goals", lambda cell: _codes(cell, words.goals, gettext("goal")), ()),
            answers={item["code"]: text for item, text in zip(words.items[1:], texts[1:], strict=True)},
        )


def require_complete(taken: ReceivedContribution, items: Sequence[Mapping[str, Any]]) -> None:
    """Refuse what cannot be stored as a contribution."""
    raise_first(wrong_in(taken, items))


def wrong_in(taken: ReceivedContribution, items: Sequence[Mapping[str, Any]]) -> Iterator[Refused]:
    """Yield all faults of a contribution."""
    for value, limit, name in (
        (taken.external_id, ID_LENGTH, "id"),
        (taken.name, NAME_LENGTH, "name"),
        (taken.organisation, NAME_LENGTH, "organisation"),
        (taken.provenance, PROVENANCE_LENGTH, "provenance"),
    ):
        if len(value) > limit:
            sentence = gettext("%(name)s is longer than %(limit)s characters.")
            yield Refused(sentence % {"name": name, "limit": limit}, "too-long", name)
    if taken.email and not _is_address(taken.email):
        sentence = gettext("“%(email)s” is no e-mail address.")
        yield Refused(sentence % {"email": taken.email}, "email", "email")
    yield from unreadable_in(taken.saying)
    yield from unanswered_in(taken.saying, items)


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= EMAIL_LENGTH


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
