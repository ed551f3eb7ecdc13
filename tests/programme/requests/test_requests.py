"""What authors do: drafts, submitting, and what a request answers."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail

from muntada.forums.models import StageWindow
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.actions import claim_affiliation, register_organisation
from muntada.people.rules import OrganisationKind
from muntada.programme.requests.actions.requests import NewRequest, NewSpeaker, save_request, submit_request
from muntada.programme.requests.models.requests import SessionRequest
from muntada.record import actions as record
from muntada.record.models import LogEntry
from muntada.record.queries import led_to, rests_on, same_content
from muntada.record.queries import receipt as find_receipt
from muntada.record.rules import SymbolKind

NEW = NewRequest(
    title="Connecting villages",
    description="What ten years taught us, see [C/1].",
    language="en",
    speakers=[NewSpeaker("Amina Diallo", is_confirmed=True), NewSpeaker("  ")],
    needs=["hybrid"],
    line_codes=["C2", "C9"],
    goal_codes=["9"],
    answers="M/1",
)


@pytest.fixture
def earlier(forum, now):
    """A contribution and a theme that a request can rest on."""
    give = {"forum_id": forum.pk, "language": "en", "now": now}
    return (
        record.give_symbol(kind=SymbolKind.CONTRIBUTION, title="A voice", **give),
        record.give_symbol(kind=SymbolKind.THEME, title="Villages", **give),
    )


def test_a_draft_is_kept_as_it_is_typed_and_nobody_hears_of_it(request_as, forum):
    before = LogEntry.objects.count()
    draft = save_request(forum_request=request_as(), new=replace(NEW, title=""))
    assert (draft.state, draft.symbol, draft.speakers.get().name) == ("draft", None, "Amina Diallo")
    assert [line.code for line in draft.lines.all()] == ["C2"]
    assert LogEntry.objects.count() == before


def test_saving_again_replaces_what_was_typed_before(request_as):
    forum_request = request_as()
    draft = save_request(forum_request=forum_request, new=NEW)
    save_request(
        forum_request=forum_request,
        new=replace(NEW, title="Other", speakers=[], line_codes=[]),
        request=draft,
    )
    kept = SessionRequest.objects.get()
    assert (kept.title, kept.speakers.count(), kept.lines.count()) == ("Other", 0, 0)


def test_a_submitted_request_gets_symbol_receipt_and_edges(request_as, forum, earlier):
    forum_request = request_as()
    draft = save_request(forum_request=forum_request, new=NEW)
    receipt = submit_request(forum_request=forum_request, request=draft)
    draft.refresh_from_db()
    assert (draft.state, draft.symbol.short) == ("submitted", "P/1")
    assert sorted((line.symbol, line.relation_here) for line in rests_on(draft.symbol)) == [
        ("WSIS20/C/1", "cites"),
        ("WSIS20/M/1", "answers"),
    ]
    assert [line.symbol for line in led_to(earlier[1])] == ["WSIS20/P/1"]
    view = find_receipt(forum.pk, receipt.code)
    assert same_content(view, f"{NEW.title}\n{NEW.description}")
    assert LogEntry.objects.filter(verb="submit_request", symbol=draft.symbol).count() == 1
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"title": " "}, "title-missing", "title"),
        ({"description": ""}, "description-missing", "description"),
        ({"description": "As [C/99] says."}, "citation-unknown", "description"),
        ({"answers": "M/99"}, "answer-unknown", "answers"),
        ({"answers": "the village"}, "symbol", "answers"),
    ],
)
def test_a_refused_request_stays_a_draft_and_no_number_is_spent(request_as, earlier, wrong, code, field):
    forum_request = request_as()
    draft = save_request(forum_request=forum_request, new=replace(NEW, **wrong))
    with pytest.raises(Refused) as refused:
        submit_request(forum_request=forum_request, request=draft)
    assert (refused.value.code, refused.value.field) == (code, field)
    draft.refresh_from_db()
    assert draft.state == "draft"
    good = save_request(forum_request=forum_request, new=NEW, request=draft)
    submit_request(forum_request=forum_request, request=good)
    assert SessionRequest.objects.get().symbol.number == 1


def test_what_a_request_answers_must_not_be_withdrawn(request_as, earlier, now, refuses):
    record.withdraw_symbol(earlier[1], now=now)
    forum_request = request_as()
    with refuses("answer-unknown"):
        submit_request(
            forum_request=forum_request, request=save_request(forum_request=forum_request, new=NEW)
        )


def test_a_draft_is_its_authors_alone(request_as, earlier):
    draft = save_request(forum_request=request_as(), new=NEW)
    for act in (
        lambda: save_request(forum_request=request_as(), new=NEW, request=draft),
        lambda: submit_request(forum_request=request_as(), request=draft),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_request_is_submitted_once(request_as, earlier, refuses):
    forum_request = request_as()
    draft = save_request(forum_request=forum_request, new=NEW)
    submit_request(forum_request=forum_request, request=draft)
    with refuses("request-state"):
        submit_request(forum_request=forum_request, request=draft)
    with refuses("request-state"):
        save_request(forum_request=forum_request, new=NEW, request=draft)


def test_a_browser_that_repeats_a_new_request_makes_one(request_as, earlier):
    forum_request = request_as()
    first = save_request(forum_request=forum_request, new=NEW)
    assert save_request(forum_request=forum_request, new=NEW) == first
    submit_request(forum_request=forum_request, request=first)
    assert save_request(forum_request=forum_request, new=NEW).symbol is not None
    assert SessionRequest.objects.count() == 1


def test_nobody_speaks_for_an_organisation_they_do_not_belong_to(request_as, now, refuses):
    forum_request = request_as()
    organisation = register_organisation(
        name="Village Net", kind=OrganisationKind.CIVIL_SOCIETY, country="SN", language="fr"
    )
    new = replace(NEW, organisation_id=organisation.pk)
    with refuses("organisation"):
        save_request(forum_request=forum_request, new=new)
    claim_affiliation(person=forum_request.person, organisation=organisation, now=now)
    assert save_request(forum_request=forum_request, new=new).organisation == organisation


def test_while_the_stage_is_closed_nothing_is_written(request_as, forum, now, refuses):
    StageWindow.objects.filter(forum=forum, stage="programme").update(closes_at=now - timedelta(days=1))
    with refuses("programme-not-open"):
        save_request(forum_request=request_as(), new=NEW)
    assert SessionRequest.objects.count() == 0
