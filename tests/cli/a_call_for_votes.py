"""Put a forum with a call in which anyone may vote into the database that DATABASE_URL names.

Run as a program, beside a server that serves that database.
"""

import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from conftest import FRAMEWORK, a_forum  # noqa: E402
from muntada.consultation.calls.actions import calls  # noqa: E402
from muntada.consultation.calls.rules.calls import CallVotesOpenTo  # noqa: E402
from muntada.consultation.statements.actions import statements  # noqa: E402
from muntada.forums import actions as forums  # noqa: E402
from muntada.record.rules import SYSTEM  # noqa: E402

now = timezone.now()
with transaction.atomic():
    forum = a_forum(forums.load_framework(FRAMEWORK), now)
    call = calls.open_call(
        forum=forum,
        new=calls.NewCall(
            slug="anyone",
            titles={"en": "What matters?"},
            introductions={"en": "Vote."},
            questions=[calls.CallQuestion("text", {"en": "What do you want to say?"})],
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=30),
            votes_open_to=CallVotesOpenTo.ANYONE,
        ),
        actor=SYSTEM,
        now=now - timedelta(days=1),
    )
    statements.put_statement(
        call=call,
        wording=statements.Wording("Masts come before cables.", "en"),
        actor=SYSTEM,
        now=now,
    )
