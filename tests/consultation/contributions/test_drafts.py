"""What is typed is never lost: drafts, their copies, and a form that is sent twice."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from consultation.conftest import a_saying
from muntada.consultation.calls.actions.calls import CallQuestion
from muntada.consultation.calls.actions.preparing import ask
from muntada.consultation.calls.queries import question_set_of
from muntada.consultation.contributions.actions import contributions, drafts
from muntada.consultation.contributions.forms import as_typed
from muntada.consultation.contributions.models import Contribution, ContributionDraft, DraftCopy
from muntada.consultation.contributions.queries.contributions import contribution_at
from muntada.consultation.contributions.queries.drafts import copy_at, draft_of, no_longer_asked
from muntada.forums.queries import lines_of
from muntada.foundations.errors import NotAllowed, NotThere, Refused
from muntada.foundations.files import CheckedFile
from muntada.record.models import Receipt
from muntada.record.rules import SYSTEM


@pytest.fixture
def forum_request(request_as):
    return request_as()


def save(forum_request, call, text, **known):
    return drafts.save_draft(forum_request=forum_request, call=call, saying=a_saying(text=text), **known)


def test_each_save_gives_the_draft_a_new_revision(call, forum_request):
    first = save(forum_request, call, "One.", window="a")
    assert first.draft.revision == 1
    second = save(forum_request, call, "Two.", window="a", revision=1)
    assert (second.draft.revision, second.draft.text, second.copy) == (2, "Two.", None)


def test_a_window_that_missed_the_answer_goes_on_saving(call, forum_request):
    save(forum_request, call, "One.", window="a")
    save(forum_request, call, "Two.", window="a", revision=1)
    third = save(forum_request, call, "Three.", window="a", revision=1)
    assert (third.draft.text, third.copy) == ("Three.", None)


def test_what_a_stale_window_types_is_kept_as_one_copy_beside_the_draft(call, forum_request):
    save(forum_request, call, "One.", window="a")
    save(forum_request, call, "Two.", window="a", revision=1)
    for text in ("Other.", "Other words."):
        saved = save(forum_request, call, text, window="b", revision=1)
        assert saved.copy is not None
    assert ContributionDraft.objects.get().text == "Two."
    assert DraftCopy.objects.get().text == "Other words."
    save(forum_request, call, "A third window.", window="c", revision=1)
    assert DraftCopy.objects.count() == 2


def test_two_windows_opened_before_the_first_save_are_both_kept(call, forum_request):
    save(forum_request, call, "Of the first window.", window="a")
    saved = save(forum_request, call, "Of the second window.", window="b")
    assert ContributionDraft.objects.get().text == "Of the first window."
    assert saved.copy is not None
    assert DraftCopy.objects.get().text == "Of the second window."
    # The first goes on, whether it heard of its own save or not.
    assert save(forum_request, call, "Of the first window, and on.", window="a").copy is None


def test_a_window_that_knows_the_draft_takes_over(call, forum_request):
    save(forum_request, call, "One.", window="a")
    saved = save(forum_request, call, "Two.", window="b", revision=1)
    assert (saved.copy, saved.draft.text) == (None, "Two.")
    stale = save(forum_request, call, "Three.", window="a", revision=1)
    assert stale.copy is not None


def test_the_same_words_from_a_stale_window_are_no_copy(call, forum_request):
    save(forum_request, call, "One.", window="a")
    save(forum_request, call, "Two.", window="a", revision=1)
    assert save(forum_request, call, "Two.", window="b", revision=1).copy is None
    assert not DraftCopy.objects.exists()


def test_a_copy_is_exchanged_with_the_draft_and_thrown_away(call, forum_request):
    save(forum_request, call, "One.", window="a")
    save(forum_request, call, "Two.", window="a", revision=1)
    copy = save(forum_request, call, "Other.", window="b", revision=1).copy
    drafts.take_copy(forum_request=forum_request, copy=copy)
    draft = draft_of(forum_request, call, None)
    assert draft.text == "Other."
    (kept,) = draft.copies.all()
    assert kept.text == "Two."
    # The first window is still open and goes on: what it types is kept, too.
    assert save(forum_request, call, "Two and a half.", window="a", revision=2).copy is not None
    for one in DraftCopy.objects.all():
        drafts.drop_copy(forum_request=forum_request, copy=one)
    assert not DraftCopy.objects.exists()


def test_nobody_else_sees_takes_or_drops_a_copy(call, forum_request, request_as):
    save(forum_request, call, "One.", window="a")
    save(forum_request, call, "Two.", window="a", revision=1)
    copy = save(forum_request, call, "Other.", window="b", revision=1).copy
    stranger = request_as()
    with pytest.raises(NotThere):
        copy_at(stranger, copy.pk)
    for act in (drafts.take_copy, drafts.drop_copy):
        with pytest.raises(NotAllowed):
            act(forum_request=stranger, copy=copy)


def test_nothing_is_submitted_while_a_copy_waits_to_be_looked_at(call, forum_request):
    save(forum_request, call, "One.", window="a")
    save(forum_request, call, "Two.", window="a", revision=1)
    save(forum_request, call, "Other.", window="b", revision=1)
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(
            forum_request=forum_request, call=call, saying=a_saying(text="Two.")
        )
    assert refusal.value.code == "copies-left"
    assert not Contribution.objects.exists()


def test_a_form_sent_twice_is_one_contribution_and_leaves_no_draft(call, forum_request):
    said = []
    for _ in range(2):
        save(forum_request, call, "One.", window="a", revision=1)
        said.append(
            contributions.submit_contribution(
                forum_request=forum_request, call=call, saying=a_saying(text="One.")
            )
        )
    assert said[0] == said[1]
    assert Contribution.objects.count() == Receipt.objects.count() == 1
    assert not ContributionDraft.objects.exists()


def test_a_draft_is_kept_after_the_call_closed_and_not_submitted(make_call, forum_request, now):
    over = make_call("over", closes_at=now - timedelta(days=1))
    assert save(forum_request, over, "Late words.").draft.text == "Late words."
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(forum_request=forum_request, call=over, saying=a_saying())
    assert refusal.value.code == "call-closed"
    assert ContributionDraft.objects.get().text == "Late words."


def test_an_answer_to_a_question_that_is_no_longer_asked_stays_with_the_draft(make_call, forum_request):
    call = make_call("two", questions=[CallQuestion("a", {"en": "A?"}), CallQuestion("b", {"en": "B?"})])
    saying = a_saying(answers={"b": "An answer.", "gone": "To what was asked before."})
    drafts.save_draft(forum_request=forum_request, call=call, saying=saying)
    draft = drafts.save_draft(
        forum_request=forum_request, call=call, saying=a_saying(answers={"b": "Anew."})
    ).draft
    assert draft.answers == {"b": "Anew.", "gone": "To what was asked before."}
    assert no_longer_asked(draft, call.question_sets.get()) == ["To what was asked before."]


TWO = [CallQuestion("a", {"en": "A?"}), CallQuestion("b", {"en": "B?"})]


def test_an_answer_stays_under_its_question_when_the_order_changes(make_call, forum_request, now):
    call = make_call("two", questions=TWO)
    saying = a_saying(text="Answer to A.", answers={"b": "Answer to B."}, question_set=1)
    draft = drafts.save_draft(forum_request=forum_request, call=call, saying=saying).draft
    ask(call=call, questions=[TWO[1], CallQuestion("c", {"en": "C?"})], actor=SYSTEM, now=now)
    asked = question_set_of(call)
    shown = as_typed(draft_of(forum_request, call, None), asked)
    assert (shown["text"], shown["answer-a"]) == ("Answer to B.", "Answer to A.")
    assert no_longer_asked(draft, asked) == ["Answer to A."]
    # Saved from a window that still shows the first version, it stays under the questions of that version.
    late = a_saying(text="Further on A.", answers={"b": "Answer to B."}, question_set=1)
    kept = drafts.save_draft(forum_request=forum_request, call=call, saying=late).draft
    assert (kept.question_set.version, kept.text) == (1, "Further on A.")
    # Saved under the second one, nothing of the first is lost.
    kept = drafts.save_draft(
        forum_request=forum_request,
        call=call,
        saying=a_saying(text="B anew.", answers={"c": "C."}, question_set=2),
    ).draft
    assert (kept.question_set.version, kept.text) == (2, "B anew.")
    assert kept.answers == {"a": "Further on A.", "c": "C."}
    assert no_longer_asked(kept, asked) == ["Further on A."]


def test_a_copy_of_an_earlier_version_is_taken_over_under_its_own_questions(make_call, forum_request, now):
    call = make_call("two", questions=TWO)
    drafts.save_draft(
        forum_request=forum_request, call=call, saying=a_saying(text="A1.", question_set=1), window="a"
    )
    copy = drafts.save_draft(
        forum_request=forum_request,
        call=call,
        saying=a_saying(text="A2.", answers={"b": "B2."}, question_set=1),
        window="b",
    ).copy
    ask(call=call, questions=list(reversed(TWO)), actor=SYSTEM, now=now)
    new = a_saying(text="B3.", answers={"a": "A3."}, question_set=2)
    drafts.save_draft(forum_request=forum_request, call=call, saying=new, window="a")
    drafts.take_copy(forum_request=forum_request, copy=copy)
    draft = draft_of(forum_request, call, None)
    assert (draft.question_set.version, draft.text, draft.answers) == (1, "A2.", {"b": "B2."})
    (kept,) = draft.copies.all()
    assert (kept.question_set.version, kept.text, kept.answers) == (2, "B3.", {"a": "A3."})


def submit(forum_request, call, **changes):
    return contributions.submit_contribution(
        forum_request=forum_request, call=call, saying=a_saying(**changes)
    )


def test_what_another_window_submitted_is_named_before_a_second_contribution_is_made(call, forum_request):
    first = submit(forum_request, call, seen=0)
    with pytest.raises(Refused) as refusal:
        submit(forum_request, call, text="Typed in the other window.", seen=0)
    assert refusal.value.code == "submitted-meanwhile"
    assert "C/1" in str(refusal.value)
    assert submit(forum_request, call, seen=0) == first
    assert submit(forum_request, call, text="To say this as well.", seen=1) != first


def test_a_stale_window_does_not_replace_the_words_another_one_submitted(call, forum_request):
    said = submit(forum_request, call, seen=0)
    words = {"forum_request": forum_request, "contribution": said}
    better = a_saying(text="Better.", seen=1)
    contributions.resubmit_contribution(saying=better, **words)
    with pytest.raises(Refused) as refusal:
        contributions.resubmit_contribution(saying=a_saying(text="Of a stale window.", seen=1), **words)
    assert refusal.value.code == "submitted-meanwhile"
    assert Contribution.objects.get().text == "Better."
    # The same words once more are no second version, and nothing is in the way of them.
    contributions.resubmit_contribution(saying=better, **words)
    contributions.resubmit_contribution(saying=a_saying(text="Looked at.", seen=2), **words)
    assert Contribution.objects.get().text == "Looked at."
    assert said.versions.count() == 3


def test_the_same_words_of_other_lines_or_with_another_file_are_not_said_already(call, forum_request, forum):
    line = lines_of(forum)[0]
    first = submit(forum_request, call, line_ids=(line.pk,))
    assert submit(forum_request, call, line_ids=(line.pk,)) == first
    assert submit(forum_request, call) != first
    draft = save(forum_request, call, a_saying().text).draft
    drafts.attach_file(forum_request=forum_request, draft=draft, checked=a_file("map.png"))
    with_file = submit(forum_request, call, line_ids=(line.pk,))
    assert with_file != first
    assert [file.name for file in with_file.files] == ["map.png"]


def a_file(name: str) -> CheckedFile:
    content = b"\x89PNG\r\n\x1a\n" + name.encode()
    return CheckedFile(name, "image/png", len(content), sha256(content).hexdigest(), content)


def test_a_file_is_taken_out_of_the_next_version_and_stays_with_the_one_before(
    call, forum_request, request_as, now
):
    draft = save(forum_request, call, "One.").draft
    for number in range(5):
        drafts.attach_file(forum_request=forum_request, draft=draft, checked=a_file(f"{number}.png"))
    said = submit(forum_request, call, text="One.")
    out, *_ = said.files
    later = replace(forum_request, now=now + timedelta(hours=1))
    better = a_saying(text="Two.", left_out=(out.pk,))
    draft = drafts.save_draft(forum_request=later, call=call, saying=better, contribution=said).draft
    drafts.attach_file(forum_request=later, draft=draft, checked=a_file("sixth.png"))
    with pytest.raises(Refused, match="at most 5 files"):
        drafts.attach_file(forum_request=later, draft=draft, checked=a_file("seventh.png"))
    contributions.resubmit_contribution(forum_request=later, contribution=said, saying=better)
    said = contribution_at(forum_request, 1)
    assert [file.name for file in said.files] == ["1.png", "2.png", "3.png", "4.png", "sixth.png"]
    before, _ = said.versions.all()
    assert [file.name for file in before.files] == [f"{number}.png" for number in range(5)]
