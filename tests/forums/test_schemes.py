"""Groups derived from raw facts, checked against the data of countries and schemes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from muntada.forums.rules.schemes import (
    HEADQUARTERS,
    SHOWN_FIRST,
    DeclaredFacts,
    Scheme,
    SchemeDimension,
    countries,
    language_scheme,
    scheme_at,
    schemes,
    shown_first,
)
from muntada.people.rules import OrganisationKind

DATA = Path(__file__).resolve().parents[2] / "src" / "muntada" / "forums" / "data"
LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")
ANY_FACTS = st.builds(
    DeclaredFacts,
    kind=st.sampled_from(["", *OrganisationKind]),
    country=st.sampled_from(["", "XX", *countries()]),
    is_headquarters=st.booleans(),
)


def read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def scheme(key: str) -> Scheme:
    found = scheme_at(key)
    assert found is not None
    return found


def test_every_kind_of_organisation_falls_into_the_group_the_data_name() -> None:
    for row in read("schemes.json")["stakeholder_schemes"]:
        found = scheme(f"stakeholder:{row['code']}")
        assert {kind: found.group_of(DeclaredFacts(kind=kind)) for kind in OrganisationKind} == row[
            "from_kind"
        ]


def test_every_country_falls_into_the_group_the_data_name() -> None:
    rows = {row["alpha2"]: row for row in read("countries.json")["countries"] if row["alpha2"]}
    for key, field in (
        ("region:m49-region", "m49_region"),
        ("region:m49-sub-region", "m49_sub_region"),
        ("region:wb-region", "wb_region"),
        ("country:wb-income", "wb_income"),
    ):
        for code, row in rows.items():
            assert scheme(key).group_of(DeclaredFacts(country=code)) == (row[field] or "")


def test_a_country_in_any_special_situation_is_told_from_the_others() -> None:
    found = scheme("country:special-situation")
    rows = [row for row in read("countries.json")["countries"] if row["alpha2"]]
    for row in rows:
        special = row["ldc"] or row["lldc"] or row["sids"]
        assert found.group_of(DeclaredFacts(country=row["alpha2"])) == ("special" if special else "other")
    assert found.group_of(DeclaredFacts(country="NP")) == "special"
    assert found.group_of(DeclaredFacts(country="CH")) == "other"


def test_headquarters_of_an_international_body_are_no_voice_of_the_region_they_stand_in() -> None:
    geneva = DeclaredFacts("intergovernmental", "CH", is_headquarters=True)
    regions = scheme("region:m49-region")
    assert regions.group_of(geneva) == HEADQUARTERS
    assert regions.group_of(geneva, apart=False) == "150"
    assert scheme("stakeholder:wsis").group_of(geneva) == "international-organizations"


def test_who_declared_nothing_is_in_no_group() -> None:
    assert {one.group_of(DeclaredFacts()) for one in schemes()} == {""}


@given(ANY_FACTS, st.booleans())
def test_whoever_is_in_a_group_is_in_one_of_the_scheme(facts: DeclaredFacts, apart: bool) -> None:  # noqa: FBT001
    for one in schemes():
        assert one.group_of(facts, apart=apart) in {"", *(group.code for group in one.groups)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scheme_and_group_has_a_title_in_each_language(language: str) -> None:
    with translation.override(language):
        for one in schemes():
            titles = [one.titles[language], *(group.titles[language] for group in one.groups)]
            assert [one.title_here, *(one.title_of(group.code) for group in one.groups)] == titles
            assert len(set(titles[1:])) == len(titles) - 1


def test_what_pages_count_by_first_exists_and_covers_who_where_and_how_rich() -> None:
    assert {one.key for one in shown_first()} == set(SHOWN_FIRST)
    assert {one.dimension for one in shown_first()} == set(SchemeDimension) - {SchemeDimension.LANGUAGE}


def test_a_scheme_whose_members_are_not_known_is_not_offered() -> None:
    assert scheme_at("region:itu") is None
    assert scheme_at("region:un-regional-group") is None
    assert scheme_at("nonsense") is None


def test_the_languages_of_a_forum_are_a_scheme_too() -> None:
    found = language_scheme("Languages", ["ar", "fr"])
    assert [group.title_here for group in found.groups] == ["العربية", "Français"]
    assert (
        found.group_of(DeclaredFacts(language="fr", kind="press", country="CH", is_headquarters=True)) == "fr"
    )
    assert found.group_of(DeclaredFacts(language="en")) == ""
