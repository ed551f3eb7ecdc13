"""Writing a contribution: clean words, fair counts, an answer to each question, who says it, its files."""

import pytest
from django.core.files.storage import default_storage
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.foundations.test_extracts import a_pdf

from consultation.conftest import a_saying
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.contributions import tasks as contributions_tasks
from muntada.consultation.contributions.actions import contributions, drafts
from muntada.consultation.contributions.models import Attachment, Contribution
from muntada.consultation.contributions.queries.drafts import answered
from muntada.consultation.contributions.rules.contributions import (
    AttachmentText,
    count_words,
    require_answers,
    require_something_said,
)
from muntada.foundations.cleaning import clean_text, is_readable, turns_around
from muntada.foundations.errors import Refused
from muntada.foundations.files import CheckedFile
from muntada.people import actions as people
from muntada.people.rules import OrganisationKind
from muntada.record import queries as record
from muntada.record.models import FoundBy, Receipt

TWO = [
    CallQuestion("views", {"en": "What do you want to say?"}),
    CallQuestion("why", {"en": "Why?", "fr": "Pourquoi ?"}, required=True, words=5),
]


@pytest.fixture
def two_questions(make_call):
    return make_call("two", questions=TWO)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("safe \u202etxt.exe\u202c end", "safe txt.exe end"),
        ("\u2066isolated\u2069", "isolated"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("a\x00b\x07c", "abc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्\u200dष"),
        ("lone \u200d joiner\u200c", "lone  joiner"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("\u200b\u200c\u200d\ufeff", ""),
    ],
)
def test_a_text_is_kept_without_what_nobody_sees(typed, kept):
    assert clean_text(typed) == kept
    assert clean_text(kept) == kept


def test_marks_that_turn_the_direction_around_are_noticed():
    assert turns_around("a\u202eb")
    assert not turns_around("نعم and yes\u200f!")


@pytest.mark.parametrize("text", ["🎉🎉", "\u200b\u200d", "!!! — …", "12345", "1\ufe0f\u20e3"])
def test_emoji_signs_and_what_nobody_sees_are_no_words(text):
    assert not is_readable(clean_text(text))
    with pytest.raises(Refused) as refusal:
        require_something_said(a_saying(text=text))
    assert refusal.value.code in {"text-unreadable", "text-missing"}
    assert refusal.value.field == "text"


def test_a_title_of_emoji_alone_is_refused():
    with pytest.raises(Refused) as refusal:
        require_something_said(a_saying(title="🎉"))
    assert refusal.value.code == "title-unreadable"


def test_emoji_beside_words_are_kept(contribute):
    assert contribute(text="Masts 🎉 first.").text == "Masts 🎉 first."


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("well-known words — and/or 2030", 4),
        ("人人都应该能上网", 4),
        ("上网权", 2),
        ("كل القرى، بلا خط", 4),
        ("网络 networks 很快。", 3),
        ("𠀀𠀁", 1),
    ],
)
def test_words_are_counted_fairly_in_each_script(text, count):
    assert count_words(text) == count


def test_what_is_asked_for_and_missing_is_named():
    items = [question.item for question in TWO]
    with pytest.raises(Refused, match=r"“Why\?”") as refusal:
        require_answers(a_saying(answers={"why": " "}), items)
    assert (refusal.value.code, refusal.value.field) == ("answer-missing", "answer-why")
    with pytest.raises(Refused, match="6 words, and at most 5") as refusal:
        require_answers(a_saying(answers={"why": "one two three four five six"}), items)
    assert refusal.value.field == "answer-why"
    require_answers(a_saying(answers={"why": "one two three four five"}), items)


def test_each_answer_is_kept_by_its_question_and_the_receipt_proves_them_all(
    two_questions, contribute, forum
):
    said = contribute(call=two_questions, text="Masts.", answers={"why": "Cheaper.\r\n", "unknown": "x"})
    assert said.answers == {"why": "Cheaper."}
    assert said.whole_text == "Masts.\n\nCheaper."
    view = record.receipt(forum.pk, Receipt.objects.get().code)
    assert record.same_content(view, "Masts.\n\nCheaper.")
    assert not record.same_content(view, "Masts.")
    shown = answered(said.text, said.answers, said.question_set)
    assert [(one.labels["en"], one.text) for one in shown] == [
        ("What do you want to say?", "Masts."),
        ("Why?", "Cheaper."),
    ]


def test_an_answer_that_cites_what_is_not_there_is_refused_at_its_field(two_questions, contribute):
    with pytest.raises(Refused) as refusal:
        contribute(call=two_questions, answers={"why": "See [C/99]."})
    assert (refusal.value.code, refusal.value.field) == ("citation-unknown", "answer-why")
    assert not Contribution.objects.exists()


def test_a_changed_answer_is_a_new_version(two_questions, contribute, request_as, make_person):
    author = make_person()
    said = contribute(author, call=two_questions, answers={"why": "Cheaper."})
    contributions.resubmit_contribution(
        forum_request=request_as(person=author),
        contribution=said,
        saying=a_saying(answers={"why": "Faster."}),
    )
    assert [one.answers["why"] for one in said.versions.all()] == ["Cheaper.", "Faster."]


def test_who_speaks_is_taken_from_the_organisation_else_from_what_was_said(
    call, contribute, make_person, now
):
    author = make_person()
    body = people.register_organisation(
        name="Union of Masts",
        kind=OrganisationKind.INTERGOVERNMENTAL,
        country="CH",
        language="en",
        is_international_headquarters=True,
    )
    people.claim_affiliation(person=author, organisation=body, now=now)
    own = {"kind": "press", "country": "KE"}
    named = contribute(author, organisation_id=body.pk, **own)
    assert (named.kind, named.country, named.is_headquarters) == ("intergovernmental", "CH", True)
    alone = contribute(**own)
    assert (alone.kind, alone.country, alone.is_headquarters) == ("press", "KE", False)
    assert (contribute().kind, contribute().country) == ("", "")


@pytest.fixture
def attach(call, request_as, make_person):
    """Attach a stored file to the draft of a person."""

    def make(content: bytes, media_type: str = "application/pdf") -> tuple[Attachment, object]:
        forum_request = request_as()
        draft = drafts.save_draft(forum_request=forum_request, call=call, saying=a_saying()).draft
        file = CheckedFile("map.pdf", media_type, len(content), f"{hash(content):064x}"[-64:], content)
        return drafts.attach_file(forum_request=forum_request, draft=draft, checked=file), forum_request

    made = []
    yield lambda *args: made.append(make(*args)) or made[-1]
    for attachment, _ in made:
        default_storage.delete(attachment.file.name)


def test_the_words_of_a_file_are_found_after_it_was_read(attach, call):
    attachment, forum_request = attach(a_pdf("Zanzibar cables"))
    assert attachment.text_state == AttachmentText.WAITING
    job = ProcrastinateJob.objects.get(task_name__endswith="read_file")
    said = contributions.submit_contribution(forum_request=forum_request, call=call, saying=a_saying())
    contributions_tasks.read_file(**job.args)
    attachment.refresh_from_db()
    assert (attachment.text_state, attachment.text) == (AttachmentText.TAKEN, "Zanzibar cables")
    assert "zanzibar" in FoundBy.objects.get(symbol=said.symbol).vector


def test_a_file_without_words_says_so(attach):
    attachment, _ = attach(a_pdf(""))
    contributions_tasks.read_file(attachment_id=attachment.pk)
    attachment.refresh_from_db()
    assert attachment.text_state == AttachmentText.NONE


def test_a_file_that_was_removed_meanwhile_is_no_failure(attach):
    attachment, forum_request = attach(a_pdf("x"))
    drafts.detach_file(forum_request=forum_request, attachment=attachment)
    contributions_tasks.read_file(attachment_id=attachment.pk)
    assert not Attachment.objects.exists()
