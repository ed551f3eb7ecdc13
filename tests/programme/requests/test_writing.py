"""Writing a session request on its pages: nothing typed is lost, and a form version is never changed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.forums.models import StageWindow
from muntada.foundations.errors import NotAllowed
from muntada.people.rules import Role
from muntada.programme.decisions import actions as decisions
from muntada.programme.requests.actions.request_forms import FormPlan, prepare_form, publish_form
from muntada.programme.requests.actions.requests import NewRequest, save_request, submit_request
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.models.request_versions import RequestCopy
from muntada.programme.requests.models.requests import SessionRequest
from muntada.record.models import LogEntry
from muntada.record.rules import SYSTEM

NEW = "/wsis20/programme/requests/new"
FORM = {
    "window": "one",
    "questions": "0",
    "title": "Connecting villages",
    "description": "What ten years taught us.",
    "language": "en",
    "kind": "workshop",
    "minutes": "60",
    "organisation": "",
    "audience": "40",
    "needs": ["hybrid"],
    "spoken": ["en", "fr"],
    "lines": ["C2"],
    "goals": [],
    "answers": "",
}
SAVE, SUBMIT = {"step": "save"}, {"step": "submit"}
AUTOSAVE = {"HX-Request": "true"}


@pytest.fixture
def author(make_person):
    return make_person(name="Author")


@pytest.fixture
def browser(client_as, author):
    return client_as(person=author)


@pytest.fixture
def publish(forum, now):
    def make(kind="workshop", **changed):
        plan = {
            "texts": {"en": "Come with a question, not with a lecture."},
            "wishes": {"goals": "off", "audience": "needed"},
            "questions": [CallQuestion("q1", {"en": "Who else should be heard?"}, required=True, words=5)],
            "lengths": [60, 90],
            "fewest_speakers": 1,
            "most_speakers": 5,
        }
        form = prepare_form(forum=forum, kind=kind, plan=FormPlan(**(plan | changed)), actor=SYSTEM, now=now)
        return publish_form(form=form, actor=SYSTEM, now=now)

    return make


def test_a_draft_is_saved_found_again_and_shown_to_nobody_else(browser, client_as):
    saved = browser.post(NEW, FORM | SAVE)
    draft = SessionRequest.objects.get()
    assert saved.url == f"/wsis20/programme/requests/draft/{draft.pk}"
    page = browser.get(saved.url).content.decode()
    assert FORM["description"] in page
    assert (draft.spoken, draft.needs, draft.audience) == (["en", "fr"], ["hybrid"], 40)
    assert saved.url in browser.get("/wsis20/programme").content.decode()
    assert client_as().get(saved.url).status_code == 404
    assert FORM["title"] not in client_as(Role.SECRETARIAT).get("/wsis20/programme/requests").content.decode()


def test_what_is_typed_is_saved_by_itself_in_one_draft_and_submitted_once(browser):
    for text in ("What", "What ten", "What ten years"):
        part = browser.post(NEW, FORM | SAVE | {"description": text}, headers=AUTOSAVE)
        assert (part.status_code, b"data-revision" in part.content) == (200, True)
    answers = [browser.post(NEW, FORM | SUBMIT).url for _ in range(2)]
    assert answers == ["/wsis20/p/1", "/wsis20/p/1"]
    kept = SessionRequest.objects.get()
    assert (kept.description, kept.versions.count()) == (FORM["description"], 1)
    assert "/receipt/" in browser.get("/wsis20/p/1").content.decode()
    assert "/receipt/" not in Client().get("/wsis20/p/1").content.decode()


def test_two_windows_keep_both_texts_and_the_author_chooses(browser):
    address = browser.post(NEW, FORM | SAVE).url
    draft = SessionRequest.objects.get()
    first = {"revision": str(draft.revision), "description": "In the first window."}
    second = {"revision": str(draft.revision), "window": "two", "description": "In the second window."}
    browser.post(address, FORM | SAVE | first, headers=AUTOSAVE)
    part = browser.post(address, FORM | SAVE | second, headers=AUTOSAVE).content.decode()
    assert "another window" in part
    page = browser.get(address).content.decode()
    assert "In the first window." in page
    assert "In the second window." in page
    copy = RequestCopy.objects.get()
    browser.post(f"/wsis20/programme/requests/copies/{copy.pk}", {"take": ""})
    draft.refresh_from_db()
    copy.refresh_from_db()
    assert draft.description == "In the second window."
    assert copy.typed["description"] == "In the first window."
    browser.post(f"/wsis20/programme/requests/copies/{copy.pk}", {"drop": ""})
    assert RequestCopy.objects.count() == 0


def test_a_call_that_closed_meanwhile_keeps_the_text_and_says_so(browser, forum, now):
    address = browser.post(NEW, FORM | SAVE).url
    StageWindow.objects.filter(forum=forum, stage="programme").update(closes_at=now)
    part = browser.post(address, FORM | SAVE | {"description": "Late."}, headers=AUTOSAVE)
    assert "cannot be submitted" in part.content.decode()
    refused = browser.post(address, FORM | SUBMIT | {"description": "Late indeed."})
    assert refused.status_code == 422
    assert "closed" in refused.content.decode()
    assert SessionRequest.objects.get().description == "Late indeed."
    assert "Late indeed." in browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "give the session a title"),
        ({"title": "T" * 201}, "longer than 200 characters"),
        ({"answers": "M/77"}, "M/77 does not exist"),
        ({"description": "See [C/9]."}, "C/9"),
        ({"minutes": "7"}, "7 is not one of the available choices"),
        ({"audience": "-3"}, "greater than or equal to 0"),
    ],
)
def test_a_refusal_keeps_what_was_typed(browser, wrong, sentence):
    answer = browser.post(NEW, FORM | SUBMIT | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="one"' in page
    draft = SessionRequest.objects.get()
    assert draft.state == "draft"
    assert draft.description in page


def test_a_form_asks_what_it_says_and_the_request_keeps_the_version_it_answered(browser, publish, now):
    first = publish()
    assert "Come with a question" in browser.get(NEW).content.decode()
    assert 'name="goals"' not in browser.get(NEW).content.decode()
    said = FORM | {"questions": "1", "answer-q1": "Those who come last"}
    for wrong, sentence in (
        ({"answer-q1": ""}, "Please answer"),
        ({"answer-q1": "one two three four five six"}, "has 6 words"),
        ({"audience": ""}, "this call needs it"),
        ({"minutes": "30"}, "30 is not one"),
    ):
        answer = browser.post(NEW, said | SUBMIT | wrong)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), sentence
    second = publish(questions=[CallQuestion("q2", {"en": "Why now?"})])
    stale = browser.post(NEW, said | SUBMIT).content.decode()
    assert "was changed while you wrote" in stale
    assert browser.post(NEW, said | SUBMIT | {"questions": "2", "answer-q2": "Because."}).status_code == 302
    kept = SessionRequest.objects.get()
    assert (kept.form, kept.said) == (second, {"q1": "Those who come last", "q2": "Because."})
    page = Client().get("/wsis20/p/1").content.decode()
    assert "Because." in page
    assert "Those who come last" not in page
    assert first.requests.count() == 0


def test_a_published_form_is_never_changed_even_past_the_house(publish, forum, refuses, now):
    form = publish()
    with refuses("form-published"):
        publish_form(form=form, actor=SYSTEM, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        FormVersion.objects.filter(pk=form.pk).update(most_speakers=20)


def test_where_kinds_have_forms_one_chooses_among_them(browser, publish):
    publish()
    publish("panel", questions=[])
    page = browser.get(NEW).content.decode()
    assert "?kind=workshop" in page
    assert "?kind=panel" in page
    assert "?kind=training" not in page


def test_the_secretariat_prepares_and_publishes_a_form_on_its_page(client_as, forum):
    page = "/wsis20/programme/requests/forms/panel"
    browser = client_as(Role.SECRETARIAT)
    wishes = ("organisation", "spoken", "audience", "is_online_only", "needs", "lines", "goals", "answers")
    sent = {f"wish-{name}": "asked" for name in wishes} | {
        "lengths": "45, 90",
        "fewest_speakers": "2",
        "most_speakers": "6",
        "text_en": "Panels are short.",
        "questions-TOTAL_FORMS": "1",
        "questions-INITIAL_FORMS": "0",
        "questions-0-label_en": "Who moderates?",
        "questions-0-words": "20",
    }
    assert browser.post(page, sent | {"step": "save"}).status_code == 302
    assert FormVersion.objects.get().published_at is None
    wrong = browser.post(page, sent | {"step": "publish", "fewest_speakers": "9"})
    assert (wrong.status_code, "fewest speakers cannot" in wrong.content.decode()) == (422, True)
    assert browser.post(page, sent | {"step": "publish"}).status_code == 302
    form = FormVersion.objects.get()
    assert (form.lengths, form.items[0]["labels"], form.items[0]["words"]) == (
        [45, 90],
        {"en": "Who moderates?"},
        20,
    )
    assert "Version 1" in browser.get("/wsis20/programme/requests/forms").content.decode()


@pytest.fixture
def submitted(request_as, author):
    forum_request = request_as(person=author)
    new = NewRequest("Villages", "As it was.", "en", line_codes=["C2"])
    submit_request(forum_request=forum_request, request=save_request(forum_request=forum_request, new=new))
    return SessionRequest.objects.get()


EDIT = "/wsis20/p/1/edit"


def test_a_submitted_request_is_changed_until_the_window_closes_and_keeps_its_versions(
    browser, submitted, forum, now
):
    kept = browser.post(EDIT, FORM | SAVE | {"seen": "1"}, headers=AUTOSAVE).content.decode()
    assert "not submitted yet" in kept
    submitted.refresh_from_db()
    assert submitted.description == "As it was."
    assert FORM["description"] in browser.get(EDIT).content.decode()
    assert browser.post(EDIT, FORM | SUBMIT | {"seen": "1"}).url == "/wsis20/p/1"
    submitted.refresh_from_db()
    assert (submitted.description, submitted.symbol.number) == (FORM["description"], 1)
    assert [one.words["description"] for one in submitted.versions.all()] == [
        "As it was.",
        FORM["description"],
    ]
    assert LogEntry.objects.filter(verb="resubmit_request", symbol=submitted.symbol).count() == 1
    assert "As it was." in Client().get("/wsis20/p/1").content.decode()
    late = browser.post(EDIT, FORM | SUBMIT | {"seen": "1", "description": "Of an older page."})
    assert (late.status_code, "another window meanwhile" in late.content.decode()) == (422, True)
    StageWindow.objects.filter(forum=forum, stage="programme").update(closes_at=now + timedelta(days=1))
    closed = browser.post(EDIT, FORM | SUBMIT | {"seen": "2", "description": "Too late."})
    assert (closed.status_code, "Too late." in closed.content.decode()) == (422, True)


def test_what_is_decided_on_is_not_changed_any_more(browser, submitted, now):
    decisions.accept_request(request=submitted, actor=SYSTEM, now=now)
    answer = browser.post(EDIT, FORM | SUBMIT | {"seen": "1"})
    assert (answer.status_code, "cannot be done any more" in answer.content.decode()) == (422, True)
    assert FORM["description"] in answer.content.decode()


def test_only_its_author_changes_or_withdraws_a_request(submitted, client_as, request_as):
    for role in (Role.SECRETARIAT, Role.PARTICIPANT):
        assert client_as(role).get(EDIT).status_code == 404
        assert client_as(role).post("/wsis20/p/1/withdraw").status_code == 404


def test_a_withdrawn_request_keeps_its_number_and_shows_no_words(browser, submitted, forum, client_as):
    submitted.speakers.create(name="Amina", email="amina@example.org")
    assert browser.get("/wsis20/p/1/withdraw").status_code == 200
    assert browser.post("/wsis20/p/1/withdraw").status_code == 302
    submitted.refresh_from_db()
    assert (submitted.state, submitted.symbol.withdrawn_at is not None) == ("withdrawn", True)
    assert submitted.speakers.get().email == ""
    page = Client().get("/wsis20/p/1").content.decode()
    assert "As it was." not in page
    assert "Withdrawn" in page


def test_a_draft_is_thrown_away_by_its_author_alone(browser, client_as):
    address = browser.post(NEW, FORM | SAVE).url
    assert client_as().post(f"{address}/drop").status_code == 404
    assert browser.post(f"{address}/drop").status_code == 302
    assert SessionRequest.objects.count() == 0


def test_nobody_else_prepares_forms(forum, request_as, now):
    plan = FormPlan({}, {}, [], [60], 0, 5)
    with pytest.raises(NotAllowed):
        prepare_form(
            forum=forum,
            kind="panel",
            plan=plan,
            actor=request_as(Role.REVIEWER).actor(Role.SECRETARIAT),
            now=now,
        )
