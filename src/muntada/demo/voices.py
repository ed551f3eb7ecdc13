"""The consultation of the demo: contributions, statements, votes, themes and replies."""

import math
import random
from collections.abc import Iterator
from datetime import UTC, datetime

from muntada.consultation.balance import actions as balance
from muntada.consultation.calls.actions import calls
from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.rules.contributions import Saying
from muntada.consultation.opinion.actions import maps
from muntada.consultation.opinion.rules import Basis, ChosenShares
from muntada.consultation.replies.actions import replies
from muntada.consultation.replies.rules import Disposition, ReplyText
from muntada.consultation.statements.actions import statements, votes
from muntada.consultation.statements.models import Statement
from muntada.consultation.themes.actions import themes
from muntada.consultation.themes.rules import ThemeText
from muntada.demo.frame import DemoState
from muntada.demo.reading import DemoRow, invented, read
from muntada.forums.rules.schemes import SchemeDimension, shown_first
from muntada.people.models import Person
from muntada.people.rules import Role

SEED = 20
CALL_OPENS = datetime(2025, 2, 12, 8, 0, tzinfo=UTC)
FIRST_VOTE = datetime(2025, 3, 17, 8, 0, tzinfo=UTC)
FIRST_REPLY = datetime(2025, 11, 10, 12, 0, tzinfo=UTC)
PASSES = 1 / 9
SEEN = 0.8
SPREAD = 0.2
# Invented people who only vote, with numbers as names.
MORE_VOTERS = 20
COUNTRIES = ("BR", "CA", "ID", "FR", "BR", "US", "IN", "DE")
# Votes before each day's map is computed.
VOTERS_A_DAY = 25


def speak(stand: DemoState) -> tuple[Call, list[Contribution]]:
    """Open the call, and let everybody contribute."""
    stand.clock.go_to(CALL_OPENS)
    call = calls.open_call(
        forum=stand.forum,
        new=_call(),
        actor=stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT),
        now=stand.clock.tick(),
    )
    kept = []
    for row in invented("contributions"):
        stand.clock.tick(minutes=660)
        contribution = contributions.submit_contribution(
            forum_request=stand.forum_request(stand.people[row["author"]]),
            call=call,
            saying=Saying(
                title=row["title"],
                text=row["text"],
                language=row["language"],
                consent_to_publish=True,
                organisation_id=(
                    None if row["organisation"] is None else stand.organisations[row["organisation"]].pk
                ),
                line_ids=tuple(stand.line_ids(row)),
                goal_ids=tuple(stand.goal_ids(row)),
            ),
        )
        stand.keep("C", contribution.symbol)
        kept.append(contribution)
    return call, kept


def _call() -> calls.NewCall:
    data = read("call.json")
    return calls.NewCall(
        slug=data["slug"],
        titles=data["titles"],
        introductions=data["introductions"],
        questions=[calls.CallQuestion(one["code"], one["labels"], one["hints"]) for one in data["questions"]],
        opens_at=CALL_OPENS,
        closes_at=None,
    )


def put_statements(stand: DemoState, said: list[Contribution]) -> list[Statement]:
    """Create the statements from the contributions."""
    moderator = stand.forum_request(stand.shown[Role.MODERATOR]).actor(Role.MODERATOR)
    kept = []
    for row in invented("statements"):
        english = {"en": {"text": row["english"], "status": "reviewed"}}
        translations = {} if row["language"] == "en" else english
        statement = statements.take_statement(
            contribution=said[row["contribution"]],
            wording=statements.Wording(text=row["text"], language=row["language"], translations=translations),
            actor=moderator,
            now=stand.clock.tick(),
        )
        stand.keep("T", statement.symbol)
        kept.append(statement)
    return kept


def vote(stand: DemoState, call: Call, put: list[Statement]) -> int:
    """Let people vote as their group does, then compute the map; return the number of votes."""
    stand.clock.go_to(FIRST_VOTE)
    chance = random.Random(SEED)  # noqa: S311  (a demo that comes out the same each time, no secret)
    data = read("invented/statements.json")
    cast = 0
    for place, person in enumerate([*stand.people, *_more_voters()], start=1):
        forum_request = stand.forum_request(person)
        cast += len(votes.cast_votes(forum_request=forum_request, values=dict(_ballot(chance, data, put))))
        if place % VOTERS_A_DAY == 0:
            maps.redraw_opinion_map(call=call, now=stand.clock.tick(), seed=SEED)
            stand.clock.tick(minutes=24 * 60)
    _weigh(stand, call)
    maps.redraw_opinion_map(call=call, now=stand.clock.tick(), seed=SEED)
    return cast


def _weigh(stand: DemoState, call: Call) -> None:
    """Weight the stakeholder groups equally, and compare participation with equal shares."""
    secretariat = stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT)
    equal, now = ChosenShares(Basis.EQUAL), stand.clock.tick()
    for scheme in shown_first():
        if scheme.dimension is SchemeDimension.STAKEHOLDER:
            maps.weigh_by(call=call, scheme=scheme, chosen=equal, actor=secretariat, now=now)
        if scheme.dimension in (SchemeDimension.STAKEHOLDER, SchemeDimension.REGION):
            balance.choose_reference(
                forum=stand.forum, scheme=scheme, chosen=equal, actor=secretariat, now=now
            )


def _more_voters() -> Iterator[Person]:
    for number in range(MORE_VOTERS):
        name = f"Voter Example {number + 1}"
        person = Person.objects.create_user(f"voter{number:02}@demo.invalid", name=name)
        person.is_invented = True
        # Half of them state their country, the others nothing.
        person.country = COUNTRIES[number % len(COUNTRIES)] if number % 2 else ""
        person.save(update_fields=["is_invented", "country"])
        yield person


def _ballot(chance: random.Random, data: DemoRow, put: list[Statement]) -> Iterator[tuple[Statement, int]]:
    """Yield the votes of a person: the centre of their group, noise, and the tendency of each statement."""
    groups = data["groups"]
    group = chance.choices(groups, weights=[one["share"] for one in groups])[0]
    x, y = (chance.gauss(centre, SPREAD) for centre in group["centre"])
    for row, statement in zip(data["statements"], put, strict=True):
        if chance.random() > SEEN:
            continue
        pull = x * row["leaning"][0] + y * row["leaning"][1] + row["popularity"]
        agrees = chance.random() < 1 / (1 + math.exp(-pull))
        yield statement, 0 if chance.random() < PASSES else (1 if agrees else -1)


def raise_themes(stand: DemoState, said: list[Contribution]) -> None:
    moderator = stand.forum_request(stand.shown[Role.MODERATOR]).actor(Role.MODERATOR)
    for row in invented("themes"):
        theme = themes.raise_theme(
            forum=stand.forum,
            matter=ThemeText(row["titles"], row["description"], row["language"]),
            contributions=[said[index] for index in row["contributions"]],
            actor=moderator,
            now=stand.clock.tick(),
        )
        stand.keep("M", theme.symbol)


def reply(stand: DemoState, said: list[Contribution]) -> None:
    """Reply to every contribution, after everything based on it exists."""
    stand.clock.go_to(FIRST_REPLY)
    moderator = stand.forum_request(stand.shown[Role.MODERATOR]).actor(Role.MODERATOR)
    for row in invented("replies"):
        contribution = said[row["contribution"]]
        language = contribution.language if contribution.language in row["reason"] else "en"
        replies.reply_to(
            contribution=contribution,
            answer=ReplyText(
                disposition=Disposition(row["disposition"]),
                reason=row["reason"][language],
                language=language,
                leads_to=_lead(stand, row["leads_to"]),
            ),
            actor=moderator,
            now=stand.clock.tick(),
        )


def _lead(stand: DemoState, reference: str | None) -> str:
    if not reference:
        return ""
    kind, _, index = reference.partition(":")
    return stand.symbols[kind][int(index)].short
