"""A selection is ordered, made and published, with and without JavaScript; its jobs tell how far they are."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import SignedIn

from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.running import carry_out
from muntada.people.rules import Role
from muntada.programme.requests.actions.requests import NewRequest, save_request, submit_request
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.selection import tasks as selection

from .accessibility import shuts_nobody_out

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

HOME = "/wsis20/programme/selections"


@pytest.fixture
def staff(forum, make_person, request_as, now, signed_in: SignedIn) -> Page:
    forum.windows.update(opens_at=now, closes_at=None)
    for number in range(4):
        forum_request = request_as(person=make_person(name=f"Author {number}"))
        new = NewRequest(title=f"Villages {number}", description="About villages.", language="en")
        submit_request(
            forum_request=forum_request, request=save_request(forum_request=forum_request, new=new)
        )
    return signed_in(make_person(Role.SECRETARIAT, name="Amina Example"))


def work_off(kind: Callable[..., None], name: str) -> None:
    carry_out(job_id=Job.objects.get(kind=name).pk, work=kind, clock=timezone.now)


def test_a_selection_is_ordered_made_and_published(staff: Page):
    staff.goto(f"{HOME}/rules?lang=en")
    staff.fill("main [name=sessions]", "2")
    staff.locator("main button[name=keep]").click()
    staff.locator("#make ~ form button").click()
    expect(staff).to_have_url(re.compile(f"{HOME}/1$"))
    Job.objects.update(state="running", details={"step": "prices"})
    staff.reload()
    expect(staff.locator("main [aria-current=step]")).to_be_visible()
    shuts_nobody_out(staff)
    Job.objects.update(state="queued")
    work_off(selection.run_selection, "programme.run_selection")
    staff.reload()
    expect(staff.locator("#chosen")).to_be_visible()
    staff.goto(f"{HOME}/1/decisions")
    staff.check("main [name=sure]")
    staff.locator("main form:has([name=sure]) button").click()
    publication = Job.objects.get(kind="programme.publish_decisions")
    expect(staff.locator(f"#job-{publication.pk} progress")).to_be_visible()
    expect(staff.locator("main [name=sure]")).to_have_count(0)
    shuts_nobody_out(staff)
    work_off(selection.publish_decisions, "programme.publish_decisions")
    staff.reload()
    expect(staff.locator(".notice.success")).to_be_visible()
    assert SessionRequest.objects.filter(state="accepted").count() == 2
