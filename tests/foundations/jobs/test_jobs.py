"""Long work: ordered, carried out, refused, cancelled, begun again, given up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.forums.models import Forum
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.jobs.actions import JobOrder, begin, cancel, drop_uploads, keep_upload, order, stop
from muntada.foundations.jobs.kinds import job_kind
from muntada.foundations.jobs.models import Job, Upload
from muntada.foundations.jobs.rules import JobState
from muntada.foundations.jobs.running import Run, Stopped, carries_out, carry_out, fail_left_jobs
from muntada.foundations.worker import begin_stalled_again
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor


@job_kind(title=gettext_lazy("Look again"), roles=(Role.SECRETARIAT,))
def dig(*, depth: int) -> None:
    """Dig a hole."""


@carries_out(dig)
def dig_down(run: Run, *, depth: int) -> None:
    if depth > 100:
        raise Refused("There is rock.", "rock")
    run.tell(0.5, "Half")
    run.end(sentence=f"{depth} metres", result_at="/hole")


type OrderOf = Callable[..., JobOrder]


@pytest.fixture
def order_of(forum: Forum, now: datetime) -> OrderOf:
    def make(**changes: Any) -> JobOrder:
        words: dict[str, Any] = {
            "forum_id": forum.pk,
            "key": "hole:1",
            "about": "A hole",
            "back": "/garden",
            "actor": SYSTEM,
            "now": now,
        }
        return JobOrder(**(words | changes))

    return make


@pytest.fixture
def ordered(order_of: OrderOf) -> Job:
    return order(dig, order_of(), depth=5)


def work_off(job: Job, work: Callable[..., None] = dig_down) -> None:
    carry_out(job_id=job.pk, work=work, clock=timezone.now)
    job.refresh_from_db()


def a_run(job: Job) -> Run:
    """Begin a job as a worker does that then dies over it."""
    runs: list[Run] = []
    with pytest.raises(KeyboardInterrupt):
        carry_out(job_id=job.pk, work=lambda run, **_: _die(run, runs), clock=timezone.now)
    return runs[0]


def _die(run: Run, runs: list[Run]) -> None:
    runs.append(run)
    raise KeyboardInterrupt


def test_what_is_ordered_waits_in_the_queue_and_is_carried_out_once(ordered):
    assert ProcrastinateJob.objects.get(task_name=dig.name).args == {"job_id": ordered.pk}
    assert ordered.state == JobState.QUEUED
    for _ in range(2):
        work_off(ordered)
    assert (ordered.state, ordered.sentence, ordered.result_at) == (JobState.DONE, "5 metres", "/hole")
    assert (ordered.progress, ordered.beginnings) == (1, 1)
    assert ordered.ended_at is not None


@pytest.mark.parametrize("arguments", [{}, {"width": 5}, {"depth": 5, "width": 5}])
def test_other_arguments_fail_when_it_is_ordered(order_of, arguments):
    with pytest.raises(TypeError):
        order(dig, order_of(), **arguments)
    assert not Job.objects.exists()


def test_a_refusal_ends_it_with_its_sentence(order_of):
    job = order(dig, order_of(), depth=500)
    work_off(job)
    assert (job.state, job.sentence) == (JobState.REFUSED, "There is rock.")
    with pytest.raises(Refused) as refusal:
        begin(job=job, actor=SYSTEM, now=timezone.now())
    assert refusal.value.code == "job-ended"


def test_work_that_is_to_stop_ends_with_what_it_has(ordered, now):
    run = a_run(ordered)
    assert not run.is_stop_wanted
    for later in range(2):
        stop(job=ordered, actor=SYSTEM, now=now + timedelta(minutes=later))
    assert run.is_stop_wanted
    run.end(sentence="2 metres")
    ordered.refresh_from_db()
    assert (ordered.state, ordered.stop_asked_at) == (JobState.DONE, now)
    with pytest.raises(Refused) as refusal:
        stop(job=ordered, actor=SYSTEM, now=now)
    assert refusal.value.code == "job-ended"


@pytest.mark.parametrize("change", [begin, cancel, stop])
def test_only_whoever_ordered_it_and_those_who_look_after_it_here_may_change_it(
    order_of, make_person, forum, other_forum, now, change
):
    owner, staff, stranger = (make_person().pk for _ in range(3))
    own = Actor(owner, Role.PARTICIPANT, forum.pk)
    job = order(dig, order_of(actor=own), depth=5)
    for other in (
        Actor(stranger, Role.PARTICIPANT, forum.pk),
        Actor(staff, Role.SECRETARIAT, other_forum.pk),
        # A role without a forum, or without somebody who holds it, is none.
        Actor(staff, Role.SECRETARIAT),
        Actor(None, Role.SECRETARIAT, forum.pk),
        Actor(None, Role.SECRETARIAT),
        Actor(owner, Role.PARTICIPANT, other_forum.pk),
    ):
        with pytest.raises(NotAllowed):
            change(job=job, actor=other, now=now)
    job.refresh_from_db()
    assert (job.state, job.stop_asked_at) == (JobState.QUEUED, None)
    for allowed in (own, Actor(staff, Role.SECRETARIAT, forum.pk), SYSTEM):
        Job.objects.update(state=JobState.QUEUED, ended_at=None)
        change(job=job, actor=allowed, now=now)


def test_what_is_begun_again_was_not_asked_to_stop_and_tells_anew(ordered, now):
    run = a_run(ordered)
    run.tell(0.5, "Half", {"metres": 2})
    stop(job=ordered, actor=SYSTEM, now=now)
    ordered.refresh_from_db()
    assert ordered.details == {"metres": 2}
    run.break_off(JobState.FAILED)
    begun = begin(job=ordered, actor=SYSTEM, now=now)
    assert (begun.state, begun.details, begun.stop_asked_at) == (JobState.QUEUED, {}, None)


def test_what_broke_off_can_be_begun_again(ordered):
    with pytest.raises(ZeroDivisionError):
        work_off(ordered, lambda _run, **_: 1 / 0)
    ordered.refresh_from_db()
    assert (ordered.state, ordered.sentence) == (JobState.FAILED, "")
    for _ in range(2):
        begin(job=ordered, actor=SYSTEM, now=timezone.now())
    assert ProcrastinateJob.objects.filter(task_name=dig.name).count() == 2
    work_off(ordered)
    assert ordered.state == JobState.DONE


def test_of_one_key_one_job_is_under_way(ordered, order_of, now):
    with pytest.raises(Refused) as refusal:
        order(dig, order_of(), depth=6)
    assert refusal.value.code == "job-under-way"
    assert order(dig, order_of(key="hole:2"), depth=6).is_active
    work_off(ordered)
    assert order(dig, order_of(), depth=6).is_active


def test_what_is_cancelled_before_it_begins_is_not_begun(ordered, now):
    cancel(job=ordered, actor=SYSTEM, now=now)
    work_off(ordered)
    assert (ordered.state, ordered.beginnings) == (JobState.CANCELLED, 0)


def test_what_is_cancelled_on_its_way_stops_and_keeps_nothing(ordered, now):
    def work(run: Run, *, depth: int) -> None:
        cancel(job=run.job, actor=SYSTEM, now=now)
        with pytest.raises(Stopped):
            run.tell(0.5)
        run.end(sentence=f"{depth} metres")

    work_off(ordered, work)
    assert (ordered.state, ordered.sentence) == (JobState.CANCELLED, "")


def test_a_worker_that_was_overtaken_can_neither_tell_nor_end(ordered):
    first = a_run(ordered)
    second = a_run(ordered)
    with pytest.raises(Stopped):
        first.tell(0.5)
    with pytest.raises(Stopped):
        first.end()
    second.end()
    ordered.refresh_from_db()
    assert (ordered.state, ordered.beginnings) == (JobState.DONE, 2)


def test_a_job_over_which_two_workers_died_has_failed_and_one_that_waits_goes_on(ordered, order_of, now):
    waiting = order(dig, order_of(key="hole:2"), depth=6)
    of_ordered = ProcrastinateJob.objects.filter(args__job_id=ordered.pk)
    for state in (JobState.RUNNING, JobState.FAILED):
        a_run(ordered)
        of_ordered.update(status="doing", worker=None)
        begin_stalled_again(now=now)
        fail_left_jobs(now=now)
        ordered.refresh_from_db()
        assert ordered.state == state
    waiting.refresh_from_db()
    assert waiting.state == JobState.QUEUED


def test_an_upload_is_applied_once_it_is_confirmed_and_its_file_goes(order_of, now):
    upload = keep_upload(dig, order_of(), b"a map", depth=5)
    assert not ProcrastinateJob.objects.filter(task_name=dig.name).exists()
    begin(job=upload, actor=SYSTEM, now=now)
    seen = []

    def work(run: Run, **_: object) -> None:
        seen.append(run.content())

    work_off(upload, work)
    assert seen == [b"a map"]
    assert (upload.state, upload.content) == (JobState.DONE, None)


@pytest.mark.parametrize(
    ("state", "is_dropped"),
    [
        (JobState.PREVIEWED, True),
        (JobState.QUEUED, False),
        (JobState.RUNNING, False),
        (JobState.DONE, False),
        (JobState.REFUSED, True),
        (JobState.FAILED, True),
        (JobState.CANCELLED, True),
    ],
)
def test_an_upload_nobody_applied_goes_after_a_day_and_one_in_progress_stays(
    order_of, now, state, is_dropped
):
    upload = keep_upload(dig, order_of(), b"a map", depth=5)
    ended = None if state in (JobState.PREVIEWED, JobState.QUEUED, JobState.RUNNING) else now
    share = 1 if state is JobState.DONE else 0
    Upload.objects.update(state=state, ended_at=ended, progress=share, sentence="Why")
    assert drop_uploads(now=now + timedelta(hours=23)) == 0
    assert drop_uploads(now=now + timedelta(hours=24)) == is_dropped
    assert Job.objects.filter(pk=upload.pk).exists() is not is_dropped


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"state": "lost"}, "a_job_is_in_a_known_state"),
        ({"progress": 1.1}, "progress_of_a_job_is_a_share"),
        ({"progress": -0.1}, "progress_of_a_job_is_a_share"),
        ({"state": "failed"}, "a_job_that_ended_says_when"),
        ({"ended_at": timezone.now()}, "a_job_that_ended_says_when"),
        ({"state": "done", "ended_at": timezone.now()}, "what_is_done_is_whole"),
        ({"state": "refused", "ended_at": timezone.now()}, "a_refusal_says_why"),
        ({"key": "hole:2"}, "one_job_at_a_time"),
    ],
)
def test_the_database_keeps_what_must_be_true(ordered, order_of, columns, name):
    order(dig, order_of(key="hole:2"), depth=6)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Job.objects.filter(pk=ordered.pk).update(**columns)


class TestThePage:
    def test_it_is_there_for_whoever_ordered_it_and_those_who_look_after_it(
        self, ordered, order_of, make_person, client_as
    ):
        place = ordered.get_absolute_url()
        assert client_as(Role.SECRETARIAT).get(place).status_code == 200
        assert client_as().get(place).status_code == 404
        owner: Person = make_person()
        own = order(
            dig, order_of(key="hole:2", actor=Actor(owner.pk, Role.PARTICIPANT, ordered.forum_id)), depth=6
        )
        assert client_as(person=owner).get(own.get_absolute_url()).status_code == 200

    def test_it_is_not_there_in_another_forum(self, ordered, other_forum, client_as):
        assert client_as(Role.SECRETARIAT).get(f"/{other_forum.slug}/jobs/{ordered.pk}").status_code == 404

    def test_it_says_how_far_the_work_is_whole_or_as_a_part(self, ordered, client_as):
        Job.objects.update(state=JobState.RUNNING, progress=0.5, step="Half")
        staff = client_as(Role.SECRETARIAT)
        page = staff.get(ordered.get_absolute_url()).content.decode()
        assert 'value="50"' in page
        assert f'id="live-{ordered.pk}" hx-sse:connect="/live/' in page
        part = staff.get(ordered.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
        assert 'value="50"' in part
        assert "<html" not in part

    def test_work_is_begun_again_and_cancelled_from_it(self, ordered, client_as, now):
        staff = client_as(Role.SECRETARIAT)
        Job.objects.update(state=JobState.FAILED, ended_at=now)
        staff.post(ordered.get_absolute_url(), {"do": "begin"})
        ordered.refresh_from_db()
        assert ordered.state == JobState.QUEUED
        staff.post(ordered.get_absolute_url(), {"do": "cancel"})
        ordered.refresh_from_db()
        assert ordered.state == JobState.CANCELLED
