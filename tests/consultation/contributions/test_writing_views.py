"""The pages on which people write: nothing typed is lost, and each refusal stands where it belongs."""

import secrets
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.foundations.test_extracts import a_locked_pdf, a_pdf
from tests.foundations.test_whole_files import room_for

from consultation.conftest import a_saying
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.models import Call, QuestionSet
from muntada.consultation.contributions.actions import drafts
from muntada.consultation.contributions.models import Attachment, Contribution, ContributionDraft, DraftCopy

WRITE = "/wsis20/consultation/two/write"
AUTOSAVE = {"HX-Request": "true"}
QUESTIONS = [
    CallQuestion("views", {"en": "What do you want to say?"}, {"en": "In your own words."}),
    CallQuestion("why", {"en": "Why?"}, words=4),
]


@pytest.fixture
def two(make_call, forum) -> Call:
    """Make a call with two questions, open by the real clock that views read."""
    now = timezone.now()
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=30))
    call = make_call("two", questions=QUESTIONS, opens_at=now - timedelta(days=2))
    Call.objects.filter(pk=call.pk).update(closes_at=now + timedelta(days=9))
    return Call.objects.get(pk=call.pk)


@pytest.fixture
def author(make_person):
    return make_person(name="Amina Example")


@pytest.fixture
def browser(client_as, author, two):
    return client_as(person=author)


def typed(**changes: object) -> dict[str, object]:
    words: dict[str, object] = {
        "language": "en",
        "title": "Connect the villages",
        "text": "Half of the villages have no line.",
        "answer-why": "They are far away.",
        "shown_as": "name",
        "consent_to_publish": "on",
        "questions": "1",
        "step": "submit",
    }
    return words | changes


def test_each_question_has_its_field_with_its_hint_and_its_word_limit(browser):
    page = browser.get(WRITE).content.decode()
    assert "In your own words." in page
    assert 'name="answer-why"' in page
    assert 'data-words-of="id_answer-why" data-most="4"' in page
    assert "They are counted, never shown with your name" in page


def test_the_page_of_a_contribution_shows_each_answer_under_its_question(browser, client):
    browser.post(WRITE, typed())
    page = client.get("/wsis20/c/1").content.decode()
    assert page.index("What do you want to say?") < page.index("Half of the villages")
    assert page.index("Half of the villages") < page.index("Why?") < page.index("They are far away.")


def test_too_many_words_are_refused_at_their_field_and_kept(browser):
    answer = "They are far far away."
    response = browser.post(WRITE, typed(**{"answer-why": answer}))
    assert response.status_code == 422
    assert "This answer has 5 words, and at most 4 are asked for." in response.content.decode()
    assert answer in response.content.decode()
    assert ContributionDraft.objects.get().answers == {"why": answer}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"text": "🎉🎉"}, "There are no letters in this text"),
        ({"text": "\u200b\u200d"}, "Please write your contribution."),
        ({"title": "🎉"}, "This title has no letters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(browser, words, sentence):
    response = browser.post(WRITE, typed(**words))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Contribution.objects.exists()


def test_marks_that_turn_the_text_around_are_taken_out_and_that_is_said(browser):
    response = browser.post(WRITE, typed(text="Send \u202eexe.txt\u202c now."), follow=True)
    assert "Marks that turn the reading direction around were taken out" in response.content.decode()
    assert Contribution.objects.get().text == "Send exe.txt now."


def test_a_form_sent_twice_gives_one_contribution(browser):
    for _ in range(2):
        assert browser.post(WRITE, typed(window="a")).status_code == 302
    assert Contribution.objects.count() == 1
    assert not ContributionDraft.objects.exists()


def test_a_save_in_the_background_answers_with_the_revision(browser):
    for revision in (1, 2):
        response = browser.post(WRITE, typed(window="a", step="save"), headers=AUTOSAVE)
        assert f'data-revision="{revision}"' in response.content.decode()


def test_saving_what_is_saved_says_that_nothing_changed(browser):
    words = typed(window="a", step="save")
    assert "Your draft is saved. Only you can see it." in browser.post(WRITE, words, follow=True).text
    again = browser.post(WRITE, words | {"revision": "1"}, follow=True)
    assert "Nothing has changed since it was last saved." in again.text
    other = browser.post(WRITE, words | {"revision": "2", "title": "Other"}, follow=True)
    assert "Your draft is saved. Only you can see it." in other.text


def test_the_form_offers_the_languages_of_the_call_and_keeps_what_was_typed_in_another(browser, two):
    Call.objects.filter(pk=two.pk).update(languages=["en", "ar"])
    page = browser.get(WRITE).text
    assert 'value="ar"' in page
    assert '<option value="fr"' not in page
    refused = browser.post(WRITE, typed(language="fr", text="Des mâts."))
    assert refused.status_code == 422
    assert ContributionDraft.objects.get().text == "Des mâts."
    assert not Contribution.objects.exists()
    assert "in one of these languages: English and Arabic." in browser.get("/wsis20/consultation/two").text


def test_a_stale_window_is_told_and_its_words_stand_beside_the_draft(browser):
    browser.post(WRITE, typed(window="a", step="save"))
    browser.post(WRITE, typed(window="a", step="save", revision="1", text="Further."))
    stale = typed(window="b", revision="1", text="Of the second window.")
    response = browser.post(WRITE, stale | {"step": "save"}, headers=AUTOSAVE)
    assert "in another window" in response.content.decode()
    # Else the page would take itself for up to date, and save over the draft the next time.
    assert "data-revision" not in response.content.decode()
    response = browser.post(WRITE, stale, follow=True)
    page = response.content.decode()
    assert "You went on with this draft in another window." in page
    assert "Of the second window." in page
    assert not Contribution.objects.exists()
    copy = DraftCopy.objects.get()
    browser.post(f"/wsis20/consultation/copies/{copy.pk}/take")
    assert ContributionDraft.objects.get().text == "Of the second window."
    browser.post(f"/wsis20/consultation/copies/{copy.pk}/drop")
    assert not DraftCopy.objects.exists()


def test_a_call_that_closes_while_one_writes_keeps_the_text_and_says_so(browser, two):
    browser.get(WRITE)
    Call.objects.filter(pk=two.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    response = browser.post(WRITE, typed(step="save"), headers=AUTOSAVE)
    assert "cannot be submitted. What you type is kept all the same." in response.content.decode()
    response = browser.post(WRITE, typed())
    assert response.status_code == 422
    assert "This call is closed." in response.content.decode()
    assert "They are far away." in response.content.decode()
    assert ContributionDraft.objects.get().text == "Half of the villages have no line."


def test_questions_that_changed_meanwhile_are_shown_and_nothing_is_lost(browser, two):
    items = [QUESTIONS[0].item, CallQuestion("how", {"en": "How?"}).item]
    QuestionSet.objects.create(call=two, version=2, items=items, made_at=timezone.now())
    response = browser.post(WRITE, typed())
    page = response.content.decode()
    assert response.status_code == 422
    assert "The questions of this call were changed while you wrote." in page
    assert "How?" in page
    assert 'name="questions" value="2"' in page
    kept = ContributionDraft.objects.get()
    assert kept.text == "Half of the villages have no line."


def test_a_changed_order_of_questions_moves_no_answer_and_is_said_until_somebody_saves(browser, two):
    browser.post(WRITE, typed(step="save", window="a"))
    turned = [QUESTIONS[1].item, QUESTIONS[0].item]
    QuestionSet.objects.create(call=two, version=2, items=turned, made_at=timezone.now())
    stale = typed(step="save", window="a", revision="1", text="Half of them, and more.")
    answer = browser.post(WRITE, stale, headers=AUTOSAVE)
    assert "The questions of this call were changed while you wrote." in answer.text
    page = browser.get(WRITE)
    assert "The questions of this call were changed while you wrote." in page.text
    shown = page.context["form"].initial
    assert (shown["text"], shown["answer-views"]) == ("They are far away.", "Half of them, and more.")
    refused = browser.post(WRITE, stale | {"step": "submit"})
    assert refused.status_code == 422
    assert refused.context["form"]["text"].value() == "They are far away."
    assert refused.context["form"]["answer-views"].value() == "Half of them, and more."
    new = {"questions": "2", "revision": "3", "text": "They are far.", "answer-views": "Half of them."}
    browser.post(WRITE, typed(step="save", window="a", **new))
    assert "were changed while you wrote" not in browser.get(WRITE).text
    browser.post(WRITE, typed(window="a", **new | {"revision": "4"}))
    said = Contribution.objects.get()
    assert (said.text, said.answers) == ("They are far.", {"views": "Half of them."})


def test_a_window_left_open_hears_what_another_one_submitted(browser):
    seen = browser.get(WRITE).context["form"].initial["seen"]
    browser.post(WRITE, typed(window="a", seen=seen))
    late = typed(window="b", seen=seen, revision="1", text="Typed later.")
    answer = browser.post(WRITE, late | {"step": "save"}, headers=AUTOSAVE)
    assert "You submitted C/1 in another window meanwhile." in answer.text
    refused = browser.post(WRITE, late)
    assert refused.status_code == 422
    assert "You submitted C/1 in another window meanwhile." in refused.text
    assert 'name="seen" value="1"' in refused.text
    assert ContributionDraft.objects.get().text == "Typed later."
    browser.post(WRITE, late | {"seen": "1"})
    assert Contribution.objects.count() == 2


def test_improving_begins_with_a_version_and_says_when_there_is_a_newer_one(browser):
    browser.post(WRITE, typed())
    improve = "/wsis20/c/1/improve"
    assert browser.get(improve).context["form"].initial["seen"] == 1
    page = browser.post(improve, typed(seen="1", text="Better."), follow=True)
    assert "The new words of WSIS20/C/1 stand; a receipt for them is on its way." in page.text
    refused = browser.post(improve, typed(seen="1", text="Of a stale window."))
    assert "You improved C/1 in another window meanwhile." in refused.text
    assert Contribution.objects.get().text == "Better."


def test_improving_without_new_words_promises_no_receipt(browser):
    browser.post(WRITE, typed(), follow=True)
    page = browser.post("/wsis20/c/1/improve", typed(shown_as="nobody"), follow=True)
    assert "Its words are the same, so the receipt you have still proves them." in page.text
    assert "on its way" not in page.text


def test_a_full_disk_is_said_and_the_file_sent_again_is_whole(browser, two, author):
    content = b"\x89PNG\r\n\x1a\n" + secrets.token_bytes(2_000_000)
    with room_for(1_000_000):
        response = browser.post(WRITE, typed(step="save", attachment=SimpleUploadedFile("a.png", content)))
    assert response.status_code == 422
    assert response.context["form"].errors.as_data()["attachment"][0].code == "disk-full"
    # What was typed is kept all the same.
    assert ContributionDraft.objects.get(call=two, author=author).text == typed()["text"]
    assert not Attachment.objects.exists()
    browser.post(WRITE, typed(step="save", attachment=SimpleUploadedFile("a.png", content)))
    with Attachment.objects.get().file.open() as stored:
        assert stored.read() == content


def test_submitted_files_are_listed_while_improving_and_can_be_taken_out(browser, client):
    browser.post(WRITE, typed(attachment=SimpleUploadedFile("first.pdf", a_pdf("One."))))
    file = Attachment.objects.get()
    improve = "/wsis20/c/1/improve"
    page = browser.get(improve).text
    assert "Files to take out" in page
    assert "first.pdf" in page
    browser.post(improve, typed(text="Better.", left_out=[file.pk]))
    page = client.get("/wsis20/c/1").text
    assert "first.pdf" in page[page.index("Earlier words") :]
    assert "first.pdf" not in page[: page.index("Earlier words")]
    file.file.delete(save=False)


def test_what_was_typed_is_saved_before_anything_is_refused(browser):
    long = "word " * 8_001
    for wrong, sentence in (
        ({"text": long}, "The text is longer than 40000 characters."),
        (
            {"attachment": SimpleUploadedFile("empty.pdf", b"")},
            "This file is empty. Please choose another one.",
        ),
        ({"text": "Cut \0 off.", "kind": "no-kind"}, "Please look at this again"),
    ):
        refused = browser.post(WRITE, typed(window="a", **wrong))
        assert refused.status_code == 422
        assert sentence in refused.text
        kept = ContributionDraft.objects.get()
        assert kept.text == str(wrong.get("text", typed()["text"])).strip().replace("\0", "")
    assert not Contribution.objects.exists()


def test_an_answer_to_what_is_no_longer_asked_stands_on_the_page(browser, two, request_as, author):
    saying = a_saying(answers={"gone": "To what was asked before."})
    drafts.save_draft(forum_request=request_as(person=author), call=two, saying=saying)
    page = browser.get(WRITE).content.decode()
    assert "no longer asked" in page
    assert "To what was asked before." in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (a_pdf() + b"\n" * 30_000_000, "This file is larger than 10 MB."),
        (a_locked_pdf("secret"), "This file is protected by a password"),
        (b"MZ no document", "This kind of file is not accepted."),
    ],
    ids=["thirty-megabytes", "encrypted", "program"],
)
def test_a_file_that_cannot_be_taken_is_refused_and_the_words_stay(browser, content, sentence):
    file = SimpleUploadedFile("report.pdf", content, "application/pdf")
    response = browser.post(WRITE, typed(attachment=file))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Attachment.objects.exists()
    assert not Contribution.objects.exists()
    assert ContributionDraft.objects.get().text == "Half of the villages have no line."


def test_a_file_without_words_is_taken_and_that_is_said(browser, client):
    browser.post(WRITE, typed(step="save", attachment=SimpleUploadedFile("scan.pdf", a_pdf(""))))
    Attachment.objects.update(text_state="none")
    assert "There is no text in it" in browser.get(WRITE).content.decode()
    browser.post(WRITE, typed())
    page = client.get("/wsis20/c/1").content.decode()
    assert "scan.pdf" in page
    Attachment.objects.get().file.delete(save=False)


def test_a_call_without_files_asks_for_none(browser, two):
    Call.objects.filter(pk=two.pk).update(takes_attachments=False)
    assert 'type="file"' not in browser.get(WRITE).content.decode()


def test_a_draft_with_three_copies_asks_as_often_as_one_with_one(browser, two, request_as, author):
    forum_request = request_as(person=author)
    drafts.save_draft(forum_request=forum_request, call=two, saying=a_saying(text="1"), window="a")
    drafts.save_draft(
        forum_request=forum_request, call=two, saying=a_saying(text="2"), window="a", revision=1
    )

    def copy(window: str) -> None:
        drafts.save_draft(
            forum_request=forum_request, call=two, saying=a_saying(text=window), window=window, revision=1
        )

    copy("b")
    browser.get(WRITE)
    with CaptureQueriesContext(connection) as one:
        browser.get(WRITE)
    copy("c")
    copy("d")
    with CaptureQueriesContext(connection) as three:
        browser.get(WRITE)
    assert DraftCopy.objects.count() == 3
    assert len(three) == len(one)
