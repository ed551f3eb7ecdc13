"""Cooperation in the demo: partners, needs and offers, and likely duplicates."""

from datetime import timedelta

from django.utils import timezone

from muntada.demo.frame import DemoState
from muntada.demo.meeting import register
from muntada.demo.reading import DemoRow, read
from muntada.evidence.initiatives.actions import duplicates
from muntada.evidence.partnering import actions
from muntada.evidence.partnering.actions import NewPartnering
from muntada.evidence.partnering.models import Partnering
from muntada.evidence.partnering.rules import PartnerSupport, SoughtOrOffered
from muntada.forums.queries import ForumRequest
from muntada.people.models import Person
from muntada.record.rules import SYSTEM

FILE = "invented/cooperation.json"


def work_together(stand: DemoState) -> None:
    """Register initiatives with partners that are organizations of the demo or known by name only."""
    for row in read(FILE)["cooperation"]:
        partners = [stand.organisations[index].name for index in row["with"]] + row["others"]
        register(stand, {**row, "partners": "\n".join(partners), "results": "", "challenges": ""}, SYSTEM)


def seek_partners(stand: DemoState) -> None:
    """Enter needs and offers that start today, so that they are current whenever the demo is loaded."""
    facts = read(FILE)
    stand.clock.go_to(timezone.now())
    entries = [_enter(stand, row) for row in facts["partnering"]]
    for row in facts["letters"]:
        entry = entries[row["entry"]]
        letter = actions.introduce(
            entry=entry,
            text=row["text"],
            language=row["language"],
            forum_request=stand.forum_request(stand.people[row["person"]]),
        )
        if row["answer"]:
            receiver = _owner(entry)
            actions.answer_introduction(
                letter=letter, accepts=True, text=row["answer"], forum_request=stand.forum_request(receiver)
            )
    duplicates.look_for_duplicates(forum=stand.forum, now=stand.clock.now)


def _enter(stand: DemoState, row: DemoRow) -> Partnering:
    forum_request: ForumRequest = stand.forum_request(stand.people[row["person"]])
    new = NewPartnering(
        side=SoughtOrOffered(row["side"]),
        kinds=tuple(PartnerSupport(kind) for kind in row["kinds"]),
        title=row["title"],
        text=row["text"],
        language=row["language"],
        organisation=stand.organisations[row["organisation"]],
        until=(forum_request.now + timedelta(days=row["days"])).date(),
        lines=tuple(stand.lines[code] for code in row["lines"]),
        countries=tuple(row["countries"]),
        regions=tuple(row["regions"]),
    )
    return actions.enter_partnering(forum_request=forum_request, new=new)


def _owner(entry: Partnering) -> Person:
    if entry.entered_by is None:
        raise LookupError(entry.pk)
    return entry.entered_by
