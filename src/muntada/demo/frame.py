"""The frame of the demo: two forums with frameworks, windows and milestones, and the people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from muntada.demo.reading import DemoClock, DemoRow, framework, invented, read
from muntada.forums import actions as forums
from muntada.forums.actions import roles
from muntada.forums.models import Forum, Goal, Line, Milestone, Organiser
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Invented, Stage
from muntada.people import actions as people
from muntada.people.models import Organisation, Person
from muntada.people.queries import roles_of
from muntada.people.rules import OrganisationKind, Role
from muntada.record.models import Symbol
from muntada.record.rules import SYSTEM, Actor

# The six roles with a printed sign-in link, in the order of the stages.
ROLES_SHOWN = (
    Role.PARTICIPANT,
    Role.MODERATOR,
    Role.SECRETARIAT,
    Role.FACILITATOR,
    Role.DELEGATE,
    Role.SPEAKER,
)


@dataclass
class DemoState:
    """The objects created so far, by the index of their data row."""

    forum: Forum
    clock: DemoClock
    people: list[Person]
    organisations: list[Organisation]
    shown: dict[Role, Person]
    lines: dict[str, Line]
    goals: dict[str, Goal]
    symbols: dict[str, list[Symbol]] = field(default_factory=dict)
    roles: dict[Person, frozenset[Role]] = field(default_factory=dict)

    def forum_request(self, person: Person) -> ForumRequest:
        """Return the request context of a person acting now."""
        if person not in self.roles:
            self.roles[person] = roles_of(person, self.forum.pk)
        return ForumRequest(self.forum, person, self.roles[person], self.clock.tick())

    def give_role(self, person: Person, role: Role, now: datetime) -> None:
        roles.give_role(person=person, forum_id=self.forum.pk, role=role, actor=SYSTEM, now=now)
        self.roles.pop(person, None)

    def in_role(self, person: Person, role: Role) -> Actor:
        """Return a person as actor in a role, granted if necessary."""
        if role not in self.roles.get(person, ()):
            self.give_role(person, role, self.clock.now)
        return self.forum_request(person).actor(role)

    def line_ids(self, row: DemoRow) -> list[int]:
        return [self.lines[code].pk for code in row["lines"]]

    def goal_ids(self, row: DemoRow) -> list[int]:
        return [self.goals[code].pk for code in row["goals"]]

    def keep(self, kind: str, symbol: Symbol) -> None:
        self.symbols.setdefault(kind, []).append(symbol)


def set_up(clock: DemoClock) -> DemoState:
    """Create both forums and all people."""
    facts = read("wsis20.json")
    forum = _forum(facts, facts["framework"]["code"], clock)
    _windows(forum, facts, clock)
    _facts_around(forum, facts)
    national = framework("national")
    _open_all(_forum(national["forum"], "national", clock), clock)
    organisations = _organisations()
    persons = _people(organisations, clock)
    return DemoState(
        forum=forum,
        clock=clock,
        people=persons,
        organisations=organisations,
        shown=_roles(forum, persons, organisations, clock),
        lines={line.code: line for line in Line.objects.filter(framework=forum.framework)},
        goals={goal.code: goal for goal in Goal.objects.filter(framework=forum.framework)},
    )


def _forum(facts: DemoRow, code: str, clock: DemoClock) -> Forum:
    return forums.open_forum(
        new=forums.NewForum(
            slug=facts["slug"],
            prefix=facts["prefix"],
            names=facts["names"],
            abouts=facts.get("abouts", {}),
            places=facts["places"],
            starts_date=date.fromisoformat(facts["starts_date"]),
            ends_date=date.fromisoformat(facts["ends_date"]),
            zone=facts["zone"],
            languages=facts["languages"],
            source=facts.get("source", ""),
            # Whatever is said in a forum of the demo is invented.
            invented=Invented.ALL if facts["is_invented"] else Invented.CONTENT,
        ),
        framework=forums.load_framework(framework(code)),
        actor=SYSTEM,
        now=clock.tick(),
    )


def _windows(forum: Forum, facts: DemoRow, clock: DemoClock) -> None:
    """Create the real windows, with the extension of one, and those in which the demo can be tried."""
    rows = (*facts["windows"], *facts["demo_windows"])
    windows = forums.open_windows(
        forum=forum, windows=[_window(forum, row) for row in rows], actor=SYSTEM, now=clock.tick()
    )
    opened = {row["code"]: window for row, window in zip(rows, windows, strict=True)}
    for row in facts["extensions"]:
        forums.extend_window(
            stage_window=opened[row["window"]],
            closes_at=_end_of(row["closes"], forum),
            reason=row["reason"]["en"],
            decided_at=_end_of(row["closed"], forum),
            actor=SYSTEM,
            now=clock.tick(),
            source=row["source"],
        )


def _window(forum: Forum, row: DemoRow) -> forums.NewWindow:
    return forums.NewWindow(
        stage=Stage(row["stage"]),
        labels=row["label"],
        opens_at=datetime.combine(date.fromisoformat(row["opens"]), time(), forum.timezone),
        closes_at=_end_of(row["closes"], forum) if row["closes"] else None,
        source=row["source"],
        status=row["status"],
        is_invented=row.get("is_invented", False),
    )


def _end_of(last_day: str, forum: Forum) -> datetime:
    """Return the exclusive end of a window, given its last day."""
    return datetime.combine(date.fromisoformat(last_day) + timedelta(days=1), time(), forum.timezone)


def _open_all(forum: Forum, clock: DemoClock) -> None:
    """Open a national forum in its first stage."""
    first = datetime.combine(forum.starts_date, time(), ZoneInfo(forum.zone))
    plan: Mapping[Stage, tuple[int, int | None]] = {
        Stage.EVIDENCE: (-150, None),
        Stage.CONSULTATION: (-120, None),
        Stage.PROGRAMME: (-60, None),
        Stage.MEETING: (0, 3),
        Stage.REVIEW: (1, 60),
        Stage.OUTCOME: (3, 90),
    }
    windows = [
        forums.NewWindow(
            stage=stage,
            labels=forum.names,
            opens_at=first + timedelta(days=opens),
            closes_at=None if closes is None else first + timedelta(days=closes),
            is_invented=True,
        )
        for stage, (opens, closes) in plan.items()
    ]
    forums.open_windows(forum=forum, windows=windows, actor=SYSTEM, now=clock.tick())


def _facts_around(forum: Forum, facts: DemoRow) -> None:
    Organiser.objects.bulk_create(
        Organiser(
            forum=forum,
            name=row["name"],
            role=row["role"],
            position=position,
            status=row["status"],
            source=row["source"],
        )
        for position, row in enumerate(facts["organisers"])
    )
    Milestone.objects.bulk_create(
        Milestone(
            forum=forum,
            on_date=date.fromisoformat(row["on"]),
            other_date=date.fromisoformat(row["other"]) if row["other"] else None,
            texts=row["text"],
            source=row["source"],
            status=row["status"],
            is_beside_data=row.get("beside_data", False),
        )
        for row in facts["milestones"]
    )


def _organisations() -> list[Organisation]:
    kept = []
    for row in invented("organisations"):
        organisation = people.register_organisation(
            name=row["name"],
            kind=OrganisationKind(row["kind"]),
            country=row["country"],
            language=row["language"],
            is_international_headquarters=row["is_international_headquarters"],
        )
        kept.append(organisation)
    return kept


def _people(organisations: list[Organisation], clock: DemoClock) -> list[Person]:
    """Create all people; the first of each organization is its focal point and confirms the others."""
    focal_points: dict[int, Person] = {}
    kept = []
    for row in invented("people"):
        person = Person.objects.create_user(row["email"], name=row["name"], language=row["language"])
        person.country, person.is_invented = row["country"], True
        person.save(update_fields=["country", "is_invented"])
        kept.append(person)
        if row["organisation"] is None:
            continue
        organisation = organisations[row["organisation"]]
        affiliation = people.claim_affiliation(person=person, organisation=organisation, now=clock.tick())
        if organisation.pk in focal_points:
            voucher = focal_points[organisation.pk]
            people.vouch_for(affiliation=affiliation, voucher=voucher, now=clock.tick())
        else:
            people.name_focal_point(affiliation=affiliation, actor=SYSTEM, now=clock.tick())
            focal_points[organisation.pk] = person
    return kept


def _roles(
    forum: Forum, persons: list[Person], organisations: list[Organisation], clock: DemoClock
) -> dict[Role, Person]:
    """Assign each role; the delegate speaks for a government."""
    governments = {one.pk for one in organisations if one.kind == OrganisationKind.GOVERNMENT}
    delegate = next(
        person for person in persons if person.affiliations.filter(organisation__in=governments).exists()
    )
    others = iter(person for person in persons if person != delegate)
    shown = {role: delegate if role is Role.DELEGATE else next(others) for role in ROLES_SHOWN}
    for role, person in shown.items():
        if role is not Role.PARTICIPANT:
            roles.give_role(person=person, forum_id=forum.pk, role=role, actor=SYSTEM, now=clock.tick())
    roles.give_role(
        person=shown[Role.SPEAKER], forum_id=forum.pk, role=Role.RAPPORTEUR, actor=SYSTEM, now=clock.tick()
    )
    return shown
