"""The file of a forum, which sets one up: TOML, whose keys docs/operating/forum.toml explains."""

import re
import tomllib
from datetime import date, datetime, time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from muntada.forums.rules.slugs import RESERVED_SLUGS
from muntada.forums.rules.stages import Stage
from muntada.forums.rules.zones import known_zones
from muntada.foundations.faults import CannotRun
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.people.rules import Role

MOST_BYTES = 1_000_000
SENTENCES = {
    "extra_forbidden": "this key is not known. Is it misspelt?",
    "missing": "is missing.",
    "too_short": "is empty.",
}
# What pydantic puts between the keys of the file.
NO_KEYS = frozenset({"[key]", "shipped", "own"})


def _known_language(code: str) -> str:
    if code not in LANGUAGE_CODES:
        raise ValueError(f"'{code}' is none of the languages {', '.join(LANGUAGE_CODES)}")
    return code


def _known_zone(name: str) -> str:
    if name not in known_zones():
        raise ValueError(f"there is no time zone '{name}'; write one like Africa/Nairobi")
    return name


def _free_slug(slug: str) -> str:
    if slug in RESERVED_SLUGS:
        raise ValueError(f"'{slug}' is an address of the platform itself")
    return slug


def _written_as(pattern: str, sentence: str) -> AfterValidator:
    """Refuse a text of another form by a sentence that says what form it has."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(sentence)
        return text

    return AfterValidator(check)


def _day_or_moment(given: object) -> date:
    if not isinstance(given, date):
        sentence = "write a day (2026-03-01) or a day with a time (2026-03-01T18:00:00), without quotes"
        raise PydanticCustomError("moment", sentence)
    return given


def _kind_of_framework(given: object) -> str:
    return "shipped" if isinstance(given, str) else "own"


type Language = Annotated[str, AfterValidator(_known_language)]
type FileTranslations = Annotated[dict[Language, Annotated[str, Field(min_length=1)]], Field(min_length=1)]
type Moment = Annotated[date, PlainValidator(_day_or_moment)]
type Code = Annotated[
    str, _written_as(r"[a-z0-9-]{1,32}", "write up to 32 small letters, digits and hyphens, as in norlandia")
]
type Slug = Annotated[
    str,
    _written_as(
        r"[a-z][a-z0-9-]{0,31}", "write up to 32 small letters, digits and hyphens, as in norlandia26"
    ),
    AfterValidator(_free_slug),
]
type Prefix = Annotated[
    str,
    _written_as(r"[A-Z][A-Z0-9-]{1,15}", "write 2 to 16 capital letters, digits and hyphens, as in NOR26"),
]
type Email = Annotated[
    str,
    Field(max_length=254),
    _written_as(r"[^@\s]+@[^@\s]+", "write an e-mail address, as in a@example.org"),
]


class _Table(BaseModel):
    """A table of the file; a key that is not known is a fault, since it may be misspelt."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FileLine(_Table):
    """A line or a goal of a framework."""

    code: Annotated[str, Field(min_length=1, max_length=16)]
    title: FileTranslations


class FileFramework(_Table):
    """A framework that is written in the file itself."""

    code: Code
    version: Annotated[str, Field(min_length=1, max_length=16)]
    title: FileTranslations
    lines: tuple[FileLine, ...] = ()
    goals: tuple[FileLine, ...] = ()

    @model_validator(mode="after")
    def _codes_once(self) -> Self:
        for name, rows in (("lines", self.lines), ("goals", self.goals)):
            codes = [row.code for row in rows]
            if twice := next((code for code in codes if codes.count(code) > 1), None):
                raise ValueError(f"{name}: the code '{twice}' stands twice")
        return self


class FileWindow(_Table):
    """A period in which a stage is open. A day alone begins at midnight in the zone of the forum."""

    stage: Stage
    opens: Moment
    closes: Moment | None = None
    label: FileTranslations | None = None


class FileOrganizer(_Table):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    role: Annotated[str, Field(max_length=24)] = "organizer"


class FileMilestone(_Table):
    day: date
    text: FileTranslations


class FilePerson(_Table):
    """Somebody who holds roles from the beginning."""

    email: Email
    name: Annotated[str, Field(max_length=120)] = ""
    language: Language | None = None
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]


class ForumFile(_Table):
    """A forum as its file gives it."""

    slug: Slug
    prefix: Prefix
    name: FileTranslations
    about: dict[Language, str] = {}
    place: dict[Language, str] = {}
    starts: date
    ends: date
    zone: Annotated[str, AfterValidator(_known_zone)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]
    framework: Annotated[
        Annotated[Literal["wsis"], Tag("shipped")] | Annotated[FileFramework, Tag("own")],
        Discriminator(_kind_of_framework),
    ]
    windows: tuple[FileWindow, ...] = ()
    organizers: tuple[FileOrganizer, ...] = ()
    milestones: tuple[FileMilestone, ...] = ()
    people: tuple[FilePerson, ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("ends: the forum ends before it starts")
        if len(set(self.languages)) < len(self.languages):
            raise ValueError("languages: one stands twice")
        if self.languages[0] not in self.name:
            raise ValueError(
                f"name: a name in '{self.languages[0]}' is missing, the first language of the forum"
            )
        for number, window in enumerate(self.windows, 1):
            if window.closes is not None and self.moment(window.closes) <= self.moment(window.opens):
                raise ValueError(f"windows {number}, closes: the window closes before it opens")
        if not any(Role.SECRETARIAT in person.roles for person in self.people):
            raise ValueError("people: nobody is the secretariat; give somebody the role 'secretariat'")
        return self

    def moment(self, given: Moment) -> datetime:
        """Return the moment that a day or a local time means in the zone of the forum."""
        local = given if isinstance(given, datetime) else datetime.combine(given, time())
        return local if local.tzinfo else local.replace(tzinfo=ZoneInfo(self.zone))


def read_forum_file(content: bytes) -> ForumFile:
    """Read the file of a forum, or refuse it with all that is wrong in it, a line each."""
    if len(content) > MOST_BYTES:
        raise CannotRun(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        return ForumFile.model_validate(tomllib.loads(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise CannotRun(
            f"The file is not written in UTF-8 (byte {error.start + 1}). Save it as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise CannotRun(f"The file is no TOML: {error}.") from error
    except ValidationError as error:
        found = error.errors()
        # A list whose only item is wrong is not empty as well.
        lists = {each["loc"][:-1] for each in found}
        told = [each for each in found if each["type"] != "too_short" or each["loc"] not in lists]
        faults = "\n".join(f"  {_fault(each)}" for each in told)
        raise CannotRun(f"The file has to be corrected:\n{faults}") from error


def _fault(error: ErrorDetails) -> str:
    """Return a fault with the key it concerns; tables of a list are counted from one."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in error["loc"]]
    path = " ".join(step for step in steps if step not in NO_KEYS)
    said = SENTENCES.get(error["type"]) or error["msg"].removeprefix("Value error, ")
    said = said.replace("Input should be ", "write ", 1)
    return f"{path}: {said}" if path else said
