"""A call is prepared, tried, opened, asked otherwise and extended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from consultation.conftest import a_saying
from muntada.consultation.calls import task_types as calls_task_types
from muntada.consultation.calls.actions import calls, preparing
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.actions.preparing import CallPlan
from muntada.consultation.calls.models import Call, CallExtension, QuestionSet
from muntada.consultation.calls.queries import call_cards, card_at
from muntada.consultation.calls.rules.dry_run import DryRunInput, Weight, dry_run
from muntada.consultation.calls.rules.question_sets import question_templates
from muntada.consultation.contributions.actions import contributions, drafts, entries
from muntada.consultation.contributions.rules.contributions import CameBy
from muntada.consultation.contributions.rules.imports import ReceivedContribution
from muntada.consultation.front import tasks as front
from muntada.consultation.front.queries import people_to_notify
from muntada.consultation.replies.models import LettersStopped
from muntada.forums.rules import Stage, Window
from muntada.foundations.errors import NotAllowed, NotThere, Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.people.models import Person
from muntada.record.models import LogEntry

NOW = datetime(2025, 3, 3, 10, 0, tzinfo=UTC)
GOOD = DryRunInput(
    titles={"en": "What should the forum discuss?", "ar": "ماذا؟"},
    introductions={"en": "Tell us.", "ar": "أخبرونا."},
    languages=("en", "ar"),
    items=[{"code": "views", "labels": {"en": "What?", "ar": "ماذا؟"}, "words": 500}],
    opens_at=NOW,
    closes_at=datetime(2025, 4, 4, 21, 59, tzinfo=UTC),
    takes_contributions=True,
    votes_open_to="nobody",
    stage_windows=[Window(NOW - timedelta(days=9), NOW + timedelta(days=90))],
    has_reply_templates=True,
    zone=ZoneInfo("Europe/Zurich"),
)


def sentences(plan: DryRunInput, weight: Weight) -> str:
    return " ".join(point.sentence for point in dry_run(plan, NOW) if point.weight is weight)


def test_a_good_call_has_nothing_in_the_way_and_nothing_to_think_about():
    assert {point.weight for point in dry_run(GOOD, NOW)} == {Weight.OK}


@pytest.mark.parametrize(
    ("change", "weight", "words"),
    [
        ({"titles": {}}, Weight.BLOCK, "no title"),
        ({"items": []}, Weight.BLOCK, "no question"),
        ({"takes_contributions": False}, Weight.BLOCK, "Nobody can write and nobody can vote"),
        ({"closes_at": NOW - timedelta(hours=1)}, Weight.BLOCK, "in the past"),
        ({"closes_at": NOW + timedelta(days=100)}, Weight.BLOCK, "would be refused"),
        ({"stage_windows": []}, Weight.BLOCK, "no dates"),
        (
            {"stage_windows": [Window(NOW + timedelta(days=60), None)]},
            Weight.BLOCK,
            "closes before the consultation opens",
        ),
        (
            {"stage_windows": [Window(NOW - timedelta(days=60), NOW - timedelta(days=1))]},
            Weight.BLOCK,
            "before the call opens",
        ),
        ({"titles": {"en": "What?"}}, Weight.WARN, "The title is missing in Arabic"),
        ({"introductions": {}}, Weight.WARN, "no introduction"),
        ({"introductions": {"ar": "أخبرونا."}}, Weight.WARN, "introduction is missing in English"),
        (
            {"items": [{"code": "a", "labels": {"en": "Why?"}, "words": 9}]},
            Weight.WARN,
            "“Why?” is missing in Arabic",
        ),
        (
            {"items": [{"code": "a", "labels": {"en": "Why?", "ar": "لماذا؟"}}]},
            Weight.WARN,
            "One question has no word limit",
        ),
        ({"closes_at": NOW + timedelta(days=3)}, Weight.WARN, "Only 3 days"),
        ({"closes_at": datetime(2025, 4, 5, 21, 59, tzinfo=UTC)}, Weight.WARN, "closes on a Saturday"),
        ({"closes_at": datetime(2025, 4, 4, 1, 0, tzinfo=UTC)}, Weight.WARN, "closes at 03:00"),
        ({"opens_at": NOW - timedelta(days=20)}, Weight.WARN, "before the consultation does"),
        ({"has_reply_templates": False}, Weight.WARN, "no template for a reply"),
    ],
)
def test_the_dry_run_says_what_is_wrong(change, weight, words):
    assert words in sentences(replace(GOOD, **change), weight)


def test_a_call_without_an_end_is_something_to_think_about_where_the_stage_has_none_either():
    plan = replace(GOOD, closes_at=None, stage_windows=[Window(NOW, None)])
    assert "no end" in sentences(plan, Weight.WARN)
    assert not sentences(plan, Weight.BLOCK)


def test_each_question_set_that_is_shipped_stands_in_six_languages_with_its_source():
    assert {one.key for one in question_templates()} == {
        "wsis-forum",
        "elements-paper",
        "thematic-input",
        "stocktaking",
    }
    for one in question_templates():
        assert one.source
        assert one.source_url.startswith("http")
        assert set(one.titles) == set(LANGUAGE_CODES)
        for item in one.items:
            assert set(item["labels"]) == set(LANGUAGE_CODES), item["code"]
        assert len({item["code"] for item in one.items}) == len(one.items)


QUESTIONS = [CallQuestion("views", {"en": "What do you want to say?"}), CallQuestion("why", {"en": "Why?"})]


@pytest.fixture
def plan(now) -> CallPlan:
    return CallPlan(
        slug="autumn",
        titles={"en": "Autumn call"},
        introductions={"en": "Tell us."},
        languages=("en", "ar"),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=30),
    )


@pytest.fixture
def prepared(forum, plan, now, secretariat) -> Call:
    return preparing.prepare_call(forum=forum, plan=plan, questions=QUESTIONS, actor=secretariat, now=now)


def test_a_prepared_call_is_there_for_nobody_until_it_is_opened(
    forum, prepared, request_as, now, secretariat
):
    assert call_cards(forum, now) == []
    with pytest.raises(NotThere):
        card_at(forum, "autumn", now)
    with pytest.raises(Refused):
        contributions.submit_contribution(forum_request=request_as(), call=prepared, saying=a_saying())
    preparing.open_prepared_call(call=prepared, actor=secretariat, now=now)
    assert card_at(forum, "autumn", now).is_open
    assert LogEntry.objects.last().verb == "open_call"


def test_what_stands_in_the_way_keeps_a_call_closed(forum, prepared, now, secretariat):
    preparing.ask(call=prepared, questions=[], actor=secretariat, now=now)
    with pytest.raises(Refused, match="no question") as refusal:
        preparing.open_prepared_call(call=prepared, actor=secretariat, now=now)
    assert refusal.value.code == "dry-run"
    assert Call.objects.get(pk=prepared.pk).opened_at is None


def test_only_the_secretariat_prepares_and_opens(forum, plan, prepared, now, moderator):
    for refused in (
        lambda: preparing.prepare_call(forum=forum, plan=plan, questions=[], actor=moderator, now=now),
        lambda: preparing.edit_call(call=prepared, plan=plan, actor=moderator, now=now),
        lambda: preparing.ask(call=prepared, questions=[], actor=moderator, now=now),
        lambda: preparing.open_prepared_call(call=prepared, actor=moderator, now=now),
        lambda: preparing.drop_call(call=prepared, actor=moderator, now=now),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_a_call_is_changed_only_while_it_is_prepared(forum, plan, prepared, now, secretariat):
    changed = replace(plan, slug="winter", titles={"en": "Winter call"})
    assert preparing.edit_call(call=prepared, plan=changed, actor=secretariat, now=now).slug == "winter"
    preparing.open_prepared_call(call=prepared, actor=secretariat, now=now)
    for refused in (
        lambda: preparing.edit_call(call=prepared, plan=plan, actor=secretariat, now=now),
        lambda: preparing.drop_call(call=prepared, actor=secretariat, now=now),
    ):
        with pytest.raises(Refused) as refusal:
            refused()
        assert refusal.value.code == "call-opened"


def test_an_address_is_given_once(forum, plan, prepared, now, secretariat):
    with pytest.raises(Refused) as refusal:
        preparing.prepare_call(forum=forum, plan=plan, questions=[], actor=secretariat, now=now)
    assert refusal.value.field == "slug"


def test_a_prepared_call_can_be_dropped(prepared, now, secretariat):
    preparing.drop_call(call=prepared, actor=secretariat, now=now)
    assert not Call.objects.exists()
    assert LogEntry.objects.last().verb == "drop_call"


def test_asking_otherwise_while_open_is_a_new_version_and_what_was_said_keeps_the_old(
    prepared, request_as, make_person, now, secretariat
):
    preparing.ask(call=prepared, questions=QUESTIONS[:1], actor=secretariat, now=now)
    assert QuestionSet.objects.get().version == 1
    preparing.open_prepared_call(call=prepared, actor=secretariat, now=now)
    author = make_person()
    said = contributions.submit_contribution(
        forum_request=request_as(person=author), call=prepared, saying=a_saying()
    )
    second = preparing.ask(call=prepared, questions=QUESTIONS, actor=secretariat, now=now)
    assert second.version == 2
    assert preparing.ask(call=prepared, questions=QUESTIONS, actor=secretariat, now=now) == second
    contributions.resubmit_contribution(
        forum_request=request_as(person=author), contribution=said, saying=a_saying(text="Better.")
    )
    said.refresh_from_db()
    assert said.question_set.version == 1
    later = contributions.submit_contribution(
        forum_request=request_as(),
        call=prepared,
        saying=a_saying(answers={"why": "Because."}, question_set=2),
    )
    assert later.question_set == second
    assert later.answers == {"why": "Because."}
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(
            forum_request=request_as(), call=prepared, saying=a_saying(question_set=1)
        )
    assert refusal.value.code == "questions-changed"


def test_a_code_never_stands_for_two_questions_of_a_call(prepared, now, secretariat):
    preparing.open_prepared_call(call=prepared, actor=secretariat, now=now)
    words = {"call": prepared, "actor": secretariat, "now": now}
    preparing.ask(questions=QUESTIONS[:1], **words)
    other = CallQuestion(QUESTIONS[1].code, {"en": "Something else?"})
    for questions in ([QUESTIONS[0], other], [QUESTIONS[0], QUESTIONS[0]]):
        with pytest.raises(Refused) as refusal:
            preparing.ask(questions=questions, **words)
        assert refusal.value.code == "question-code-used"
    fresh = CallQuestion("q9", {"en": "Something else?"})
    assert preparing.ask(questions=[QUESTIONS[0], fresh], **words).version == 3


def test_a_call_takes_texts_in_its_languages_and_what_was_said_before_stays(
    call, contribute, request_as, now, secretariat
):
    said = contribute(language="ru")
    Call.objects.filter(pk=call.pk).update(languages=["en", "ar"])
    call.refresh_from_db()
    with pytest.raises(Refused, match="English and العربية") as refusal:
        contribute(call=call, language="ru", title="Another")
    assert (refusal.value.code, refusal.value.field) == ("language-not-taken", "language")
    letter = ReceivedContribution(saying=a_saying(language="fr"), name="Awa", provenance="Letter of 3 March")
    with pytest.raises(Refused, match="English"):
        entries.enter_contribution(call=call, taken=letter, came_by=CameBy.LETTER, actor=secretariat, now=now)
    forum_request = request_as(person=said.author)
    said.call = call
    better = a_saying(text="Better.", language="ru")
    assert (
        contributions.resubmit_contribution(
            forum_request=forum_request, contribution=said, saying=better
        ).language
        == "ru"
    )
    with pytest.raises(Refused, match="English"):
        contributions.resubmit_contribution(
            forum_request=forum_request, contribution=said, saying=a_saying(language="fr")
        )
    assert contribute(call=call, language="ar", title="Another").language == "ar"


def test_an_open_call_asks_at_least_one_question(prepared, now, secretariat):
    preparing.open_prepared_call(call=prepared, actor=secretariat, now=now)
    with pytest.raises(Refused) as refusal:
        preparing.ask(call=prepared, questions=[], actor=secretariat, now=now)
    assert refusal.value.code == "questions-missing"


def test_an_extension_is_told_to_those_who_write_and_to_those_who_have_written(
    call, contribute, request_as, make_person, now, secretariat
):
    wrote, writes, reads = make_person(language="fr"), make_person(), make_person()
    contribute(wrote)
    drafts.save_draft(forum_request=request_as(person=writes), call=call, saying=a_saying())
    later = call.closes_at + timedelta(days=5)
    calls.extend_call(call=call, closes_at=later, reason="Many asked.", actor=secretariat, now=now)
    assert {one.email for one in people_to_notify(call)} == {wrote.email, writes.email}
    extension = CallExtension.objects.get()
    front.send_extension(extension_id=extension.pk, email=writes.email, language="en")
    (letter,) = mail.outbox
    assert letter.to == [writes.email]
    assert "Many asked." in letter.body
    assert reads.email not in {one.email for one in people_to_notify(call)}


def test_whom_to_tell_takes_the_same_questions_however_many_they_are(
    call, contribute, request_as, make_person, now, django_assert_num_queries, secretariat
):
    people = [make_person() for _ in range(6)]
    for person in people[:3]:
        contribute(person)
        contribute(person, title="Something else")
    for person in people[2:]:
        drafts.save_draft(forum_request=request_as(person=person), call=call, saying=a_saying())
    letter = ReceivedContribution(
        saying=a_saying(), name="Awa", email=people[0].email.upper(), provenance="Letter of 3 March"
    )
    entries.enter_contribution(call=call, taken=letter, came_by=CameBy.LETTER, actor=secretariat, now=now)
    LettersStopped.objects.create(email=people[1].email, stopped_at=now)
    Person.objects.filter(pk=people[4].pk).update(wants_notices=False)
    with django_assert_num_queries(5):
        told = [one.email for one in people_to_notify(call)]
    assert told == sorted(people[place].email for place in (0, 2, 3, 5))


def test_an_extension_beyond_the_time_of_the_consultation_is_refused_and_told_to_nobody(
    call, forum, now, secretariat
):
    end = now + timedelta(days=400)
    forum.windows.filter(stage=Stage.CONSULTATION).update(closes_at=end)
    Call.objects.filter(pk=call.pk).update(closes_at=now + timedelta(days=9))
    words = {"call": call, "reason": "Many asked.", "actor": secretariat, "now": now}
    with pytest.raises(Refused, match="what comes after that day would be refused") as refusal:
        calls.extend_call(closes_at=end + timedelta(minutes=1), **words)
    assert (refusal.value.code, refusal.value.field) == ("extension-beyond-stage", "closes_at")
    assert not CallExtension.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name=calls_task_types.announce_extension.name).exists()
    assert calls.extend_call(closes_at=end, **words).closes_at == end


def test_a_call_that_is_still_prepared_is_changed_and_not_extended(prepared, now, secretariat):
    later = prepared.closes_at + timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        calls.extend_call(call=prepared, closes_at=later, reason="x", actor=secretariat, now=now)
    assert refusal.value.code == "call-prepared"


def test_an_extension_has_a_reason_somebody_can_read(call, now, secretariat):
    words = {"call": call, "closes_at": call.closes_at + timedelta(days=1), "actor": secretariat, "now": now}
    with pytest.raises(Refused) as refusal:
        calls.extend_call(reason="\u200b \u200d", **words)
    assert refusal.value.code == "reason-missing"
    assert calls.extend_call(reason=" Many\u200b asked. ", **words).reason == "Many asked."


def test_the_dry_run_names_the_days_of_the_forum():
    # Midnight in Zurich is still the day before in Greenwich.
    first, end = datetime(2025, 4, 9, 22, 0, tzinfo=UTC), datetime(2025, 3, 19, 23, 0, tzinfo=UTC)
    assert "10 April 2025" in sentences(replace(GOOD, stage_windows=[Window(first, None)]), Weight.BLOCK)
    closed = replace(GOOD, stage_windows=[Window(NOW - timedelta(days=9), end)])
    assert "closes on 19 March 2025" in sentences(closed, Weight.BLOCK)


def test_an_extension_into_the_past_is_refused(make_call, now, secretariat):
    over = make_call("over", closes_at=now - timedelta(days=3))
    with pytest.raises(Refused) as refusal:
        calls.extend_call(
            call=over, closes_at=now - timedelta(days=1), reason="x", actor=secretariat, now=now
        )
    assert refusal.value.code == "extension-in-the-past"
