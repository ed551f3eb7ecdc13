"""Fill pretalx with an event, through its own doors. Run by the Python in which pretalx is installed.

`python pretalx_event.py SESSIONS.json`, with its settings in the environment; the file holds sessions as
`programme_pretalx.py` writes them.
"""

import json
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

# pretalx has to be set up before it can be entered.
from django.db import transaction  # noqa: E402
from django_scopes import scope, scopes_disabled  # noqa: E402
from pretalx.event.domain.event import create_event  # noqa: E402
from pretalx.event.domain.organiser import create_organiser_with_team  # noqa: E402
from pretalx.person.domain.user import create_user  # noqa: E402
from pretalx.person.models import SpeakerProfile, User  # noqa: E402
from pretalx.schedule.domain.release import freeze_schedule  # noqa: E402
from pretalx.schedule.domain.slot import move_slot  # noqa: E402
from pretalx.schedule.models import Room  # noqa: E402
from pretalx.submission.domain.submission import create_submission  # noqa: E402
from pretalx.submission.models import Submission, Track  # noqa: E402

SLUG = "forum"


def main(path: str) -> None:
    sessions = json.loads(Path(path).read_text(encoding="utf-8"))
    administrator = User.objects.create_superuser(email="a@example.org", password=secrets.token_hex())
    organiser, team = create_organiser_with_team(name="Forum", slug="org", users=[administrator])
    starts = sorted(datetime.fromisoformat(one["starts_at"]) for one in sessions)
    with scopes_disabled():
        event = create_event(
            organiser=organiser,
            locales=["en"],
            locale="en",
            name="Forum",
            slug=SLUG,
            is_public=True,
            date_from=starts[0].date(),
            date_to=starts[-1].date(),
            timezone="Europe/Zurich",
            email="forum@example.org",
        )
    # One transaction: thousands of rows are written once.
    with scope(event=event), transaction.atomic():
        team.limit_events.add(event)
        rooms = {
            name: Room.objects.create(event=event, name=name, position=place)
            for place, name in enumerate(dict.fromkeys(one["room"] for one in sessions))
        }
        tracks = {
            name: Track.objects.create(event=event, name=name, color="#225588")
            for name in dict.fromkeys(one["track"] for one in sessions)
        }
        for one in sessions:
            submission = create_submission(
                submission=Submission(
                    event=event,
                    title=one["title"],
                    description=one["description"],
                    submission_type=event.submission_types.first(),
                    track=tracks[one["track"]],
                    content_locale="en",
                    duration=60,
                ),
                user=administrator,
                speakers=[speaker(event, name) for name in one["speakers"]],
            )
            submission.accept()
            submission.confirm()
            start = datetime.fromisoformat(one["starts_at"]).astimezone(UTC)
            move_slot(submission.slots.first(), start, room=rooms[one["room"]])
        freeze_schedule(event.wip_schedule, "1", notify_speakers=False)
        sys.stdout.write(f"{event.current_schedule.talks.filter(is_visible=True).count()} talks\n")


def speaker(event: object, name: str) -> User:
    address = name.lower().replace(" ", "-") + "@example.org"
    user = create_user(email=address, name=name, locale="en", timezone="Europe/Zurich")
    SpeakerProfile.objects.get_or_create(user=user, event=event)
    return user


if __name__ == "__main__":
    main(sys.argv[1])
