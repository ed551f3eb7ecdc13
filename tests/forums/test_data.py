import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORUMS = ROOT / "src" / "muntada" / "forums" / "data"
DEMO = ROOT / "src" / "muntada" / "demo" / "data"
INDICATORS = ROOT.parent / "shared" / "data" / "indicators"
LANGUAGES = {"ar", "zh-hans", "en", "fr", "ru", "es"}
LINES = [
    *(f"C{number}" for number in range(1, 7)),
    *(f"C7-{topic}" for topic in ("eGov", "eBus", "eLea", "eHea", "eEmp", "eEnv", "eAgr", "eSci")),
    *(f"C{number}" for number in range(8, 12)),
]
LINKS_PER_GOAL = [10, 8, 6, 10, 10, 4, 3, 9, 11, 5, 7, 7, 6, 4, 3, 8, 13]
FRAMEWORKS = ["wsis.json", "national.json"]


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def texts_of(value: Any) -> list[dict[str, str]]:
    """Every text that must stand in six languages."""
    if isinstance(value, list):
        return [text for item in value for text in texts_of(item)]
    if not isinstance(value, dict):
        return []
    if "en" in value and set(value) <= LANGUAGES:
        return [value]
    return [text for item in value.values() for text in texts_of(item)]


def test_the_wsis_framework_has_its_lines_goals_and_targets_in_order() -> None:
    wsis = read(FORUMS / "wsis.json")
    assert [line["code"] for line in wsis["lines"]] == LINES
    assert [goal["code"] for goal in wsis["goals"]] == [str(number) for number in range(1, 18)]
    assert [target["number"] for target in wsis["targets"]] == list(range(1, 12))


def test_the_matrix_has_the_published_number_of_links_for_each_goal() -> None:
    links = read(FORUMS / "wsis.json")["links"]
    per_goal = Counter(link["goal"] for link in links)
    assert [per_goal[str(number)] for number in range(1, 18)] == LINKS_PER_GOAL
    assert len({(link["line"], link["goal"]) for link in links}) == len(links) == 124
    assert all(link["status"] == "sourced" and link["source"] for link in links)


def test_links_found_on_no_page_stay_outside_the_matrix() -> None:
    wsis = read(FORUMS / "wsis.json")
    unverified = wsis["unverified_links"]
    assert {link["status"] for link in unverified} == {"unverified"}
    assert ("C7-eEnv", "12") in {(link["line"], link["goal"]) for link in unverified}
    assert ("C7-eEnv", "12") not in {(link["line"], link["goal"]) for link in wsis["links"]}


def test_the_first_ten_targets_keep_the_wording_of_2003_and_of_2014() -> None:
    targets = read(FORUMS / "wsis.json")["targets"]
    years = [[statement["valid_from"] for statement in target["statements"]] for target in targets]
    assert years == [[2003, 2014]] * 10 + [[2014]]


def test_the_title_of_c1_is_kept_as_it_drifted() -> None:
    versions = read(FORUMS / "wsis.json")["lines"][0]["title_versions"]
    assert [version["valid_from"] for version in versions] == [2003, 2014, 2025]
    assert "public governance authorities" in versions[1]["titles"]["en"]
    assert versions[0]["titles"] == versions[2]["titles"] == read(FORUMS / "wsis.json")["lines"][0]["titles"]


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_every_link_joins_a_line_and_a_goal_of_its_framework(name: str) -> None:
    framework = read(FORUMS / name)
    lines = {line["code"] for line in framework["lines"]}
    goals = {goal["code"] for goal in framework["goals"]}
    assert framework["links"]
    for link in framework["links"] + framework["unverified_links"]:
        assert link["line"] in lines
        assert link["goal"] in goals


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_what_is_sourced_names_its_source_and_what_is_not_says_so(name: str) -> None:
    framework = read(FORUMS / name)
    facts = framework["links"] + framework["unverified_links"]
    facts += [one for line in framework["lines"] for one in line["facilitators"]]
    facts += [one for target in framework["targets"] for one in target["statements"]]
    for fact in facts:
        assert fact["status"] in {"sourced", "unverified"}
        assert fact["source"] or fact["status"] == "unverified"


@pytest.mark.parametrize(
    "path", [*sorted(FORUMS.glob("*.json")), *sorted(DEMO.glob("*.json"))], ids=lambda path: path.name
)
def test_every_text_stands_in_six_languages(path: Path) -> None:
    for text in texts_of(read(path)):
        assert set(text) == LANGUAGES, text
        assert all(words.strip() for words in text.values()), text


def test_a_national_forum_brings_a_framework_of_the_same_shape() -> None:
    national, wsis = read(FORUMS / "national.json"), read(FORUMS / "wsis.json")
    assert [len(national[part]) for part in ("lines", "goals", "targets")] == [4, 3, 2]
    assert set(wsis) <= set(national)
    assert national["is_invented"]


def test_the_demo_forum_stands_on_its_true_dates() -> None:
    forum = read(DEMO / "wsis20.json")
    assert (forum["starts_date"], forum["ends_date"]) == ("2025-07-07", "2025-07-11")
    assert forum["zone"] == "Europe/Zurich"
    week = next(window for window in forum["windows"] if window["code"] == "forum-week")
    assert (week["opens"], week["closes"]) == ("2025-07-07", "2025-07-11")


def test_each_window_closes_after_it_opens_and_names_its_source() -> None:
    forum = read(DEMO / "wsis20.json")
    for window in forum["windows"]:
        assert date.fromisoformat(window["opens"]) <= date.fromisoformat(window["closes"])
        assert window["status"] == "sourced"
        assert window["source"].startswith("https://")
    assert all(window["is_invented"] for window in forum["demo_windows"])
    assert len({window["stage"] for window in forum["demo_windows"]}) == 6


def test_the_comments_on_the_elements_paper_were_extended_to_25_july() -> None:
    forum = read(DEMO / "wsis20.json")
    (extension,) = forum["extensions"]
    window = next(one for one in forum["windows"] if one["code"] == extension["window"])
    assert (window["closes"], extension["closed"], extension["closes"]) == (
        "2025-07-15",
        "2025-07-15",
        "2025-07-25",
    )


def test_where_trackers_disagree_both_dates_stand() -> None:
    milestones = read(DEMO / "wsis20.json")["milestones"]
    assert [one["on"] for one in milestones] == sorted(one["on"] for one in milestones)
    doubtful = {one["on"]: one["other"] for one in milestones if one["other"]}
    assert len({(one["on"], one["text"]["en"]) for one in milestones}) == len(milestones)
    assert doubtful == {"2025-03-25": "2025-03-27", "2025-08-29": "2025-08-30"}


def test_each_published_figure_has_its_edition_and_its_source() -> None:
    published = read(DEMO / "published_figures.json")
    codes = {indicator["code"] for indicator in published["indicators"]}
    for figure in published["figures"]:
        assert figure["indicator"] in codes
        assert figure["edition"]
        assert figure["source"]
    world_2024 = {
        (one["edition"], one["value"])
        for one in published["figures"]
        if (one["indicator"], one["area"], one["breakdown"]) == ("internet_users_pct", "WLD", "total")
        and one["ref_year"] == 2024
    }
    assert world_2024 == {(2024, 68), (2025, 71)}


def test_each_country_stands_once_with_codes_that_are_texts() -> None:
    countries = read(FORUMS / "countries.json")["countries"]
    assert len({one["alpha3"] for one in countries}) == len(countries) == 250
    namibia = next(one for one in countries if one["alpha3"] == "NAM")
    assert (namibia["alpha2"], namibia["m49"], namibia["m49_region"]) == ("NA", "516", "002")
    algeria = next(one for one in countries if one["alpha3"] == "DZA")
    assert algeria["m49"] == "012"
    assert sum(one["ldc"] for one in countries) > sum(one["lldc"] for one in countries) > 25


def test_each_group_of_a_country_has_a_title() -> None:
    areas = read(FORUMS / "areas.json")
    for country in read(FORUMS / "countries.json")["countries"]:
        for key in ("wb_region", "wb_income"):
            assert country[key] is None or country[key] in areas["areas"]
        for key in ("m49_region", "m49_sub_region"):
            assert country[key] is None or country[key] in areas["m49"]


def test_every_aggregate_of_the_world_bank_files_has_a_title_and_a_scheme() -> None:
    if not INDICATORS.exists():
        pytest.skip("the indicator files are not beside the project")
    with (INDICATORS / "reference" / "wb_country_groups.csv").open(encoding="utf-8") as file:
        aggregates = {row["code"] for row in csv.DictReader(file) if row["is_aggregate"] == "True"}
    areas = read(FORUMS / "areas.json")["areas"]
    assert len(aggregates) == 48
    assert aggregates <= set(areas)
    assert {area["scheme"] for area in areas.values()} == {
        "world",
        "region",
        "itu-region",
        "income",
        "development",
        "other",
    }


def test_each_published_figure_is_about_an_area_that_has_a_title() -> None:
    areas = read(FORUMS / "areas.json")["areas"]
    for figure in read(DEMO / "published_figures.json")["figures"]:
        assert areas[figure["area"]]["scheme"] == figure["scheme"]


def test_each_kind_of_organisation_has_its_place_in_each_stakeholder_scheme() -> None:
    schemes = read(FORUMS / "schemes.json")
    kinds = [kind["code"] for kind in schemes["kinds"]]
    assert len(kinds) == 8
    for scheme in schemes["stakeholder_schemes"]:
        values = {value["code"] for value in scheme["values"]}
        assert list(scheme["from_kind"]) == kinds
        assert set(scheme["from_kind"].values()) == values


def test_a_derived_region_scheme_has_a_value_for_every_country_that_has_one() -> None:
    countries = read(FORUMS / "countries.json")["countries"]
    derived = [scheme for scheme in read(FORUMS / "schemes.json")["region_schemes"] if scheme["derived"]]
    assert derived
    for scheme in derived:
        found = {country[scheme["country_key"]] for country in countries} - {None}
        assert found == {value["code"] for value in scheme["values"]}
