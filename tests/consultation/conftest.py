"""A call that is open, and people who have something to say to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from muntada.consultation.calls.actions import calls
from muntada.consultation.calls.actions.calls import CallQuestion, NewCall
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.calls import StatementsOpenTo
from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.models import Contribution, Merge
from muntada.consultation.contributions.rules.contributions import Saying
from muntada.consultation.merging import actions as merges
from muntada.consultation.opinion.adapter import opinion
from muntada.consultation.replies.actions.letters import send_reply_letter
from muntada.consultation.replies.queries.letters import one_for_each_address
from muntada.consultation.replies.rules import TRIED_FOR
from muntada.consultation.statements.actions import statements
from muntada.consultation.statements.actions.statements import Wording
from muntada.consultation.statements.models import Statement
from muntada.consultation.themes.actions import themes
from muntada.consultation.themes.rules import ThemeText
from muntada.engines.opinion.settings import OpinionSettings
from muntada.forums.merging.rules import Joint
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import Refused
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor

type MakeCall = Callable[..., Call]
type Contribute = Callable[..., Contribution]
type PutStatement = Callable[..., Statement]

JOINT = Joint("Masts and cables", "Build masts first, cables next.", "en")


def a_saying(**changes: Any) -> Saying:
    words: dict[str, Any] = {
        "title": "Connect the villages",
        "text": "Half of the villages have no line.\n\nBuild **masts** first.",
        "language": "en",
        "consent_to_publish": True,
    }
    return Saying(**(words | changes))


@pytest.fixture
def moderator(forum: Forum, make_person) -> Actor:
    return Actor(make_person(Role.MODERATOR).pk, Role.MODERATOR, forum.pk)


@pytest.fixture
def secretariat(forum: Forum, make_person) -> Actor:
    return Actor(make_person(Role.SECRETARIAT).pk, Role.SECRETARIAT, forum.pk)


@pytest.fixture
def participant(forum: Forum, make_person) -> Actor:
    return Actor(make_person().pk, Role.PARTICIPANT, forum.pk)


@pytest.fixture
def few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps are tried against fewer shuffled and redrawn copies of the votes: that takes most of a drawing.

    tests/engines/opinion shows that the copies show what holds.
    """
    monkeypatch.setattr(opinion, "SETTINGS", OpinionSettings(chance_rounds=5, redraw_rounds=12))


@pytest.fixture
def all_rounds(few_rounds: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps are drawn as they are outside of tests."""
    monkeypatch.setattr(opinion, "SETTINGS", OpinionSettings())


@pytest.fixture
def make_call(forum: Forum, now: datetime, few_rounds: None) -> MakeCall:
    def make(slug: str = "open-call", **changes: Any) -> Call:
        words: dict[str, Any] = {
            "slug": slug,
            "titles": {"en": "What should the forum discuss?", "ar": "ماذا ينبغي أن يناقش المنتدى؟"},
            "introductions": {"en": "Tell us *anything*."},
            "questions": [CallQuestion("text", {"en": "What do you want to say?"})],
            "opens_at": now - timedelta(days=10),
            "closes_at": now + timedelta(days=3600),
        }
        new = NewCall(**(words | changes))
        return calls.open_call(forum=forum, new=new, actor=SYSTEM, now=now - timedelta(days=10))

    return make


@pytest.fixture
def call(make_call: MakeCall) -> Call:
    return make_call()


@pytest.fixture
def contribute(call: Call, request_as) -> Contribute:
    def make(person: Any = None, **changes: Any) -> Contribution:
        in_call = changes.pop("call", call)
        return contributions.submit_contribution(
            forum_request=request_as(person=person) if person else request_as(),
            call=in_call,
            saying=a_saying(**changes),
        )

    return make


@pytest.fixture
def put_statement(call: Call, now: datetime) -> PutStatement:
    def make(text: str = "Masts come before cables.", **changes: Any) -> Statement:
        return statements.put_statement(
            call=changes.get("call", call), wording=Wording(text, "en"), actor=SYSTEM, now=now
        )

    return make


@pytest.fixture
def write_reply_letters(now) -> Callable[[], None]:
    """Write the letters about replies that wait, as the queue does a few minutes after the first of them."""

    def write() -> None:
        for letter in one_for_each_address(now - TRIED_FOR):
            send_reply_letter(letter_id=letter, now=now)

    return write


@pytest.fixture
def open_now(forum, call) -> Call:
    """The same call and stage, open by the real clock that views read."""
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    Call.objects.filter(pk=call.pk).update(
        opens_at=now - timedelta(days=10), closes_at=now + timedelta(days=10)
    )
    return Call.objects.get(pk=call.pk)


@pytest.fixture
def two(contribute: Contribute, make_person) -> tuple[Contribution, Contribution]:
    """Two contributions of two authors."""
    one = contribute(make_person(name="Amina"), title="Masts", text="Build masts first in every village.")
    other = contribute(make_person(name="Boris"), title="Cables", text="Lay cables, and build masts first.")
    return one, other


@pytest.fixture
def proposed(two: tuple[Contribution, Contribution], request_as) -> Merge:
    return merges.propose_merge(forum_request=request_as(), contribution=two[0], other=two[1], joint=JOINT)


@pytest.fixture
def open_to_all(call: Call) -> Call:
    """Let everybody who is signed in put statements."""
    call.statements_open_to = StatementsOpenTo.SIGNED_IN
    call.save()
    return call


def submit(forum_request: ForumRequest, call: Call, text: str = "Masts come before cables.") -> Statement:
    return statements.submit_statement(forum_request=forum_request, call=call, wording=Wording(text, "en"))


def code_of(act: Callable[[], object], kind: type[Refused] = Refused) -> str:
    """Return the code of the refusal that something has to end in."""
    with pytest.raises(kind) as refusal:
        act()
    return refusal.value.code


@pytest.fixture
def one_of_each(
    forum: Forum, contribute: Contribute, put_statement: PutStatement, now: datetime, moderator
) -> None:
    """A contribution, a statement and a theme, each with the number 1."""
    contribution = contribute()
    put_statement()
    themes.raise_theme(
        forum=forum,
        matter=ThemeText({"en": "Masts"}, "", "en"),
        contributions=[contribution],
        actor=moderator,
        now=now,
    )
