"""Indicators from small files, initiatives, and the actor of each role."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.imports.actions import figures
from muntada.evidence.initiatives.actions import checks, initiatives
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.rules import Activity, InitiativeProgress, InitiativeScope
from muntada.evidence.prizes.actions import awards, entries, judging, rounds, votes
from muntada.evidence.prizes.models import Showcase, ShowcaseCategory, ShowcaseEntry, ShowcaseExpert
from muntada.evidence.prizes.rules.rounds import Award, Mark, Phase, PhasePeriod, PrizeTerms
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.people.models import Person
from muntada.people.rules import OrganisationKind, Role
from muntada.record.rules import SYSTEM, Actor

type MakeFile = Callable[..., Path]
type ImportText = Callable[..., figures.ImportedFigures]
type MakeInitiative = Callable[..., Initiative]

USERS = """code,name,year,value
WLD,World,2015,39.9
WLD,World,2020,59.3
WLD,World,2023,67.4
SAS,South Asia,2015,17.0
SAS,South Asia,2020,40.0
NAC,North America,2020,90.5
NAC,North America,2023,92.1
HIC,High income,2023,93.0
LDC,Least developed countries,2023,33.0
EUU,European Union,2023,91.0
KEN,Kenya,2020,22.7
KEN,Kenya,2023,35.0
NAM,Namibia,2023,62.0
"""
BY_SEX = """code,sex,year,value
WLD,female,2023,66.4
WLD,male,2023,72.0
WLD,female,2024,68.2
WLD,male,2024,74.2
LDC,female,2024,26.3
LDC,male,2024,36.5
SAS,female,2024,56.3
"""


@pytest.fixture
def no_areas(db) -> None:
    """Take away the countries and groups with which the databases of tests begin."""
    Membership.objects.all().delete()
    Area.objects.all().delete()


@pytest.fixture
def a_file(tmp_path) -> MakeFile:
    def make(text: str | bytes = USERS, name: str = "IT.NET.USER.ZS.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


@pytest.fixture
def import_text(a_file, forum, now) -> ImportText:
    def run(text: str = USERS, name: str = "IT.NET.USER.ZS.csv", **named) -> figures.ImportedFigures:
        return figures.import_indicators(
            path=a_file(text, name), forum=forum, actor=named.pop("actor", SYSTEM), now=now, **named
        )

    return run


def a_new_initiative(**named) -> initiatives.NewInitiative:
    facts = {
        "title": "Village networks",
        "language": "en",
        "description": "Community networks in forty villages.",
        "organisation": "Rural Link",
        "organisation_kind": OrganisationKind.CIVIL_SOCIETY,
        "activity": Activity.INFRASTRUCTURE,
        "scope": InitiativeScope.NATIONAL,
        "status": InitiativeProgress.ONGOING,
        "country": "KE",
        "starts_year": 2015,
    }
    return initiatives.NewInitiative(**(facts | named))


@pytest.fixture
def make_initiative(forum, make_person, now) -> MakeInitiative:
    def make(person=None, *, is_published=True, **named) -> Initiative:
        actor = Actor((person or make_person()).pk, "participant", forum.pk)
        made = initiatives.register_initiative(
            forum=forum, actor=actor, new=a_new_initiative(**named), now=now
        ).initiative
        return checks.publish_initiative(initiative=made, actor=SYSTEM, now=now) if is_published else made

    return make


def a_document(**named) -> dict[str, object]:
    """Figures as they are retyped from publications: one year, three editions."""
    figure = {
        "indicator": "internet_users_pct",
        "area": "WLD",
        "scheme": "world",
        "breakdown": "total",
        "ref_year": 2023,
        "edition": 2023,
        "value": 67.4,
        "source": "Facts and Figures 2023",
        "status": "sourced",
    }
    rows = [
        figure,
        figure | {"edition": 2024, "value": 65, "status": "unverified", "source": "press text"},
        figure | {"edition": 2025, "ref_year": 2025, "value": 74},
        figure | {"area": "ITU-AFR", "edition": 2025, "ref_year": 2025, "value": 36},
        figure | {"indicator": "offline_billion", "edition": 2025, "ref_year": 2025, "value": 2.2},
    ]
    return {
        "indicators": [
            {
                "code": "internet_users_pct",
                "titles": {"en": "Individuals using the Internet"},
                "units": {"en": "% of population"},
                "wdi_code": "IT.NET.USER.ZS",
            },
            {
                "code": "offline_billion",
                "titles": {"en": "People offline"},
                "units": {"en": "billion people"},
                "wdi_code": None,
            },
        ],
        "figures": rows,
    } | named


TERMS = PrizeTerms(
    criteria=(Mark("k1", {"en": "Results"}, 2), Mark("k2", {"en": "Others can do it"}, 1)),
    fewest_judgements=1,
    nominees=2,
    champions=2,
)


@dataclass
class Held:
    """A showcase on its way, and the moment within each of its phases."""

    showcase: Showcase
    at: dict[Phase, datetime]
    experts: list[ShowcaseExpert]
    ended: dict[Phase, datetime]

    def entry(self, initiative: Initiative) -> ShowcaseEntry:
        return ShowcaseEntry.objects.get(initiative=initiative, showcase=self.showcase, withdrawn_at=None)

    def category(self, code: str) -> ShowcaseCategory:
        return self.showcase.categories.select_related("line", "showcase__forum").get(line__code=code)

    def enter(self, initiative: Initiative, code: str = "C2", **named) -> ShowcaseEntry:
        return entries.enter_initiative(
            **{
                "showcase": self.showcase,
                "category": self.category(code),
                "initiative": initiative,
                "case": "It works.",
                "consents": True,
                "actor": Actor(initiative.registered_by_id, Role.PARTICIPANT, self.showcase.forum_id),
                "now": self.at[Phase.ENTRY],
            }
            | named
        )

    def judge(self, entry: ShowcaseEntry, *marks: int, expert: int = 0) -> None:
        judging.judge_entry(
            expert=self.experts[expert],
            entry=entry,
            marks=dict(zip(("k1", "k2"), marks, strict=True)),
            now=self.at[Phase.NOMINATION],
        )

    def announce(self, award: Award) -> int:
        phase = {Award.NOMINEE: Phase.NOMINATION, Award.CHAMPION: Phase.VOTE, Award.WINNER: Phase.CHOICE}[
            award
        ]
        count = awards.announce(showcase=self.showcase, award=award, actor=SYSTEM, now=self.ended[phase])
        self.showcase.refresh_from_db()
        return count

    def vote(self, person: Person, entry: ShowcaseEntry, **named) -> ShowcaseEntry:
        forum_request = ForumRequest(
            self.showcase.forum, person, frozenset(), named.pop("now", self.at[Phase.VOTE])
        )
        return votes.cast_showcase_vote(
            forum_request=forum_request, showcase=self.showcase, entry_id=entry.pk, **named
        )


@pytest.fixture
def holder(forum: Forum, make_person) -> Actor:
    return Actor(make_person(Role.SECRETARIAT).pk, Role.SECRETARIAT, forum.pk)


def a_plan(now: datetime, **named) -> rounds.PrizePlan:
    """Four phases of a week each, with a day between; entering is open now."""
    first = now - timedelta(days=1)
    periods = {
        phase: PhasePeriod(first + timedelta(days=8 * place), first + timedelta(days=8 * place + 7))
        for place, phase in enumerate(Phase)
    }
    terms = replace(TERMS, **{name: named.pop(name) for name in list(named) if hasattr(TERMS, name)})
    facts = {
        "edition": "2025",
        "titles": {"en": "Showcase"},
        "abouts": {},
        "terms": terms,
        "periods": periods,
    }
    return rounds.PrizePlan(**(facts | named))


@pytest.fixture
def hold(forum, now, make_person, holder) -> Callable[..., Held]:
    """`hold(nominees=1)`: an open showcase with two experts, in which initiatives can be entered now."""

    def make(**named) -> Held:
        plan = a_plan(now, **named)
        kept = rounds.prepare_showcase(forum=forum, plan=plan, actor=holder, now=now)
        experts = [
            judging.name_expert(
                showcase=kept, email=make_person().email, categories=(), actor=holder, now=now
            )
            for _ in range(2)
        ]
        rounds.open_showcase(showcase=kept, actor=holder, now=now)
        kept.refresh_from_db()
        return Held(
            kept,
            {phase: max(one.opens_at, now) + timedelta(hours=1) for phase, one in plan.periods.items()},
            experts,
            {phase: one.closes_at + timedelta(hours=1) for phase, one in plan.periods.items()},
        )

    return make
