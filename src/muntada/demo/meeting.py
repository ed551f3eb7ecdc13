"""Programme and meeting of the demo: requests, rooms, timetable, questions and session reports."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from muntada.demo.composing import put_index
from muntada.demo.counting import count_countries
from muntada.demo.drafts import put_up_buildings, tie_sessions, work_on_drafts
from muntada.demo.frame import DemoState
from muntada.demo.reading import DemoRow, invented
from muntada.evidence.imports.actions import figures
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.initiatives.actions import checks, initiatives
from muntada.evidence.initiatives.actions.initiatives import NewInitiative
from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.rules import Activity, InitiativeProgress, InitiativeScope, ResultFigure
from muntada.meeting.questions import actions as questions
from muntada.meeting.questions.rules import Mode
from muntada.meeting.reports import actions as meeting
from muntada.meeting.reports.actions import ReportPointText
from muntada.meeting.reports.rules import PointKind
from muntada.people.queries import organisations_of
from muntada.people.rules import OrganisationKind, Role
from muntada.programme.front.actions import schedule
from muntada.programme.releases import actions as releases
from muntada.programme.requests.actions import requests
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.merging import standing_request
from muntada.programme.requests.rules.checks import RuleStrength
from muntada.programme.selection.actions import selection_decisions, selection_runs, selections
from muntada.programme.selection.rules.selections import NumberRule, RuleWithNumber, SelectionTerms
from muntada.programme.sessions import actions as places
from muntada.programme.sessions.models import Session
from muntada.programme.sessions.rules import SessionRole
from muntada.programme.timetable.actions import timetable_runs
from muntada.record.rules import SYSTEM, Actor

FIRST_REQUEST = datetime(2025, 3, 18, 9, 0, tzinfo=UTC)
DECISIONS = datetime(2025, 5, 5, 9, 0, tzinfo=UTC)
FIRST_DAY = datetime(2025, 7, 7, 8, 0, tzinfo=UTC)
REPORTS = datetime(2025, 7, 12, 9, 0, tzinfo=UTC)
SEED = 20
EFFORT = 5.0
FEWER_SESSIONS = 28
_PLACEHOLDER = re.compile(r"\[([A-Z]):([A-Za-z0-9._]+)\]")


def resolve(stand: DemoState, text: str) -> str:
    """Replace references to data rows in a text by the assigned symbols."""

    def symbol(match: re.Match[str]) -> str:
        kind, key = match[1], match[2]
        if kind == "D":
            return f"[{_indicator(stand, key)}]"
        return f"[{stand.symbols[kind][int(key)].short}]"

    return _PLACEHOLDER.sub(symbol, text)


def _indicator(stand: DemoState, code: str) -> str:
    indicator = Indicator.objects.select_related("symbol").get(forum=stand.forum, code=code)
    return indicator.symbol.short


def put_figures(stand: DemoState, published: DemoRow) -> None:
    """Publish the real figures and series with their editions."""
    figures.publish_figures(document=published, forum=stand.forum, actor=SYSTEM, now=stand.clock.tick())
    count_countries(stand)
    put_index(stand)


def put_initiatives(stand: DemoState) -> None:
    """Register the invented initiatives."""
    for row in invented("initiatives"):
        stand.keep("I", register(stand, row, SYSTEM).symbol)


def register(stand: DemoState, row: DemoRow, actor: Actor) -> Initiative:
    """Register an invented initiative and have it checked."""
    organisation = stand.organisations[row["organisation"]]
    registered = initiatives.register_initiative(
        forum=stand.forum,
        actor=actor,
        new=NewInitiative(
            title=row["title"],
            language=row["language"],
            description=row["description"],
            organisation=organisation.name,
            organisation_kind=OrganisationKind(organisation.kind),
            activity=Activity(row["activity"]),
            scope=InitiativeScope(row["scope"]),
            status=InitiativeProgress(row["status"]),
            country=row["country"] or "",
            also_in=tuple(row.get("also_in", ())),
            lines=tuple(stand.lines[code] for code in row["lines"]),
            goals=tuple(stand.goals[code] for code in row["goals"]),
            results=row["results"],
            challenges=row["challenges"],
            partners=row["partners"],
            replicability=row.get("replicability", ""),
            figures=tuple(_figure(one) for one in row.get("figures", ())),
            starts_year=row["starts_year"],
            ends_year=row["ends_year"],
        ),
        now=stand.clock.tick(minutes=30),
    )
    return checks.publish_initiative(
        initiative=registered.initiative, actor=SYSTEM, now=stand.clock.tick(minutes=60)
    )


def _figure(row: DemoRow) -> ResultFigure:
    return ResultFigure(row["what"], Decimal(row["value"]), row["unit"], row["year"], row["source"])


def ask_for_sessions(stand: DemoState) -> list[SessionRequest]:
    """Submit session requests that cite contributions."""
    stand.clock.go_to(FIRST_REQUEST)
    kept = []
    for row in invented("session_requests"):
        stand.clock.tick(minutes=540)
        forum_request = stand.forum_request(stand.people[row["speakers"][0]])
        request = requests.save_request(forum_request=forum_request, new=_new_request(stand, row))
        requests.submit_request(forum_request=forum_request, request=request)
        request.refresh_from_db()
        if request.symbol:
            stand.keep("P", request.symbol)
        kept.append(request)
    return kept


def _new_request(stand: DemoState, row: DemoRow) -> NewRequest:
    answers = [stand.symbols["M"][index].short for index in row["answers"]["themes"]]
    answers += [stand.symbols["C"][index].short for index in row["answers"]["contributions"]]
    return NewRequest(
        title=row["title"],
        description=row["description"],
        language=row["language"],
        kind=row["kind"],
        minutes=row["minutes"],
        organisation_id=next((one.pk for one in organisations_of(stand.people[row["speakers"][0]])), None),
        speakers=[
            NewSpeaker(
                stand.people[index].name,
                is_confirmed=True,
                person_id=stand.people[index].pk,
                part=SessionRole.SPEAKER if place else SessionRole.MODERATOR,
            )
            for place, index in enumerate(row["speakers"])
        ],
        needs=row["needs"],
        audience=row["audience"],
        line_codes=row["lines"],
        goal_codes=row["goals"],
        answers=", ".join(answers),
    )


def make_programme(stand: DemoState, asked: list[SessionRequest]) -> list[Session]:
    """Decide on the requests, place the sessions and publish; return the session of each request."""
    stand.clock.go_to(DECISIONS)
    secretariat = stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT)
    for row in invented("rooms"):
        places.add_room(
            forum=stand.forum,
            name=row["name"],
            seats=row["seats"],
            services=row["services"],
            actor=secretariat,
            now=stand.clock.tick(),
        )
    put_up_buildings(stand, secretariat)
    schedule.add_default_slots(forum=stand.forum, actor=secretariat, now=stand.clock.tick())
    sessions = _choose(stand, asked, secretariat)
    tie_sessions(stand, secretariat)
    timetable = timetable_runs.make_timetable(
        forum=stand.forum, actor=secretariat, now=stand.clock.tick(), seed=SEED, effort=EFFORT
    )
    releases.publish_release(timetable=timetable, actor=secretariat, now=stand.clock.tick())
    work_on_drafts(stand, timetable)
    return sessions


def _choose(stand: DemoState, asked: list[SessionRequest], secretariat: Actor) -> list[Session]:
    """Select requests by the reviewers' scores, and publish the decisions."""
    terms = SelectionTerms(
        numbered=(
            RuleWithNumber(NumberRule.ORGANISATION, 2, RuleStrength.WARN),
            RuleWithNumber(NumberRule.PERSON, 2, RuleStrength.WARN),
            RuleWithNumber(NumberRule.THEMES, 2, RuleStrength.WARN),
        )
    )
    forum, now = stand.forum, stand.clock.tick()
    selections.set_selection_rules(forum=forum, terms=terms, actor=secretariat, now=now)
    made = selection_runs.make_selection(
        forum=forum, terms=terms, seed=SEED, actor=secretariat, now=now, further=5.0
    )
    # A variant with fewer places shows who would be out, why, and the price of each rule.
    fewer = replace(terms, sessions=FEWER_SESSIONS)
    selection_runs.make_selection(
        forum=forum, terms=fewer, seed=SEED, actor=secretariat, now=stand.clock.tick(), further=5.0
    )
    person = stand.shown[Role.SECRETARIAT]
    selection_decisions.publish_decisions(
        selection=made, person=person, actor=secretariat, now=stand.clock.tick()
    )
    rows = SessionRequest.objects.filter(forum=forum).select_related("session__symbol")
    held = {one.pk: one.session for one in rows if one.session}
    return [held[standing_request(one).pk] for one in asked]


def meet(stand: DemoState, sessions: list[Session]) -> None:
    """Add questions, answers and reports."""
    stand.clock.go_to(FIRST_DAY)
    for row in invented("questions"):
        _question(stand, row, sessions[row["session_request"]])
    stand.clock.go_to(REPORTS)
    for row in invented("reports"):
        rapporteur = stand.people[row["rapporteur"]]
        report = meeting.file_report(
            session=sessions[row["session_request"]],
            rapporteur=rapporteur,
            summary=resolve(stand, row["summary"]),
            points=[
                ReportPointText(
                    PointKind(point["kind"]),
                    resolve(stand, point["text"]),
                    stand.lines[point["line"]] if point["line"] else None,
                )
                for point in row["points"]
            ],
            language=row["language"],
            actor=stand.in_role(rapporteur, Role.RAPPORTEUR),
            now=stand.clock.tick(minutes=20),
        )
        stand.keep("R", report.symbol)


def _question(stand: DemoState, row: DemoRow, session: Session) -> None:
    forum_request = stand.forum_request(stand.people[row["author"]])
    question = questions.ask_question(
        session=session,
        author=forum_request.person,
        text=resolve(stand, row["text"]),
        language=row["language"],
        mode=Mode(row["mode"]),
        actor=forum_request.actor(Role.PARTICIPANT),
        now=stand.clock.tick(minutes=15),
    )
    for person in stand.people[: row["supports"]]:
        questions.support_question(question=question, person=person, now=stand.clock.now)
    if row["answer"]:
        speaker = stand.forum_request(stand.shown[Role.SPEAKER])
        questions.answer_question(
            question=question,
            answer=row["answer"],
            language=row["answer_language"],
            actor=speaker.actor(Role.SPEAKER),
            now=stand.clock.tick(),
        )
