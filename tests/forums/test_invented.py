import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
INVENTED = ROOT / "src" / "muntada" / "demo" / "data" / "invented"
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
    # What is merged, its two authors say themselves.
    assert {one["disposition"] for one in replies} == {"accepted", "clustered", "referred", "declined"}


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


def test_each_session_request_can_be_held_in_one_of_the_rooms() -> None:
    requests, rooms = rows("session_requests"), rows("rooms")
    assert (len(requests), len(rooms)) == (40, 10)
    assert {one["language"] for one in requests} == set(MARKS)
    for one in requests:
        assert one["minutes"] in {45, 60, 90}
        assert 2 <= len(set(one["speakers"])) == len(one["speakers"]) <= 5
        assert max(one["speakers"]) < 40
        assert one["organiser"] < 24
        assert any(
            room["seats"] >= one["audience"] and set(one["needs"]) <= set(room["services"]) for room in rooms
        ), one["title"]


def test_each_session_request_answers_a_theme_and_a_contribution() -> None:
    for one in rows("session_requests"):
        assert one["answers"]["themes"]
        assert one["answers"]["contributions"]
        assert max(one["answers"]["themes"]) < 10
        assert max(one["answers"]["contributions"]) < 60


@pytest.mark.parametrize(
    ("name", "count"), [("initiatives", 12), ("questions", 14), ("reports", 12), ("findings", 22)]
)
def test_the_later_stages_have_their_rows(name: str, count: int) -> None:
    assert len(rows(name)) == count
    assert {one["language"] for one in rows(name)} == set(MARKS)


def test_the_draft_has_its_paragraphs_proposals_and_commitments() -> None:
    outcome: Any = rows("outcome")
    kinds = Counter(one["kind"] for one in outcome["paragraphs"])
    assert kinds == {"preambular": 6, "operative": 16}
    assert Counter(one["kind"] for one in outcome["proposals"]).keys() == {
        "replace",
        "add",
        "delete",
        "new-after",
    }
    assert (len(outcome["proposals"]), len(outcome["commitments"])) == (10, 8)
    for one in outcome["proposals"] + outcome["commitments"]:
        assert 6 <= one["paragraph"] < 22
    for one in outcome["proposals"]:
        assert (one["text"] == "") == (one["kind"] == "delete")
        assert bool(one["reason"]) == (one["state"] != "open")


def cited() -> list[tuple[str, str, str]]:
    """Every placeholder citation of these files: where it stands, its kind, what it names."""
    found = []
    for name in ("reports", "findings", "outcome"):
        text = (INVENTED / f"{name}.json").read_text(encoding="utf-8")
        found += [(name, *match) for match in re.findall(r"\[([A-Z]):([A-Za-z0-9.]+)\]", text)]
    leads = [one["leads_to"].split(":") for one in rows("replies") if one["leads_to"]]
    return found + [("replies", kind, number) for kind, number in leads]


def test_every_placeholder_citation_names_something_that_is_there() -> None:
    outcome: Any = rows("outcome")
    lengths = {
        "C": 60,
        "T": 36,
        "M": 10,
        "P": 40,
        "R": 12,
        "I": 12,
        "F": 22,
        "L": len(outcome["paragraphs"]),
    }
    citations = cited()
    assert len(citations) > 150
    for place, kind, number in citations:
        if kind == "D":
            assert number == "IT.NET.USER.ZS"
        else:
            assert int(number) < lengths[kind], (place, kind, number)


def test_every_finding_and_operative_paragraph_cites_what_it_rests_on() -> None:
    outcome: Any = rows("outcome")
    texts = [one["text"] for one in rows("findings")]
    texts += [one["text"] for one in outcome["paragraphs"] if one["kind"] == "operative"]
    assert all(re.search(r"\[[CTRIFD]:", text) for text in texts)


def test_reports_and_questions_belong_to_requested_sessions() -> None:
    reported = [one["session_request"] for one in rows("reports")]
    assert len(set(reported)) == 12
    assert {one["session_request"] for one in rows("questions")} <= set(range(40))
    for report in rows("reports"):
        assert report["points"]
        assert {point["line"] for point in report["points"]} <= framework_codes("lines")


def test_findings_leave_lines_empty_so_that_gaps_can_be_seen() -> None:
    findings = rows("findings")
    assert {one["kind"] for one in findings} == {"achievement", "obstacle", "lesson", "trend", "vision"}
    assert {one["strength"] for one in findings} == {"low", "medium", "high"}
    assert {one["line"] for one in findings} < framework_codes("lines")
