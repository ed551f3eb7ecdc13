"""The frame of every page: it says where the forum stands, keeps a theme, and stands when all breaks."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client


def a_step(state: str, **more: object) -> SimpleNamespace:
    step = {"stage": "review", "label": "Review", "url": "/f/review", "until": None, "opens": None}
    return SimpleNamespace(**{**step, "state": state, "current": False, **more})


def test_the_page_of_a_defect_needs_no_context_at_all() -> None:
    page = render_to_string("500.html")
    assert "Something broke here" in page
    assert "/static/muntada/base.css" in page
    assert "reference" not in page


def test_the_page_of_a_defect_gives_the_reference() -> None:
    assert "4f3a91bc" in render_to_string("500.html", {"reference": "4f3a91bc"})


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (a_step("open", until=datetime(2025, 7, 31, tzinfo=UTC)), "open until 31 July 2025"),
        (a_step("open"), ">open<"),
        (a_step("upcoming", opens=datetime(2025, 7, 7, tzinfo=UTC)), "opens 7 July 2025"),
        (a_step("closed"), "closed"),
        (a_step("none"), "no dates yet"),
    ],
    ids=["open until a day", "open without an end", "not open yet", "closed", "without dates"],
)
def test_the_life_of_a_forum_is_told_in_words_too(step: SimpleNamespace, words: str) -> None:
    assert words in render_to_string("parts/life.html", {"life": [step]})


def test_the_stage_one_is_in_is_marked_for_those_who_listen() -> None:
    both = [a_step("open"), a_step("closed", current=True)]
    assert render_to_string("parts/life.html", {"life": both}).count('aria-current="true"') == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("cookie", "written"), [("dark", ' data-theme="dark"'), ('x" onload="', "")])
def test_a_chosen_theme_is_written_into_the_page_and_nothing_else_is(
    client: Client, cookie: str, written: str
) -> None:
    client.cookies["theme"] = cookie
    assert f'<html lang="en" dir="ltr"{written}>' in client.get("/").content.decode()


@pytest.mark.django_db
def test_each_language_is_one_link_away_under_its_own_name(client: Client) -> None:
    page = client.get("/?q=1").content.decode()
    for name in ("العربية", "中文", "English", "Français", "Русский", "Español"):
        assert name in page
    assert "/?q=1&amp;lang=ar" in page


@pytest.mark.django_db
def test_an_arabic_page_runs_from_right_to_left_and_begins_with_the_arabic_name(client: Client) -> None:
    page = client.get("/?lang=ar").content.decode()
    assert '<html lang="ar" dir="rtl"' in page
    assert page.index("منتدى") < page.index("Muntada</span>")
