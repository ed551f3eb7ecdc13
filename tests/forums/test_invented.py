import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "src" / "muntada" / "cli" / "demo" / "data" / "invented"
WSIS = ROOT / "src" / "muntada" / "forums" / "data" / "wsis.json"
MARKS = {
    "ar": ("مثال", "نموذج", "متخيَّل"),
    "zh-hans": ("示例", "范例", "虚构"),
    "en": ("Example", "Sample", "Placeholder", "(invented)"),
    "fr": ("Exemple", "Modèle", "(imaginaire)"),
    "ru": ("Пример", "Образец", "(вымышлен"),
    "es": ("Ejemplo", "Muestra", "(imaginari"),
}


def rows(name: str) -> list[dict[str, Any]]:
    document = json.loads((INVENTED / f"{name}.json").read_text(encoding="utf-8"))
    assert document["is_invented"]
    return document[name]


def framework_codes(part: str) -> set[str]:
    return {one["code"] for one in json.loads(WSIS.read_text(encoding="utf-8"))[part]}


@pytest.mark.parametrize("name", ["organisations", "people"])
def test_every_name_shows_that_it_is_invented(name: str) -> None:
    for one in rows(name):
        assert any(mark in one["name"] for mark in MARKS[one["language"]]), one["name"]


def test_organisations_of_every_kind_and_people_of_every_language_take_part() -> None:
    organisations, people = rows("organisations"), rows("people")
    assert (len(organisations), len(people)) == (24, 40)
    assert len({one["kind"] for one in organisations}) == 8
    assert {one["language"] for one in people} == set(MARKS)
    assert all(one["email"].endswith("@demo.invalid") for one in people)
    assert all(one["organisation"] is None or one["organisation"] < 24 for one in people)


def test_sixty_contributions_stand_in_six_languages() -> None:
    contributions = rows("contributions")
    assert Counter(one["language"] for one in contributions) == {
        "ar": 9,
        "zh-hans": 9,
        "en": 16,
        "fr": 9,
        "ru": 8,
        "es": 9,
    }
    assert len({one["text"] for one in contributions}) == 60
    for one in contributions:
        assert one["author"] < 40
        assert set(one["lines"]) <= framework_codes("lines")
        assert set(one["goals"]) <= framework_codes("goals")
        assert one["lines"]
        assert one["goals"]


def test_every_contribution_has_one_reply_with_a_reason_its_author_can_read() -> None:
    contributions, replies = rows("contributions"), rows("replies")
    assert [one["contribution"] for one in replies] == list(range(60))
    for one in replies:
        assert set(one["reason"]) == {"en", contributions[one["contribution"]]["language"]}
        assert all(reason.strip() for reason in one["reason"].values())
    assert {one["disposition"] for one in replies} == {
        "accepted",
        "merged",
        "clustered",
        "referred",
        "declined",
    }


def test_each_statement_is_taken_from_a_contribution_in_its_language() -> None:
    contributions, statements = rows("contributions"), rows("statements")
    assert len(statements) == 36
    for one in statements:
        assert one["language"] == contributions[one["contribution"]]["language"]
        assert one["english"]
        assert all(-2 <= part <= 2 for part in one["leaning"])


def test_each_contribution_is_found_under_a_theme() -> None:
    themes = rows("themes")
    assert len(themes) == 10
    assert all(set(theme["titles"]) == set(MARKS) for theme in themes)
    assert {index for theme in themes for index in theme["contributions"]} == set(range(60))
