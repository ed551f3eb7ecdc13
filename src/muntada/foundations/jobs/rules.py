"""The states of a job, and what may be done in each."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class JobState(StrEnum):
    # A person has seen the upload but not confirmed it.
    PREVIEWED = "previewed"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    # A rule said no.
    REFUSED = "refused"
    # The job failed by a defect, or its process died twice.
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (JobState.QUEUED, JobState.RUNNING)
ENDED = (JobState.DONE, JobState.REFUSED, JobState.FAILED, JobState.CANCELLED)
# States from which a job can be queued; a refused or cancelled job needs a new one.
MAY_BEGIN = (JobState.PREVIEWED, JobState.FAILED)
# Uploads that are not applied are kept this long; they may contain names and addresses.
KEPT_FOR = timedelta(hours=24)
FAULTS_SHOWN = 100
# The role of the calendar and the command line.
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
