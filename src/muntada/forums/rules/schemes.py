"""Classifications of people and organizations, derived from facts. Pure functions.

The field uses incompatible schemes. So only facts are stored: the kind of an organization, its
country, and whether it is the headquarters of an international body.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from muntada.foundations.languages import in_language, language_name

# The group for headquarters of international bodies in schemes of countries.
HEADQUARTERS = "headquarters"
_DATA = files("muntada.forums") / "data"


class SchemeDimension(StrEnum):
    """The dimension of a scheme."""

    STAKEHOLDER = "stakeholder"
    REGION = "region"
    COUNTRY = "country"
    LANGUAGE = "language"


@dataclass(frozen=True)
class DeclaredFacts:
    """The known facts about a person or organization; empty if unknown."""

    kind: str = ""
    country: str = ""
    is_headquarters: bool = False
    language: str = ""


@dataclass(frozen=True)
class SchemeGroup:
    """A group of a scheme, with its title in each language."""

    code: str
    titles: Mapping[str, str]

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


@dataclass(frozen=True)
class Scheme:
    """A classification; `members` maps each kind or country to its group."""

    key: str
    dimension: SchemeDimension
    titles: Mapping[str, str]
    groups: tuple[SchemeGroup, ...]
    members: Mapping[str, str]

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    @property
    def counts_countries(self) -> bool:
        return self.dimension in (SchemeDimension.REGION, SchemeDimension.COUNTRY)

    @property
    def own_groups(self) -> tuple[SchemeGroup, ...]:
        """The groups of the scheme, without the one for headquarters."""
        return tuple(group for group in self.groups if group.code != HEADQUARTERS)

    def group_of(self, facts: DeclaredFacts, *, apart: bool = True) -> str:
        """Return the group of these facts, empty if unknown.

        `apart` assigns headquarters of international bodies to their own group instead of the region of
        their seat, which they do not speak for.
        """
        if self.dimension is SchemeDimension.STAKEHOLDER:
            return self.members.get(facts.kind, "")
        if self.dimension is SchemeDimension.LANGUAGE:
            return self.members.get(facts.language, "")
        if apart and facts.is_headquarters:
            return HEADQUARTERS
        return self.members.get(facts.country, "")

    def group(self, code: str) -> SchemeGroup:
        return next(group for group in self.groups if group.code == code)

    def title_of(self, code: str) -> str:
        return next((group.title_here for group in self.groups if group.code == code), code)


# The default schemes of pages: stakeholder group, region, income and country category.
SHOWN_FIRST = ("stakeholder:wsis", "region:m49-region", "country:wb-income", "country:special-situation")


@cache
def schemes() -> tuple[Scheme, ...]:
    """Return all schemes in the order of the data."""
    return tuple(_schemes())


@cache
def countries() -> tuple[str, ...]:
    """Return the codes of all countries in the schemes."""
    return tuple(one["alpha2"] for one in _countries() if one["alpha2"])


def language_scheme(title: str, languages: Sequence[str]) -> Scheme:
    """Return the scheme of a forum's languages, each under its own name."""
    return Scheme(
        key=SchemeDimension.LANGUAGE.value,
        dimension=SchemeDimension.LANGUAGE,
        titles={"en": title},
        groups=tuple(SchemeGroup(code, {"en": language_name(code)}) for code in languages),
        members={code: code for code in languages},
    )


def scheme_at(key: str) -> Scheme | None:
    return next((scheme for scheme in schemes() if scheme.key == key), None)


def shown_first() -> tuple[Scheme, ...]:
    return tuple(scheme for scheme in schemes() if scheme.key in SHOWN_FIRST)


def _schemes() -> Iterator[Scheme]:
    data, places = _read("schemes.json"), _countries()
    for row in data["stakeholder_schemes"]:
        yield Scheme(
            key=f"{SchemeDimension.STAKEHOLDER}:{row['code']}",
            dimension=SchemeDimension.STAKEHOLDER,
            titles=row["titles"],
            groups=_groups(row["values"]),
            members=row["from_kind"],
        )
    apart = data["headquarters"]
    for dimension in (SchemeDimension.REGION, SchemeDimension.COUNTRY):
        for row in data[f"{dimension}_schemes"]:
            if row["derived"]:
                yield Scheme(
                    key=f"{dimension}:{row['code']}",
                    dimension=dimension,
                    titles=row["titles"],
                    groups=_groups([*row["values"], apart]),
                    members=dict(_members(row, places)),
                )


def _members(row: Mapping[str, Any], places: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the group of each country: by its own code, or by whether any of some flags is set."""
    for place in places:
        if not place["alpha2"]:
            continue
        if row["country_key"] is None:
            marked = any(place[mark] for mark in row["country_marks"])
            yield place["alpha2"], row["values"][0 if marked else 1]["code"]
        elif place[row["country_key"]]:
            yield place["alpha2"], place[row["country_key"]]


def _groups(values: Sequence[Mapping[str, Any]]) -> tuple[SchemeGroup, ...]:
    return tuple(SchemeGroup(value["code"], value["titles"]) for value in values)


@cache
def _countries() -> tuple[Mapping[str, Any], ...]:
    return tuple(_read("countries.json")["countries"])


def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text(encoding="utf-8"))
