"""What is typed is never lost: drafts, their copies, and a form that is sent twice."""

from datetime import timedelta

import pytest

from muntada.consultation.actions import contributions, drafts
from muntada.consultation.actions.calls import Question
from muntada.consultation.models import Contribution, ContributionDraft, DraftCopy
from muntada.consultation.queries.drafts import copy_at, draft_of, no_longer_asked
from muntada.foundations.errors import NotAllowed, NotThere, Refused
from muntada.record.models import Receipt

from .conftest import a_saying


@pytest.fixture
def here(here_as):
    return here_as()


def save(here, call, text, **known):
    return drafts.save_draft(here=here, call=call, saying=a_saying(text=text), **known)


def test_each_save_gives_the_draft_a_new_revision(call, here):
    first = save(here, call, "One.", window="a")
    assert first.draft.revision == 1
    second = save(here, call, "Two.", window="a", revision=1)
    assert (second.draft.revision, second.draft.text, second.copy) == (2, "Two.", None)


def test_a_window_that_missed_the_answer_goes_on_saving(call, here):
    save(here, call, "One.", window="a")
    save(here, call, "Two.", window="a", revision=1)
    third = save(here, call, "Three.", window="a", revision=1)
    assert (third.draft.text, third.copy) == ("Three.", None)


def test_what_a_stale_window_types_is_kept_as_one_copy_beside_the_draft(call, here):
    save(here, call, "One.", window="a")
    save(here, call, "Two.", window="a", revision=1)
    for text in ("Other.", "Other words."):
        saved = save(here, call, text, window="b", revision=1)
        assert saved.copy is not None
    assert ContributionDraft.objects.get().text == "Two."
    assert DraftCopy.objects.get().text == "Other words."
    save(here, call, "A third window.", window="c", revision=1)
    assert DraftCopy.objects.count() == 2


def test_two_windows_opened_before_the_first_save_are_both_kept(call, here):
    save(here, call, "Of the first window.", window="a")
    saved = save(here, call, "Of the second window.", window="b")
    assert ContributionDraft.objects.get().text == "Of the first window."
    assert saved.copy is not None
    assert DraftCopy.objects.get().text == "Of the second window."
    # The first goes on, whether it heard of its own save or not.
    assert save(here, call, "Of the first window, and on.", window="a").copy is None


def test_a_window_that_knows_the_draft_takes_over(call, here):
    save(here, call, "One.", window="a")
    saved = save(here, call, "Two.", window="b", revision=1)
    assert (saved.copy, saved.draft.text) == (None, "Two.")
    stale = save(here, call, "Three.", window="a", revision=1)
    assert stale.copy is not None


def test_the_same_words_from_a_stale_window_are_no_copy(call, here):
    save(here, call, "One.", window="a")
    save(here, call, "Two.", window="a", revision=1)
    assert save(here, call, "Two.", window="b", revision=1).copy is None
    assert not DraftCopy.objects.exists()


def test_a_copy_is_exchanged_with_the_draft_and_thrown_away(call, here):
    save(here, call, "One.", window="a")
    save(here, call, "Two.", window="a", revision=1)
    copy = save(here, call, "Other.", window="b", revision=1).copy
    drafts.take_copy(here=here, copy=copy)
    draft = draft_of(here, call, None)
    assert draft.text == "Other."
    (kept,) = draft.copies.all()
    assert kept.text == "Two."
    # The first window is still open and goes on: what it types is kept, too.
    assert save(here, call, "Two and a half.", window="a", revision=2).copy is not None
    for one in DraftCopy.objects.all():
        drafts.drop_copy(here=here, copy=one)
    assert not DraftCopy.objects.exists()


def test_nobody_else_sees_takes_or_drops_a_copy(call, here, here_as):
    save(here, call, "One.", window="a")
    save(here, call, "Two.", window="a", revision=1)
    copy = save(here, call, "Other.", window="b", revision=1).copy
    stranger = here_as()
    with pytest.raises(NotThere):
        copy_at(stranger, copy.pk)
    for act in (drafts.take_copy, drafts.drop_copy):
        with pytest.raises(NotAllowed):
            act(here=stranger, copy=copy)


def test_nothing_is_submitted_while_a_copy_waits_to_be_looked_at(call, here):
    save(here, call, "One.", window="a")
    save(here, call, "Two.", window="a", revision=1)
    save(here, call, "Other.", window="b", revision=1)
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(here=here, call=call, saying=a_saying(text="Two."))
    assert refusal.value.code == "copies-left"
    assert not Contribution.objects.exists()


def test_a_form_sent_twice_is_one_contribution_and_leaves_no_draft(call, here):
    said = []
    for _ in range(2):
        save(here, call, "One.", window="a", revision=1)
        said.append(contributions.submit_contribution(here=here, call=call, saying=a_saying(text="One.")))
    assert said[0] == said[1]
    assert Contribution.objects.count() == Receipt.objects.count() == 1
    assert not ContributionDraft.objects.exists()


def test_a_draft_is_kept_after_the_call_closed_and_not_submitted(make_call, here, now):
    over = make_call("over", closes_at=now - timedelta(days=1))
    assert save(here, over, "Late words.").draft.text == "Late words."
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(here=here, call=over, saying=a_saying())
    assert refusal.value.code == "call-closed"
    assert ContributionDraft.objects.get().text == "Late words."


def test_an_answer_to_a_question_that_is_no_longer_asked_stays_with_the_draft(make_call, here):
    call = make_call("two", questions=[Question("a", {"en": "A?"}), Question("b", {"en": "B?"})])
    saying = a_saying(answers={"b": "An answer.", "gone": "To what was asked before."})
    drafts.save_draft(here=here, call=call, saying=saying)
    draft = drafts.save_draft(here=here, call=call, saying=a_saying(answers={"b": "Anew."})).draft
    assert draft.answers == {"b": "Anew.", "gone": "To what was asked before."}
    assert no_longer_asked(draft, call.question_sets.get()) == ["To what was asked before."]
