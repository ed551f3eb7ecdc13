"""The loading of the demo forum: what it leaves behind, and who is signed in by its links."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob

from databases import DEMO_SAID
from muntada.demo import load
from muntada.demo.frame import ROLES_SHOWN
from muntada.forums.models import Forum
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.rules import ACTIVE
from muntada.people.models import Person, SignInLink


@pytest.mark.django_db
def test_only_the_jobs_that_the_loading_ordered_are_dropped():
    task = queue.configure_task("tests.any")
    before = task.defer()
    newest = load._newest_task()
    ordered = task.defer()
    load._drop_tasks(after=newest)
    assert list(ProcrastinateJob.objects.filter(pk__in=[before, ordered]).values_list("pk", flat=True)) == [
        before
    ]


def test_links_sign_in_the_invented_alone_for_half_a_day_and_end_those_of_before(forum, make_person):
    people = [make_person(role) for role in ROLES_SHOWN] + [make_person()]
    Person.objects.filter(pk__in=[person.pk for person in people]).update(is_invented=True)
    real = make_person(*ROLES_SHOWN, name="Somebody Real")
    load.sign_in_links()
    rows = load.sign_in_links()
    assert len(rows) == len(ROLES_SHOWN)
    assert "Somebody Real" not in [name for _, name, _ in rows]
    assert SignInLink.objects.count() == len(ROLES_SHOWN)
    assert not SignInLink.objects.filter(person=real).exists()
    latest = SignInLink.objects.order_by("-expires_at")[0]
    assert latest.expires_at <= timezone.now() + timedelta(hours=12)


def test_the_loading_says_how_far_it_is(demo):
    said = DEMO_SAID.read_text(encoding="utf-8").splitlines()
    assert [line.strip().partition(":")[0] for line in said] == [
        f"{number} of {len(load.DemoPart)}" for number in range(1, len(load.DemoPart) + 1)
    ]


def test_no_job_of_the_loading_waits_for_a_worker(demo):
    assert Job.objects.exists()
    assert not Job.objects.filter(state__in=ACTIVE).exists()


def test_the_forum_is_real_and_what_is_said_in_it_is_invented(demo):
    forum = Forum.objects.get(slug=load.SLUG)
    assert forum.has_invented_content
    assert not forum.is_invented
