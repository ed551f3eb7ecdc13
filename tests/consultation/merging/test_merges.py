"""Two contributions said as one: only by the consent of both authors, undone by either."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from consultation.conftest import JOINT
from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.models import Contribution, Merge
from muntada.consultation.contributions.rules.contributions import CameBy, ShownAs
from muntada.consultation.merging import actions as merges
from muntada.consultation.merging import tasks as merging
from muntada.consultation.replies.actions import replies
from muntada.consultation.replies.queries import replies as queries
from muntada.consultation.replies.queries.replies import last_reply_to
from muntada.consultation.replies.rules import Disposition, ReplyText
from muntada.forums.merging.rules import (
    MergeState,
)
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import Edge, LogEntry
from muntada.record.queries import check_log
from muntada.record.rules import Relation


def author(request_as, contribution):
    return request_as(person=contribution.author)


def letters() -> list[dict[str, object]]:
    jobs = ProcrastinateJob.objects.filter(task_name__endswith="send_merge_letter").order_by("id")
    return list(jobs.values_list("args", flat=True))


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


# ---- proposing and consenting ----


def test_nothing_is_merged_by_whoever_proposes_it(proposed):
    assert proposed.state is MergeState.ASKED
    assert Contribution.objects.count() == 2
    assert [args["news"] for args in letters()] == ["asked", "asked"]


def test_both_authors_are_asked_in_their_language(two, make_person, request_as, contribute):
    reader = make_person(language="en", name="Chen")
    third = contribute(reader, title="Third", text="Something else entirely.")
    merges.propose_merge(
        forum_request=author(request_as, two[0]), contribution=two[0], other=third, joint=JOINT
    )
    (args,) = letters()
    merging.send_merge_letter(**args)
    (letter,) = mail.outbox
    assert letter.to == [reader.email]
    assert "C/1" in letter.subject
    assert "C/3" in letter.subject
    assert JOINT.text in letter.body
    assert "/wsis20/c/1/merges/" in letter.body


def test_with_the_second_consent_a_joint_contribution_is_made(proposed, two, request_as, forum):
    merges.consent_to_merge(forum_request=author(request_as, two[0]), merge=proposed)
    assert Contribution.objects.count() == 2
    merges.consent_to_merge(forum_request=author(request_as, two[1]), merge=proposed)
    joint = Contribution.objects.get(came_by=CameBy.MERGE)
    assert (str(joint.symbol), joint.title, joint.provenance) == (
        "WSIS20/C/3",
        JOINT.title,
        "C/1, C/2",
    )
    assert joint.name_shown == "Amina · Boris"
    edges = Edge.objects.filter(source=joint.symbol, relation=Relation.MERGED_FROM)
    assert {edge.target for edge in edges} == {one.symbol for one in two}
    assert [last_reply_to(one).leads_to for one in Contribution.objects.order_by("pk")[:2]] == [
        joint.symbol
    ] * 2
    assert [args["news"] for args in letters()].count("merged") == 3
    verbs = list(LogEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs[-4:] == ["propose_merge", "consent_to_merge", "consent_to_merge", "merge_contributions"]
    assert check_log(forum.pk).is_whole


def test_each_voice_of_a_joint_text_is_named_as_it_chose(contribute, make_person, request_as):
    one = contribute(make_person(name="Amina"), title="One", shown_as=ShownAs.NOBODY)
    other = contribute(make_person(name="Boris"), title="Two")
    merge = merges.propose_merge(
        forum_request=author(request_as, one), contribution=one, other=other, joint=JOINT
    )
    joint = merges.consent_to_merge(forum_request=author(request_as, other), merge=merge).joint
    assert Contribution.objects.get(pk=joint.pk).name_shown == "Boris"


def test_the_originals_wait_no_longer_but_the_joint_text_does(proposed, two, request_as, forum, now):
    for one in two:
        merges.consent_to_merge(forum_request=author(request_as, one), merge=proposed)
    waiting = queries.said_in(queries.inbox(forum, queries.InboxFilter(), now))
    assert [str(one.symbol) for one in waiting] == ["WSIS20/C/3"]


def test_the_author_who_proposes_consents_by_that(two, request_as):
    merge = merges.propose_merge(
        forum_request=author(request_as, two[1]), contribution=two[1], other=two[0], joint=JOINT
    )
    assert (merge.first_consented_at, bool(merge.second_consented_at)) == (None, True)
    assert [args["person_id"] for args in letters()] == [two[0].author_id]


def test_two_of_one_author_are_merged_at_once(contribute, make_person, request_as):
    writer = make_person()
    one, other = contribute(writer, title="One"), contribute(writer, title="Two")
    merge = merges.propose_merge(
        forum_request=request_as(person=writer), contribution=one, other=other, joint=JOINT
    )
    assert merge.state is MergeState.MERGED


def test_only_the_two_authors_decide(proposed, request_as, two):
    for forum_request in (request_as(), request_as(Role.MODERATOR)):
        with pytest.raises(NotAllowed):
            merges.consent_to_merge(forum_request=forum_request, merge=proposed)
    with pytest.raises(NotAllowed):
        merges.decline_merge(forum_request=request_as(), merge=proposed, reason="No.")
    assert Merge.objects.get().state is MergeState.ASKED


def test_a_moderator_closes_a_proposal_with_a_reason(proposed, request_as):
    merges.decline_merge(
        forum_request=request_as(Role.MODERATOR), merge=proposed, reason="It insults somebody."
    )
    assert Merge.objects.get().state is MergeState.DECLINED
    assert LogEntry.objects.filter(verb="close_merge").count() == 1


def test_a_declined_merge_gives_its_reason_and_can_be_proposed_anew(proposed, two, request_as):
    with pytest.raises(Refused) as refusal:
        merges.decline_merge(forum_request=author(request_as, two[0]), merge=proposed, reason=" ")
    assert refusal.value.code == "reason-missing"
    merges.decline_merge(forum_request=author(request_as, two[0]), merge=proposed, reason="Not the same.")
    with pytest.raises(Refused) as refusal:
        merges.consent_to_merge(forum_request=author(request_as, two[1]), merge=proposed)
    assert refusal.value.code == "merge-declined"
    assert (
        merges.propose_merge(forum_request=request_as(), contribution=two[0], other=two[1], joint=JOINT).pk
        != proposed.pk
    )


def test_whoever_proposed_it_takes_it_back(two, request_as, make_person):
    proposer = make_person()
    merge = merges.propose_merge(
        forum_request=request_as(person=proposer), contribution=two[0], other=two[1], joint=JOINT
    )
    assert (
        merges.decline_merge(
            forum_request=request_as(person=proposer), merge=merge, reason="My mistake."
        ).state
        is MergeState.DECLINED
    )


def test_the_same_two_are_proposed_once_in_whatever_order(proposed, two, request_as):
    with pytest.raises(Refused) as refusal:
        merges.propose_merge(forum_request=request_as(), contribution=two[1], other=two[0], joint=JOINT)
    assert refusal.value.code == "merge-proposed-already"


def test_what_cannot_be_merged_is_refused(two, contribute, make_call, request_as, make_person):
    one, _ = two
    elsewhere = contribute(title="Elsewhere", call=make_call("other-call"))
    hidden = contribute(title="Hidden", consent_to_publish=False)
    orphan = contribute(title="Orphan")
    Contribution.objects.filter(pk=orphan.pk).update(author=None)
    cases = [
        (one, "merge-itself"),
        (elsewhere, "merge-other-call"),
        (hidden, "merge-not-public"),
        (orphan, "merge-no-author"),
    ]
    for second, code in cases:
        with pytest.raises(Refused) as refusal:
            merges.propose_merge(forum_request=request_as(), contribution=one, other=second, joint=JOINT)
        assert refusal.value.code == code
    assert Merge.objects.count() == 0


def test_a_text_withdrawn_meanwhile_is_not_merged(proposed, two, request_as):
    merges.consent_to_merge(forum_request=author(request_as, two[0]), merge=proposed)
    contributions.withdraw_contribution(forum_request=author(request_as, two[0]), contribution=two[0])
    with pytest.raises(Refused) as refusal:
        merges.consent_to_merge(forum_request=author(request_as, two[1]), merge=proposed)
    assert refusal.value.code == "merge-not-public"
    assert Contribution.objects.filter(came_by=CameBy.MERGE).count() == 0


def test_what_is_part_of_a_joint_text_is_withdrawn_after_that_is_undone(proposed, two, request_as):
    for one in two:
        merges.consent_to_merge(forum_request=author(request_as, one), merge=proposed)
    forum_request = author(request_as, two[0])
    with pytest.raises(Refused) as refusal:
        contributions.withdraw_contribution(forum_request=forum_request, contribution=two[0])
    assert refusal.value.code == "merge-stands"
    assert "C/3" in str(refusal.value)
    merges.unmerge(forum_request=forum_request, merge=proposed, reason="I withdraw mine.")
    contributions.withdraw_contribution(forum_request=forum_request, contribution=two[0])
    assert Contribution.objects.get(pk=two[0].pk).withdrawn_at is not None


def test_what_is_part_of_one_joint_text_is_not_merged_into_a_second(proposed, two, contribute, request_as):
    for one in two:
        merges.consent_to_merge(forum_request=author(request_as, one), merge=proposed)
    third = contribute(title="Third")
    with pytest.raises(Refused) as refusal:
        merges.propose_merge(forum_request=request_as(), contribution=two[0], other=third, joint=JOINT)
    assert refusal.value.code == "merge-made-already"


def test_nobody_covers_the_forum_with_proposals(contribute, request_as, make_person, now):
    proposer = make_person()
    first = contribute(title="First")
    others = [contribute(title=f"Other {number}") for number in range(21)]

    def propose(number: int, day: int) -> Merge:
        forum_request = replace(request_as(person=proposer), now=now + timedelta(days=day))
        return merges.propose_merge(
            forum_request=forum_request, contribution=first, other=others[number], joint=JOINT
        )

    for number in range(10):
        propose(number, 0)
    with pytest.raises(Refused) as of_a_day:
        propose(10, 0)
    for number in range(10, 20):
        propose(number, 2)
    with pytest.raises(Refused) as of_all:
        propose(20, 4)
    assert (of_a_day.value.code, of_all.value.code) == ("too-many-proposals-today", "too-many-proposals")


# ---- undoing ----


@pytest.mark.parametrize("who", ["author", "moderator"])
def test_a_merge_is_undone_and_both_stand_alone_again(proposed, two, request_as, forum, now, who):
    for one in two:
        merges.consent_to_merge(forum_request=author(request_as, one), merge=proposed)
    forum_request = author(request_as, two[1]) if who == "author" else request_as(Role.MODERATOR)
    merges.unmerge(forum_request=forum_request, merge=proposed, reason="It changed my point.")
    joint = Contribution.objects.get(came_by=CameBy.MERGE)
    assert joint.withdrawn_at is not None
    assert joint.symbol.withdrawn_at is not None
    said = {one.pk: [reply.disposition for reply in one.replies.order_by("pk")] for one in two}
    assert set(map(tuple, said.values())) == {("merged", "undone")}
    waiting = queries.said_in(queries.inbox(forum, queries.InboxFilter(), now))
    assert {one.pk for one in waiting} == {one.pk for one in two}
    assert Edge.objects.filter(source=joint.symbol).count() == 2
    assert Merge.objects.get().state is MergeState.UNMERGED
    assert LogEntry.objects.filter(verb="unmerge").count() == 1


def test_what_was_answered_for_itself_after_the_merge_stays_answered(
    proposed, two, request_as, forum, now, moderator
):
    for one in two:
        merges.consent_to_merge(forum_request=author(request_as, one), merge=proposed)
    answer = ReplyText(Disposition.ACCEPTED, "We do this.", "en")
    replies.reply_to(contribution=two[0], answer=answer, actor=moderator, now=now)
    merges.unmerge(forum_request=author(request_as, two[1]), merge=proposed, reason="It changed my point.")
    waiting = queries.said_in(queries.inbox(forum, queries.InboxFilter(), now))
    assert [one.pk for one in waiting] == [two[1].pk]


def test_the_page_of_a_joint_text_that_was_undone_leads_to_both_voices(proposed, two, request_as, client):
    for one in two:
        merges.consent_to_merge(forum_request=author(request_as, one), merge=proposed)
    merges.unmerge(forum_request=author(request_as, two[1]), merge=proposed, reason="It changed my point.")
    joint = Contribution.objects.get(came_by=CameBy.MERGE)
    page = client.get(joint.get_absolute_url()).text
    assert "Undone: both stand alone again" in page
    assert "Withdrawn by its author" not in page
    assert JOINT.text not in page
    assert all(one.get_absolute_url() in page for one in (*two, proposed))


def test_strangers_undo_nothing(proposed, two, request_as):
    for one in two:
        merges.consent_to_merge(forum_request=author(request_as, one), merge=proposed)
    with pytest.raises(NotAllowed):
        merges.unmerge(forum_request=request_as(), merge=proposed, reason="I do not like it.")


def test_what_was_not_merged_is_not_undone(proposed, two, request_as):
    with pytest.raises(Refused) as refusal:
        merges.unmerge(forum_request=author(request_as, two[0]), merge=proposed, reason="No.")
    assert refusal.value.code == "merge-not-made"


@pytest.mark.django_db(transaction=True)
def test_two_consents_at_the_same_moment_make_one_joint_contribution(proposed, two, request_as, forum):
    heres = [author(request_as, one) for one in two for _ in range(2)]
    together = threading.Barrier(len(heres))
    faults: list[Exception] = []

    def consent(forum_request) -> None:
        try:
            together.wait()
            merges.consent_to_merge(forum_request=forum_request, merge=proposed)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the test has to know
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=consent, args=(forum_request,)) for forum_request in heres]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Contribution.objects.filter(came_by=CameBy.MERGE).count() == 1
    assert check_log(forum.pk).is_whole
