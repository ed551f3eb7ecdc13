"""The pages on which two contributions are compared, said as one, and stand alone again."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from consultation.conftest import JOINT
from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.models import Contribution, Merge
from muntada.consultation.merging import actions as merges
from muntada.people.rules import Role


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


@pytest.fixture
def open_now(forum, call, now):
    forum.windows.update(opens_at=now - timedelta(days=30), closes_at=now + timedelta(days=36500))
    return call


def test_two_are_compared_proposed_and_merged_through_the_pages(open_now, two, client_as, client):
    page = client_as().get(address("propose_merge", 1), {"with": "C/2"}).text
    assert "<mark>build masts first</mark>" in page.replace("Build", "build")
    words = {"other": "C/2", "title": "Both", "text": "Masts first.", "language": "en"}
    answer = client_as().post(address("propose_merge", 1), words)
    merge = Merge.objects.get()
    assert answer.headers["Location"] == merge.get_absolute_url()
    assert "It is proposed to say it as one" not in client.get("/wsis20/c/2").text
    assert client.get(merge.get_absolute_url()).status_code == 404
    for one in two:
        browser = client_as(person=one.author)
        assert "You are asked" in browser.get(one.get_absolute_url()).text
        browser.post(f"{merge.get_absolute_url()}/decide", {"step": "consent"})
    assert "Said together by" in client.get("/wsis20/c/3").text
    assert "It became part of" in client.get("/wsis20/c/1").text
    browser.post(f"{merge.get_absolute_url()}/decide", {"step": "unmerge", "reason": "Undone again."})
    assert "Undone again." in client.get(merge.get_absolute_url()).text
    assert "It became part of" not in client.get("/wsis20/c/1").text


def test_both_texts_read_on_the_page_as_they_were_written(open_now, two, client_as):
    page = client_as().get(address("propose_merge", 1), {"with": "C/2"}).text
    shown = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page, re.DOTALL)
    assert [strip_tags(text).strip() for text in shown] == [one.text for one in two]


def test_a_refused_proposal_keeps_the_joint_text(open_now, two, client_as):
    words = {"other": "C/2", "title": "", "text": "Kept as typed.", "language": "en"}
    answer = client_as().post(address("propose_merge", 1), words)
    assert answer.status_code == 422
    assert "Kept as typed." in answer.text


def test_words_that_name_no_one_other_contribution_are_refused(open_now, two, client_as):
    browser = client_as()
    joint = {"title": "Both", "text": "Kept.", "language": "en"}
    for words in [",", " , ,", "C/2, C/1", "C/1", "C/9", "x" * 900]:
        assert browser.get(address("propose_merge", 1), {"with": words}).status_code == 422
        assert browser.post(address("propose_merge", 1), joint | {"other": words}).status_code == 422
        assert Merge.objects.count() == 0


def test_a_decision_without_its_reason_is_asked_again(open_now, proposed, two, client_as):
    answer = client_as(person=two[0].author).post(
        f"{proposed.get_absolute_url()}/decide", {"step": "decline", "reason": ""}
    )
    assert answer.status_code == 422
    assert "Please give the reason" in answer.text


def test_words_no_longer_public_are_not_shown_beside_the_other(open_now, proposed, two, request_as, client):
    contributions.withdraw_contribution(forum_request=request_as(person=two[0].author), contribution=two[0])
    page = client.get(proposed.get_absolute_url()).text
    assert "in every village" not in page
    assert JOINT.text not in page


@pytest.mark.parametrize(("one", "other"), [(1, "C/3"), (3, "C/1")])
def test_a_contribution_nobody_may_read_is_not_compared(open_now, two, contribute, client_as, one, other):
    contribute(title="Hidden", text="Secret words", consent_to_publish=False)
    answer = client_as().get(address("propose_merge", one), {"with": other})
    assert answer.status_code == 422
    assert "C/3 is not public" in answer.text
    assert "Secret words" not in answer.text
    assert "Hidden" not in answer.text


def test_what_cannot_be_merged_is_said_before_a_joint_text_is_written(open_now, two, client_as):
    Contribution.objects.filter(pk=two[1].pk).update(author=None)
    answer = client_as().get(address("propose_merge", 1), {"with": "C/2"})
    assert answer.status_code == 422
    assert "C/2 has no author with an account who could be asked." in answer.text


def test_each_reads_on_the_page_what_they_can_do(open_now, two, client_as, request_as, make_person):
    proposer = make_person(name="Chidi")
    merge = merges.propose_merge(
        forum_request=request_as(person=proposer), contribution=two[0], other=two[1], joint=JOINT
    )
    answers = {
        "Take the proposal back": client_as(person=proposer),
        "I agree to these words": client_as(person=two[0].author),
        "Close this proposal": client_as(Role.MODERATOR),
    }
    for button, browser in answers.items():
        page = browser.get(merge.get_absolute_url()).text
        assert [one for one in answers if one in page] == [button]


@pytest.mark.parametrize("sent", [{}, {"step": "consent"}, {"step": "unmerge", "reason": ""}])
def test_who_is_not_concerned_is_told_so_before_a_field_is_looked_at(
    open_now, proposed, two, client_as, sent
):
    for one in two:
        client_as(person=one.author).post(f"{proposed.get_absolute_url()}/decide", {"step": "consent"})
    answer = client_as().post(f"{proposed.get_absolute_url()}/decide", sent)
    assert answer.status_code == 403
