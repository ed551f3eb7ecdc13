"""How far a job is, and what may be done with it then."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class JobState(StrEnum):
    # An upload that somebody looked at and did not confirm yet.
    PREVIEWED = "previewed"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    # A rule said no.
    REFUSED = "refused"
    # It broke off by a defect, or its process died twice.
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (JobState.QUEUED, JobState.RUNNING)
ENDED = (JobState.DONE, JobState.REFUSED, JobState.FAILED, JobState.CANCELLED)
# From these a job can be put into the queue; a job that was refused or cancelled needs a new one.
MAY_BEGIN = (JobState.PREVIEWED, JobState.FAILED)
# An upload that was not applied is kept so long; it may hold names and addresses.
KEPT_FOR = timedelta(hours=24)
FAULTS_SHOWN = 100
# The role in which the calendar and the command line order.
SYSTEM_ROLE = "system"

STATE_WORDS: Mapping[JobState, Promise] = {
    JobState.PREVIEWED: _("Not confirmed yet"),
    JobState.QUEUED: _("Waiting"),
    JobState.RUNNING: _("Under way"),
    JobState.DONE: _("Done"),
    JobState.REFUSED: _("Refused"),
    JobState.FAILED: _("Broken off"),
    JobState.CANCELLED: _("Cancelled"),
}
STATE_MARKS: Mapping[JobState, str] = {
    JobState.PREVIEWED: "proposed",
    JobState.QUEUED: "proposed",
    JobState.RUNNING: "under-way",
    JobState.DONE: "done",
    JobState.REFUSED: "refused",
    JobState.FAILED: "refused",
    JobState.CANCELLED: "refused",
}
