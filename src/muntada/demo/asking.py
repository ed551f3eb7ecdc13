"""Session requests of the demo: forms, people asked to take part, joint requests."""

from dataclasses import replace
from datetime import date, time

from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.demo.frame import DemoState
from muntada.demo.reading import DemoRow, invented, read
from muntada.forums.merging.rules import Joint
from muntada.forums.queries import ForumRequest
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.programme.merging import actions as merging
from muntada.programme.merging.actions import JointRequest
from muntada.programme.requests.actions import checks, request_forms, requests
from muntada.programme.requests.actions.request_forms import FormPlan
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.checks import Check, RequestCheck, RuleStrength
from muntada.programme.requests.rules.speakers import Availability, GivenFacts
from muntada.programme.sessions.rules import SessionRole
from muntada.programme.speakers.actions import speakers
from muntada.programme.speakers.actions.speakers import Naming, NamingBody, SpeakerReply

RULES = (
    RequestCheck(Check.FEWEST_SPEAKERS, RuleStrength.WARN, 1),
    RequestCheck(Check.GROUPS, RuleStrength.WARN, 3),
    RequestCheck(Check.GENDERS, RuleStrength.WARN, 2),
    RequestCheck(Check.MODERATED, RuleStrength.WARN, 1),
    RequestCheck(Check.PER_SPEAKER, RuleStrength.WARN, 3),
)
KATHMANDU = Availability(True, "Asia/Kathmandu", time(8), time(19), ())
AWAY_ON_MONDAY = Availability(days_away=(date(2025, 7, 7),))


def publish_forms(stand: DemoState) -> None:
    """Publish a form for each kind of session, and a second version for workshops."""
    actor = stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT)
    for row in invented("request_forms"):
        versions: list[DemoRow] = [{**row, "questions": []}, row] if row["questions"] else [row]
        for version in versions:
            form = request_forms.prepare_form(
                forum=stand.forum,
                kind=row["kind"],
                plan=_plan(version),
                actor=actor,
                now=stand.clock.tick(),
            )
            request_forms.publish_form(form=form, actor=actor, now=stand.clock.tick())


def _plan(row: DemoRow) -> FormPlan:
    fewest, most = row["speakers"]
    return FormPlan(
        texts=row["texts"],
        wishes=row["wishes"],
        questions=[_question(one) for one in row["questions"]],
        lengths=row["lengths"],
        fewest_speakers=fewest,
        most_speakers=most,
    )


def _question(row: DemoRow) -> CallQuestion:
    return CallQuestion(row["code"], row["labels"], {}, row["required"], row["words"])


def ask_people(stand: DemoState, asked: list[SessionRequest]) -> None:
    """Ask people by link: one accepts online, one declines, one has not answered."""
    secretariat = stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT)
    checks.set_rules(forum=stand.forum, rules=RULES, actor=secretariat, now=stand.clock.tick())
    first, second, *_ = asked
    forum_request = _author(stand, first)
    yes = _ask(
        stand,
        forum_request,
        first,
        Naming("Sunita Invented", "sunita@demo.invalid", "en", SessionRole.MODERATOR),
    )
    own = GivenFacts(kind="technical-community", country="NP", gender="woman", is_first_time=True)
    speakers.answer(asked=yes, reply=SpeakerReply(True, "", own, KATHMANDU), now=stand.clock.tick(600))
    _ask(
        stand,
        forum_request,
        first,
        Naming("Paul Invented", "paul@demo.invalid", "fr", SessionRole.RAPPORTEUR),
    )
    body = NamingBody(
        "Lina Invented", "lina@demo.invalid", "ar", "Invented Village Network", "academia", "JO"
    )
    beside = speakers.name_body(forum_request=forum_request, request=first, naming=body)
    kept = speakers.ask(forum_request=_at(forum_request, stand), request=first, asked=beside)
    speakers.answer(asked=kept, reply=SpeakerReply(is_yes=True), now=stand.clock.tick(60))
    forum_request = _author(stand, second)
    away = _ask(stand, forum_request, second, Naming("Jean Invented", "jean@demo.invalid", "fr"))
    speakers.answer(
        asked=away, reply=SpeakerReply(True, availability=AWAY_ON_MONDAY), now=stand.clock.tick(90)
    )
    no = _ask(stand, forum_request, second, Naming("Maria Invented", "maria@demo.invalid", "es"))
    speakers.answer(
        asked=no, reply=SpeakerReply(is_yes=False, note="I teach on these days."), now=stand.clock.tick(30)
    )


def _author(stand: DemoState, request: SessionRequest) -> ForumRequest:
    author = Person.objects.get(session_requests=request)
    stand.clock.tick()
    return stand.forum_request(author)


def _at(forum_request: ForumRequest, stand: DemoState) -> ForumRequest:
    return replace(forum_request, now=stand.clock.tick())


def _ask(
    stand: DemoState, forum_request: ForumRequest, request: SessionRequest, naming: Naming
) -> speakers.Invitee:
    one = speakers.name_speaker(forum_request=_at(forum_request, stand), request=request, naming=naming)
    return speakers.ask(forum_request=_at(forum_request, stand), request=request, asked=one)


def join_two(stand: DemoState, asked: list[SessionRequest]) -> None:
    """Propose a joint request as secretariat, with the consent of both authors."""
    row = read("invented/together.json")["joined_requests"]
    first, second = asked[row["first"]], asked[row["second"]]
    stand.clock.tick(600)
    merge = merging.propose_joining(
        forum_request=stand.forum_request(stand.shown[Role.SECRETARIAT]),
        request=first,
        other=second,
        joint=JointRequest(Joint(row["title"], row["text"], row["language"])),
    )
    for one in (first, second):
        merging.consent_to_joining(forum_request=_author(stand, one), merge=merge)


def ask_late(stand: DemoState) -> None:
    """Submit two more undecided requests, and propose to join them."""
    late = []
    rows = invented("late_requests")
    for row in rows:
        person = stand.people[row["person"]]
        forum_request = stand.forum_request(person)
        own = NewSpeaker(person.name, is_confirmed=True, person_id=person.pk, part=SessionRole.MODERATOR)
        new = NewRequest(
            row["title"],
            row["description"],
            "en",
            kind="workshop",
            minutes=60,
            speakers=[own, NewSpeaker(f"Guest of {person.name}")],
            line_codes=["C2"],
        )
        draft = requests.save_request(forum_request=forum_request, new=new)
        requests.submit_request(forum_request=_at(forum_request, stand), request=draft)
        late.append((forum_request, SessionRequest.objects.get(pk=draft.pk)))
    (forum_request, first), (_, second) = late
    text = "\n\n".join(row["description"] for row in rows)
    words = Joint("Masts on school roofs, after the project ends", text, "en")
    guest = second.speakers.order_by("position").first()
    merging.propose_joining(
        forum_request=_at(forum_request, stand),
        request=first,
        other=second,
        joint=JointRequest(words, parts={guest.pk: SessionRole.REMOTE_MODERATOR.value} if guest else {}),
    )
