"""Showcases of the demo: one completed, and one with its vote open when the demo is loaded."""

from datetime import datetime, time, timedelta
from random import Random

from django.utils import timezone

from muntada.demo.frame import DemoState
from muntada.demo.meeting import register
from muntada.demo.reading import DemoRow, invented, read
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.prizes.actions import awards, judging, rounds, votes
from muntada.evidence.prizes.actions import entries as showcase_entries
from muntada.evidence.prizes.actions.rounds import PrizePlan
from muntada.evidence.prizes.models import Showcase, ShowcaseEntry, ShowcaseExpert
from muntada.evidence.prizes.queries.judging import (
    choices_of,
    conflict_between,
    entries_for,
    organisations_ever,
)
from muntada.evidence.prizes.queries.results import standings_of
from muntada.evidence.prizes.queries.rounds import has_won, nominees_of, periods_of
from muntada.evidence.prizes.rules.rounds import Award, Mark, Phase, PhasePeriod, PrizeTerms
from muntada.forums.queries import ForumRequest
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM, Actor

SEED = 25
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# The share of invented people who vote in a category.
VOTE_IN = 0.7
# The share of voters who have voted when the demo is loaded.
ALREADY = 0.4

# By index among the initiatives of the demo, or as new ones.
type InitiativesByKey = dict[int | str, Initiative]


def hold_prizes(stand: DemoState) -> None:
    """Run one showcase to its end, and another until its vote is open."""
    data = read("invented/prizes.json")
    initiatives: InitiativesByKey = {
        place: Initiative.objects.select_related("organisation", "symbol").get(symbol=symbol)
        for place, symbol in enumerate(stand.symbols["I"])
    }
    for place, row in enumerate(data["initiatives"]):
        initiatives[f"new {place}"] = _registered(stand, row)
    chance = Random(SEED)  # noqa: S311 - invented votes
    past, current = data["rounds"]
    _hold_past(stand, data, past, initiatives, chance)
    _hold_current(stand, data, current, initiatives, chance)


def _registered(stand: DemoState, row: DemoRow) -> Initiative:
    """Register an initiative for the first person of its lead organization."""
    places = (
        place for place, one in enumerate(invented("people")) if one["organisation"] == row["organisation"]
    )
    owner = stand.people[next(places)]
    return register(stand, row, Actor(owner.pk, Role.PARTICIPANT, stand.forum.pk))


def _hold_past(
    stand: DemoState, data: DemoRow, row: DemoRow, initiatives: InitiativesByKey, chance: Random
) -> None:
    day_after = timezone.localtime(stand.clock.tick() + DAY, stand.forum.timezone).date()
    start = datetime.combine(day_after, time(), stand.forum.timezone)
    periods = {
        Phase.ENTRY: PhasePeriod(start, start + 10 * DAY),
        Phase.NOMINATION: PhasePeriod(start + 10 * DAY, start + 17 * DAY),
        Phase.VOTE: PhasePeriod(start + 18 * DAY, start + 28 * DAY),
        Phase.CHOICE: PhasePeriod(start + 32 * DAY, start + 38 * DAY),
    }
    kept = _prepared(stand, data, row, row["edition"], periods)
    _enter(stand, kept, row, initiatives)
    experts = _experts(stand, kept, row)
    _judge(kept, experts, row, initiatives, chance)
    _announce(stand, kept, Award.NOMINEE, data["tie_reason"], periods[Phase.NOMINATION].closes_at)
    longer = PhasePeriod(periods[Phase.VOTE].opens_at, periods[Phase.VOTE].closes_at + 3 * DAY)
    rounds.move_phase(
        showcase=kept,
        phase=Phase.VOTE,
        period=longer,
        reason=data["extension_reason"],
        actor=_secretariat(stand),
        now=stand.clock.go_to(longer.closes_at - 4 * DAY),
    )
    _vote(stand, kept, chance, VOTE_IN, stand.clock.tick())
    _announce(stand, kept, Award.CHAMPION, data["tie_reason"], longer.closes_at)
    _choose(kept, experts, chance)
    _announce(stand, kept, Award.WINNER, data["winner_reason"], periods[Phase.CHOICE].closes_at)


def _hold_current(
    stand: DemoState, data: DemoRow, row: DemoRow, initiatives: InitiativesByKey, chance: Random
) -> None:
    """Dates are relative to loading: the vote is open for three weeks from then."""
    today = timezone.localtime(timezone.now(), stand.forum.timezone).date()
    midnight = datetime.combine(today, time(), stand.forum.timezone)
    periods = {
        Phase.ENTRY: PhasePeriod(midnight - 75 * DAY, midnight - 40 * DAY),
        Phase.NOMINATION: PhasePeriod(midnight - 39 * DAY, midnight - 16 * DAY),
        Phase.VOTE: PhasePeriod(midnight - 9 * DAY, midnight + 22 * DAY),
        Phase.CHOICE: PhasePeriod(midnight + 29 * DAY, midnight + 43 * DAY),
    }
    stand.clock.go_to(midnight - 90 * DAY)
    kept = _prepared(stand, data, row, str(today.year), periods)
    _enter(stand, kept, row, initiatives)
    experts = _experts(stand, kept, row, stand.shown[Role.FACILITATOR])
    _judge(kept, experts, row, initiatives, chance)
    _announce(stand, kept, Award.NOMINEE, data["tie_reason"], periods[Phase.NOMINATION].closes_at)
    _vote(stand, kept, chance, ALREADY, periods[Phase.VOTE].opens_at + HOUR)


def _prepared(
    stand: DemoState, data: DemoRow, row: DemoRow, edition: str, periods: dict[Phase, PhasePeriod]
) -> Showcase:
    criteria = tuple(
        Mark(f"k{number}", one["names"], one["weight"])
        for number, one in enumerate(data["criteria"], start=1)
    )
    terms = PrizeTerms(criteria=criteria, nominees=row["nominees"], champions=row["champions"])
    kept = rounds.prepare_showcase(
        forum=stand.forum,
        plan=PrizePlan(
            edition=edition,
            titles={code: text.format(year=edition) for code, text in row["titles"].items()},
            abouts=row["abouts"],
            terms=terms,
            periods=periods,
        ),
        actor=_secretariat(stand),
        now=stand.clock.tick(),
    )
    rounds.open_showcase(showcase=kept, actor=_secretariat(stand), now=stand.clock.tick())
    return kept


def _secretariat(stand: DemoState) -> Actor:
    return Actor(stand.shown[Role.SECRETARIAT].pk, Role.SECRETARIAT, stand.forum.pk)


def _enter(stand: DemoState, kept: Showcase, row: DemoRow, initiatives: InitiativesByKey) -> None:
    categories = {one.line.code: one for one in kept.categories.select_related("line")}
    stand.clock.go_to(periods_of(kept)[Phase.ENTRY].opens_at)
    for code, place, _worth in row["entries"]:
        one = initiatives[place]
        if has_won(one):
            continue
        owner = one.registered_by_id
        showcase_entries.enter_initiative(
            showcase=kept,
            category=categories[code],
            initiative=one,
            case=one.results,
            consents=True,
            actor=Actor(owner, Role.PARTICIPANT, stand.forum.pk) if owner else SYSTEM,
            now=stand.clock.tick(minutes=40),
        )


def _experts(stand: DemoState, kept: Showcase, row: DemoRow, *others: Person) -> list[ShowcaseExpert]:
    named = [stand.people[place] for place in row["experts"]]
    return [
        judging.name_expert(
            showcase=kept,
            email=person.email,
            categories=(),
            actor=_secretariat(stand),
            now=stand.clock.tick(),
        )
        for person in dict.fromkeys([*named, *others])
    ]


def _judge(
    kept: Showcase, experts: list[ShowcaseExpert], row: DemoRow, initiatives: InitiativesByKey, chance: Random
) -> None:
    worth = {initiatives[place].pk: value for _code, place, value in row["entries"]}
    now = periods_of(kept)[Phase.NOMINATION].opens_at + HOUR
    for expert in experts:
        organisations = organisations_ever(expert.person_id)
        marks = {}
        for entry in entries_for(expert):
            if conflict_between(expert.person_id, organisations, entry) is None:
                middle = worth[entry.initiative_id]
                marks[entry] = {
                    one.code: min(5, max(1, middle + chance.choice((-1, 0, 0, 1))))
                    for one in kept.terms.criteria
                }
        judging.judge_entries(expert=expert, marks=marks, now=now)


def _vote(stand: DemoState, kept: Showcase, chance: Random, share: float, now: datetime) -> None:
    """Let invented people vote in most categories; the people with sign-in links have not voted yet."""
    nominees: dict[int, list[ShowcaseEntry]] = {}
    for entry in nominees_of(kept):
        nominees.setdefault(entry.category_id, []).append(entry)
    shown = {person.pk for person in stand.shown.values()}
    for person in Person.objects.filter(is_invented=True).exclude(pk__in=shown).order_by("pk"):
        forum_request = ForumRequest(stand.forum, person, frozenset({Role.PARTICIPANT}), now)
        chosen: list[int] = []
        for entries in nominees.values():
            if chance.random() < share:
                weights = [float(one.score or 1) ** 2 for one in entries]
                chosen += [one.pk for one in chance.choices(entries, weights=weights)]
        if chosen:
            votes.cast_showcase_votes(forum_request=forum_request, showcase=kept, entry_ids=chosen)


def _choose(kept: Showcase, experts: list[ShowcaseExpert], chance: Random) -> None:
    now = periods_of(kept)[Phase.CHOICE].opens_at + HOUR
    for expert in experts:
        for one in choices_of(expert):
            if one.champions:
                weights = [float(entry.votes or 1) for entry in one.champions]
                chosen = chance.choices(one.champions, weights=weights)[0]
                judging.pick_winner(expert=expert, entry=chosen, now=now)


def _announce(stand: DemoState, kept: Showcase, award: Award, reason: str, after: datetime) -> None:
    """Settle ties: all are in, or, if only one can win, the one with more votes."""
    now = stand.clock.go_to(after + HOUR)
    for standing in standings_of(kept, award):
        if standing.drawn.tied:
            tied = [row.entry for row in standing.tied_rows]
            first = max(tied, key=lambda one: (one.votes or 0, -one.pk))
            awards.settle_tie(
                category=standing.category,
                award=award,
                chosen=[first.pk] if award is Award.WINNER else [one.pk for one in tied],
                reason=reason,
                actor=_secretariat(stand),
                now=stand.clock.tick(),
            )
    awards.announce(showcase=kept, award=award, actor=_secretariat(stand), now=now)
    kept.refresh_from_db()
