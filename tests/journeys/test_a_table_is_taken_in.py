"""Somebody of the secretariat takes in a table, in English and in Arabic, with and without JavaScript."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import SignedIn

from muntada.consultation.calls.actions import calls
from muntada.consultation.contributions import tasks as contributions
from muntada.consultation.contributions.models import Contribution
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.running import carry_out
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

IMPORT = "/wsis20/consultation/open/import"
HEAD = "id,language,title,views,publish\n"


@pytest.fixture
def staff(forum, make_person, signed_in: SignedIn) -> Page:
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=9), closes_at=None)
    new = calls.NewCall(
        slug="open",
        titles={"en": "What should we discuss?", "ar": "ماذا نناقش؟"},
        introductions={},
        questions=[calls.CallQuestion("views", {"en": "What do you say?", "ar": "ماذا تقولون؟"})],
        opens_at=now - timedelta(days=1),
        closes_at=None,
    )
    calls.open_call(forum=forum, new=new, actor=SYSTEM, now=now)
    return signed_in(make_person(Role.SECRETARIAT, name="Amina Example"))


def look_at(page: Page, folder: Path, rows: str) -> None:
    table = folder / "letters.csv"
    table.write_text(HEAD + rows, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(table)
    page.locator("form[enctype] button").click()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_table_is_looked_at_mended_and_taken_in(staff: Page, tmp_path: Path, language):
    staff.goto(f"{IMPORT}?lang={language}")
    look_at(staff, tmp_path, "L-1,en,Masts,Masts first.,yes\nL-2,xx,,Then cables.,yes\n")
    expect(staff.locator("section.refusal tbody tr")).to_have_count(2)
    shuts_nobody_out(staff)
    look_at(staff, tmp_path, "L-1,en,Masts,Masts first.,yes\nL-2,ar,كوابل,ثم الكوابل.,yes\n")
    staff.locator("form[action*='/jobs/'] button").click()
    staff.wait_for_url("**/jobs/*")
    expect(staff.locator("progress")).to_be_visible()
    carry_out(job_id=Job.objects.get().pk, work=contributions.take_in_table, clock=timezone.now)
    staff.reload()
    expect(staff.locator(".notice.success")).to_be_visible()
    shuts_nobody_out(staff)
    assert Contribution.objects.count() == 2
    staff.goto(IMPORT)
    staff.get_by_role("link", name="letters.csv").click()
    expect(staff.locator(".notice.success")).to_be_visible()
