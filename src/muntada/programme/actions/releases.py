"""Making a timetable public. What is public is the last release."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.programme.actions.books import order_books
from muntada.programme.actions.placing import require_ready
from muntada.programme.actions.release_letters import tell_of
from muntada.programme.engine.frames import frame_now, seats_of
from muntada.programme.engine.timetables import judge
from muntada.programme.models import Release, ReleaseEntry, Session, Timetable
from muntada.programme.queries.exchange import facts_of
from muntada.programme.queries.releases import last_release, release_to_come, topic_of_programme
from muntada.programme.rules.facts import facts_from
from muntada.programme.rules.releases import Appearance, Coming
from muntada.programme.rules.timetables import in_words, require_kept, require_unreleased
from muntada.record import actions as record
from muntada.record.rules import Actor, Kind


def publish_release(
    *,
    timetable: Timetable,
    actor: Actor,
    now: datetime,
    notes: Mapping[str, str] | None = None,
    is_told: bool = False,
) -> Release:
    """Make a timetable the public programme, with what it changes against the one before.

    Where that is wished, those with a part in what changes are told by letter.
    """
    require_role(actor, SECRETARIAT, timetable.forum_id)
    with transaction.atomic():
        # Two at once would get the same number and compare with the same release: the second waits.
        forum = Forum.objects.select_for_update(no_key=True).get(pk=timetable.forum_id)
        draft = Timetable.objects.select_for_update(no_key=True).get(pk=timetable.pk)
        _require_fit(draft)
        before = last_release(forum)
        entries = release_to_come(draft, now)
        release = Release.objects.create(
            forum=forum,
            number=before.number + 1 if before else 1,
            timetable=draft,
            published_at=now,
            notes={language: text for language, text in (notes or {}).items() if text.strip()},
            difference=difference_data(entries),
        )
        _write_entries(release, before, entries)
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="publish_release",
            change={"release": release.number, "timetable": draft.number, "difference": release.difference},
            now=now,
        )
        if is_told:
            tell_of(release=release)
        order_books(release=release, languages=forum.languages, now=now)
        announce(topic_of_programme(forum))
    return release


def _require_fit(timetable: Timetable) -> None:
    who = str(timetable.discarded_by or "")
    require_kept(timetable.number, timetable.discarded_at, who, timetable.forum.timezone)
    require_unreleased(is_released=hasattr(timetable, "release"))
    require_ready(timetable)
    if not timetable.placements.exists():
        raise Refused(gettext("No session is placed in this timetable."), "timetable-empty")
    # Judged anew: a room may have been closed since the timetable was made.
    hard = judge(frame_now(timetable.forum)[0], seats_of(timetable)).hard
    if hard:
        sentence = gettext("This timetable cannot be published yet: %(reason)s")
        words = in_words(hard[0].sentence, hard[0].params, timetable.forum.timezone)
        raise Refused(sentence % {"reason": words}, "timetable-broken")


def difference_data(entries: Iterable[Coming]) -> dict[str, object]:
    """Return what a release changes, as it is stored: which sessions, and how many of each kind."""
    changed = [one for one in entries if one.changes]
    symbols = dict(
        Session.objects.filter(pk__in=[one.session_id for one in changed]).values_list("pk", "symbol__number")
    )
    counts = Counter(change.value for one in changed for change in one.changes)
    return {
        "counts": dict(sorted(counts.items())),
        "changes": [
            {
                "session": f"{Kind.SESSION}/{symbols[one.session_id]}",
                "what": [change.value for change in one.changes],
                "before": _as_data(one.before) if one.before else None,
                "after": _as_data(one.standing.appearance),
            }
            for one in sorted(changed, key=lambda one: symbols[one.session_id])
        ],
    }


def _as_data(appearance: Appearance) -> dict[str, object]:
    return {
        "title": appearance.title,
        "room": appearance.room,
        "starts_at": appearance.starts_at.isoformat(),
        "ends_at": appearance.ends_at.isoformat(),
    }


def _write_entries(release: Release, before: Release | None, entries: Sequence[Coming]) -> None:
    """Keep each session as it stands now. Who follows one learns of new words as of a new place."""
    told = {
        entry.session_id: facts_from(entry.facts) for entry in ReleaseEntry.objects.filter(release=before)
    }
    facts = facts_of(release.forum)
    written = []
    for one in entries:
        entry = _entry(release, one)
        entry.facts = facts[one.session_id].as_data()
        if one.session_id in told and told[one.session_id] != facts[one.session_id]:
            entry.changed_at = release.published_at
        written.append(entry)
    ReleaseEntry.objects.bulk_create(written)
    for session in Session.objects.filter(pk__in=[one.session_id for one in entries]).select_related(
        "symbol"
    ):
        record.put_words(session.symbol, facts[session.pk].words)


def _entry(release: Release, one: Coming) -> ReleaseEntry:
    appearance = one.standing.appearance
    return ReleaseEntry(
        release=release,
        session_id=one.session_id,
        room_id=appearance.room_id,
        title=appearance.title,
        room_name=appearance.room,
        starts_at=appearance.starts_at,
        ends_at=appearance.ends_at,
        is_cancelled=appearance.is_cancelled,
        sequence=one.standing.sequence,
        changed_at=one.standing.changed_at,
    )
