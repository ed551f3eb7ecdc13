"""The secretariat looks at a file of figures first, then takes it in, with and without JavaScript."""

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import SignedIn

from muntada.evidence.imports import tasks as imports
from muntada.evidence.indicators.models import Import, Observation
from muntada.foundations.jobs.running import carry_out
from muntada.people.rules import Role

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

IMPORTS = "/wsis20/evidence/imports"
FIGURES = "code,name,year,value\nWLD,World,2015,39.9\nWLD,World,2020,59.3\nKEN,Kenya,2020,22.7\n"


@pytest.fixture
def staff(forum, make_person, signed_in: SignedIn) -> Page:
    forum.windows.update(opens_at=timezone.now(), closes_at=None)
    return signed_in(make_person(Role.SECRETARIAT, name="Amina Example"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_file_is_looked_at_before_it_is_taken_in(staff: Page, tmp_path: Path, language: str):
    path = tmp_path / "users.csv"
    path.write_text(FIGURES, encoding="utf-8")
    staff.goto(f"{IMPORTS}?lang={language}")
    shuts_nobody_out(staff)
    staff.locator("main input[type=file]").set_input_files(path)
    staff.fill("main [name=series]", "IT.NET.USER.ZS")
    staff.locator("main form[enctype] button.button").click()
    staff.wait_for_url(f"**{IMPORTS}/*")
    one = Import.objects.get()
    carry_out(job_id=one.job_id, work=imports.look_at_import, clock=timezone.now)
    staff.reload()
    expect(staff.locator("main")).to_contain_text("59.3")
    shuts_nobody_out(staff)
    assert not Observation.objects.exists()
    staff.locator("main form[action$='/take-in'] button").click()
    expect(staff.locator("main progress")).to_be_visible()
    one.refresh_from_db()
    carry_out(job_id=one.job_id, work=imports.take_in_import, clock=timezone.now)
    staff.reload()
    expect(staff.locator("main .status.done").first).to_be_visible()
    shuts_nobody_out(staff)
    staff.goto("/wsis20/d/1")
    expect(staff.locator("main")).to_contain_text("59.3")
