"""Making a timetable public. What is public is the last release."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.actions import JobOrder, begin, order
from muntada.foundations.jobs.queries import ordered_jobs
from muntada.foundations.jobs.rules import MAY_BEGIN
from muntada.foundations.languages import language_name
from muntada.foundations.live import announce
from muntada.foundations.mail import send_letter
from muntada.foundations.stored import as_stored, read_stored
from muntada.programme.releases import task_types
from muntada.programme.releases.models import Book, ReleaseLetter
from muntada.programme.releases.queries import (
    affected_by,
    changes_for,
    changes_of,
    facts_of,
    key_of,
    letter_to_send,
    release_to_come,
    topic_of_programme,
)
from muntada.programme.releases.rules import (
    NewRelease,
    PublishedPlace,
    ReleaseChanges,
    ReleasedFacts,
    SessionChange,
    changes_in_words,
)
from muntada.programme.sessions.models import Session
from muntada.programme.timetable.actions.placements import require_ready
from muntada.programme.timetable.adapter.frames import frame_now, seats_of
from muntada.programme.timetable.adapter.timetables import judge
from muntada.programme.timetable.models import Release, ReleaseEntry, Timetable
from muntada.programme.timetable.queries import last_release
from muntada.programme.timetable.rules import Appearance, in_words, require_kept, require_unreleased
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, Actor, SymbolKind


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
            difference=as_stored(changes_to_come(entries)),
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


def changes_to_come(entries: Iterable[NewRelease]) -> ReleaseChanges:
    """Return what a release changes: which sessions, and how many of each kind."""
    changed = [one for one in entries if one.changes]
    symbols = dict(
        Session.objects.filter(pk__in=[one.session_id for one in changed]).values_list("pk", "symbol__number")
    )
    counts = Counter(change for one in changed for change in one.changes)
    return ReleaseChanges(
        counts=dict(sorted(counts.items())),
        changes=tuple(
            SessionChange(
                session=f"{SymbolKind.SESSION}/{symbols[one.session_id]}",
                what=one.changes,
                before=_place(one.before) if one.before else None,
                after=_place(one.standing.appearance),
            )
            for one in sorted(changed, key=lambda one: symbols[one.session_id])
        ),
    )


def _place(appearance: Appearance) -> PublishedPlace:
    return PublishedPlace(appearance.title, appearance.room, appearance.starts_at, appearance.ends_at)


def _write_entries(release: Release, before: Release | None, entries: Sequence[NewRelease]) -> None:
    """Keep each session as it stands now. Who follows one learns of new words as of a new place."""
    told = {
        entry.session_id: read_stored(ReleasedFacts, entry.facts)
        for entry in ReleaseEntry.objects.filter(release=before)
    }
    facts = facts_of(release.forum)
    written = []
    for one in entries:
        entry = _entry(release, one)
        entry.facts = as_stored(facts[one.session_id])
        if one.session_id in told and told[one.session_id] != facts[one.session_id]:
            entry.changed_at = release.published_at
        written.append(entry)
    ReleaseEntry.objects.bulk_create(written)
    for session in Session.objects.filter(pk__in=[one.session_id for one in entries]).select_related(
        "symbol"
    ):
        record.put_words(session.symbol, facts[session.pk].words)


def _entry(release: Release, one: NewRelease) -> ReleaseEntry:
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


def tell_of(*, release: Release) -> list[ReleaseLetter]:
    """Note who is to be told, and put one letter for each into the queue; in the publisher's transaction."""
    affected = affected_by(release.forum, changes_of(release).changes)
    letters = ReleaseLetter.objects.bulk_create(
        [
            *(ReleaseLetter(release=release, person=one) for one in affected.people),
            *(ReleaseLetter(release=release, speaker=one) for one in affected.speakers),
        ]
    )
    for letter in letters:
        task_types.send_release_letter.order(letter_id=letter.pk)
    return letters


def send_release_letter(*, letter_id: int, now: datetime) -> bool:
    """Send one letter, inside the transaction that says so; one that was sent is not sent again."""
    with transaction.atomic():
        letter = letter_to_send(letter_id)
        if letter is None:
            return False
        ReleaseLetter.objects.filter(pk=letter.pk).update(sent_at=now)
        forum, reader = letter.release.forum, letter.person or letter.speaker
        # An address may be forgotten and an account closed between the release and its letters.
        if reader is None or not reader.email or (letter.person and not letter.person.is_active):
            return False
        with translation.override(reader.language):
            changes = changes_in_words(changes_for(letter), forum.timezone)
        if not changes:
            return False
        send_letter(
            to=reader.email,
            language=reader.language,
            template="programme/releases/letters/release.txt",
            context={"release": letter.release, "forum": forum, "changes": changes},
        )
    return True


def order_books(*, release: Release, languages: Iterable[str], now: datetime) -> None:
    """Have the book made in these languages; one that is there or on its way is not ordered twice."""
    for language in languages:
        with transaction.atomic():
            # Two who ask at the same time: the second waits, and then finds the job of the first.
            Release.objects.select_for_update(no_key=True).get(pk=release.pk)
            if not Book.objects.filter(release=release, language=language).exists():
                _order(release, language, now)


def _order(release: Release, language: str, now: datetime) -> None:
    last = ordered_jobs(key_of(release.pk, language)).first()
    if last is not None and last.is_active:
        return
    if last is not None and last.state in MAY_BEGIN:
        begin(job=last, actor=SYSTEM, now=now)
        return
    new = JobOrder(
        forum_id=release.forum_id,
        key=key_of(release.pk, language),
        about=f"{release.number} · {language_name(language)}",
        back=f"/{release.forum.slug}/programme/downloads",
        actor=SYSTEM,
        now=now,
    )
    order(task_types.make_book, new, release_id=release.pk, language=language)
