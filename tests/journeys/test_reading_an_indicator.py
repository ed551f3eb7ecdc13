"""From the front of the evidence to an indicator: comparing, drawing, taking along, and what methods say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from muntada.evidence.assessments import actions as assessing
from muntada.evidence.assessments.actions import NewTarget
from muntada.evidence.imports.actions import figures
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.forums.models import Forum
from muntada.record.rules import SYSTEM

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FORUM = "/wsis20"
NARROW = {"width": 360, "height": 740}
STEPS = {"WLD": (10, 2.4), "SSF": (2, 1.5), "KEN": (3, 1.6), "NAM": (5, 2.2), "NOR": (60, 1.5)}
USERS = "code,name,year,value\n" + "".join(
    f"{code},{code},{year},{first + step * (year - 2000):.1f}\n"
    for code, (first, step) in STEPS.items()
    for year in range(2000, 2024)
)


@pytest.fixture(autouse=True)
def indicator(forum: Forum, tmp_path: Path) -> Indicator:
    now, path = timezone.now(), tmp_path / "IT.NET.USER.ZS.csv"
    path.write_text(USERS, encoding="utf-8")
    made = figures.import_indicators(path=path, forum=forum, actor=SYSTEM, now=now).indicator
    new = NewTarget(
        value=95.0, year=2030, base_year=2015, direction=BetterWhen.UP, agreed_in="A forum", limit=100.0
    )
    assessing.set_target(indicator=made, new=new, actor=SYSTEM, now=now)
    return made


@pytest.fixture
def page(context) -> Iterator[Page]:
    opened = context.new_page()
    yield opened
    opened.close()


def tab(page: Page, name: str) -> Locator:
    """Return one of the pages of the indicator by the end of its address."""
    return page.locator(f"main nav .tabs a[href$='/d/1/{name}']")


def test_an_indicator_is_read_compared_drawn_and_taken_along(page: Page):
    page.goto(f"{FORUM}/evidence")
    shuts_nobody_out(page)
    page.locator("main table.newest a").first.click()
    page.wait_for_url(f"**{FORUM}/d/1")
    shuts_nobody_out(page)
    tab(page, "compare").click()
    expect(page.locator("#slice")).to_be_visible()
    compares_two_areas_in_another_form(page)
    takes_the_table_along(page)


def compares_two_areas_in_another_form(page: Page) -> None:
    for code in STEPS:
        box = page.locator(f"main [name=area][value={code}]")
        if box.count() and code not in ("WLD", "SSF"):
            box.uncheck()
    page.fill("main [name=find]", "Kenya")
    page.locator("main form.filters > button").click()
    # Taken away and asked for anew before the page came again: what the server says holds.
    expect(page.locator("main [name=area][value=KEN]")).to_be_checked()
    page.select_option("main [name=form]", "slope")
    page.locator("main form.filters > button").click()
    page.wait_for_url("**form=slope**")
    expect(page.locator("main figure svg").first).to_be_visible()
    expect(page.locator("main figure")).to_contain_text("Kenya")
    shuts_nobody_out(page)


def takes_the_table_along(page: Page) -> None:
    with page.expect_download() as waited:
        page.locator("main a[href*='/compare.csv?']").click()
    rows = Path(waited.value.path()).read_text(encoding="utf-8")
    assert "KEN" in rows
    assert "NOR" not in rows


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_other_pages_of_an_indicator_are_a_step_away_on_a_small_screen(page: Page, language: str):
    page.set_viewport_size(NARROW)
    page.goto(f"{FORUM}/d/1?lang={language}")
    for name, sight in (
        ("compare", "main figure svg"),
        ("map", "main svg.world-map"),
        ("divides", "main table"),
        ("trends", "main figure svg"),
    ):
        tab(page, name).click()
        page.wait_for_url(f"**/d/1/{name}")
        expect(page.locator(sight).first).to_be_visible()
        stays_on_the_screen(page)
    tab(page, "progress").click()
    page.locator("main a[href$='/progress/2030']").click()
    expect(page.locator("main table.verdicts").last).to_be_visible()
    stays_on_the_screen(page)
    page.locator("main [name=area]").select_option("KEN")
    page.locator("main form.filters button").click()
    page.wait_for_url("**area=KEN**")
    expect(page.locator("main [name=area]")).to_have_value("KEN")
    assert page.locator("html").get_attribute("dir") == {"en": "ltr", "ar": "rtl"}[language]


def stays_on_the_screen(page: Page) -> None:
    shuts_nobody_out(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
