"""Into which groups people and bodies are counted: schemes derived from raw facts. Pure functions.

Incompatible schemes stand side by side in the field, so what is stored of somebody are facts alone: the kind
of their organisation, its country, and whether it is the headquarters of an international body.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from muntada.foundations.languages import in_language, language_name

# The group of the headquarters of international bodies, wherever countries are counted.
HEADQUARTERS = "headquarters"
_DATA = files("muntada.forums") / "data"


class Dimension(StrEnum):
    """What a scheme divides by."""

    STAKEHOLDER = "stakeholder"
    REGION = "region"
    COUNTRY = "country"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Facts:
    """What is known of who speaks; empty where nothing is."""

    kind: str = ""
    country: str = ""
    is_headquarters: bool = False
    language: str = ""


@dataclass(frozen=True)
class SchemeGroup:
    """One group of a scheme, with its title in each language."""

    code: str
    titles: Mapping[str, str]

    @property
    def title_here(self) -> str:
        return in_language(self.titles)


@dataclass(frozen=True)
class Scheme:
    """A way to count people and bodies; `members` names the group of each kind or of each country."""

    key: str
    dimension: Dimension
    titles: Mapping[str, str]
    groups: tuple[SchemeGroup, ...]
    members: Mapping[str, str]

    @property
    def title_here(self) -> str:
        return in_language(self.titles)

    @property
    def counts_countries(self) -> bool:
        return self.dimension in (Dimension.REGION, Dimension.COUNTRY)

    @property
    def own_groups(self) -> tuple[SchemeGroup, ...]:
        """The groups as the scheme itself has them, without the one for headquarters."""
        return tuple(group for group in self.groups if group.code != HEADQUARTERS)

    def group_of(self, facts: Facts, *, apart: bool = True) -> str:
        """Return the group these facts fall into, empty where they say nothing.

        `apart` takes the headquarters of international bodies out of the region they happen to stand in:
        what they say is not the voice of that region.
        """
        if self.dimension is Dimension.STAKEHOLDER:
            return self.members.get(facts.kind, "")
        if self.dimension is Dimension.LANGUAGE:
            return self.members.get(facts.language, "")
        if apart and facts.is_headquarters:
            return HEADQUARTERS
        return self.members.get(facts.country, "")

    def group(self, code: str) -> SchemeGroup:
        return next(group for group in self.groups if group.code == code)

    def title_of(self, code: str) -> str:
        return next((group.title_here for group in self.groups if group.code == code), code)


# What pages count by unless another scheme is chosen: who, where, how rich, in what situation.
SHOWN_FIRST = ("stakeholder:wsis", "region:m49-region", "country:wb-income", "country:special-situation")


@cache
def schemes() -> tuple[Scheme, ...]:
    """Return every scheme that can be derived from the facts, in the order of the data."""
    return tuple(_schemes())


@cache
def countries() -> tuple[str, ...]:
    """Return the codes of all countries a scheme can place."""
    return tuple(one["alpha2"] for one in _countries() if one["alpha2"])


def language_scheme(title: str, languages: Sequence[str]) -> Scheme:
    """Return the scheme of the languages of a forum, each by its own name."""
    return Scheme(
        key=Dimension.LANGUAGE.value,
        dimension=Dimension.LANGUAGE,
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
            key=f"{Dimension.STAKEHOLDER}:{row['code']}",
            dimension=Dimension.STAKEHOLDER,
            titles=row["titles"],
            groups=_groups(row["values"]),
            members=row["from_kind"],
        )
    apart = data["headquarters"]
    for dimension in (Dimension.REGION, Dimension.COUNTRY):
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
    """Yield the group of each country: by a code of its own, or by whether any of some marks is set."""
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
