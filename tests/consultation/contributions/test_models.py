"""What must never be in the tables is refused by the database itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from muntada.consultation.calls.models import Call
from muntada.consultation.contributions.models import Attachment, Contribution, ContributionDraft
from muntada.consultation.statements.models import Statement, Voter


def refused(change, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change()


def test_a_call_closes_after_it_opens(call):
    refused(
        lambda: Call.objects.filter(pk=call.pk).update(closes_at=call.opens_at - timedelta(seconds=1)),
        "call_closes_after_it_opens",
    )


def test_an_address_is_given_to_one_call(call, make_call):
    other = make_call("other")
    refused(lambda: Call.objects.filter(pk=other.pk).update(slug=call.slug), "call_has_one_address")


def test_the_same_export_is_in_a_forum_once(call, make_call):
    other = make_call("other", import_digest="a" * 64)
    refused(lambda: Call.objects.filter(pk=call.pk).update(import_digest="a" * 64), "export_imported_once")
    assert other.import_digest


def test_a_contribution_says_something(contribute):
    contribute()
    refused(lambda: Contribution.objects.update(text=""), "contribution_says_something")
    refused(
        lambda: Contribution.objects.update(organisation_vouched=True), "only_an_organisation_is_vouched_for"
    )


def test_a_new_draft_is_one_per_person_and_call(call, make_person, now):
    author = make_person()
    asked = call.question_sets.get()
    words = {"call": call, "author": author, "language": "en", "saved_at": now, "question_set": asked}
    ContributionDraft.objects.create(**words)
    refused(lambda: ContributionDraft.objects.create(**words), "one_new_draft_per_call")


def test_a_file_belongs_to_a_draft_or_a_contribution(db, now):
    words = {"file": "x", "name": "x.pdf", "media_type": "application/pdf", "size": 1, "sha256": "a" * 64}
    refused(lambda: Attachment.objects.create(added_at=now, **words), "attachment_belongs_to_one_text")


def test_a_statement_is_hidden_with_a_reason(put_statement):
    put_statement()
    refused(lambda: Statement.objects.update(state="hidden"), "hidden_with_a_reason")


def test_a_person_is_one_voter_in_a_call(call, make_person):
    person = make_person()
    Voter.objects.create(call=call, person=person)
    refused(lambda: Voter.objects.create(call=call, person=person), "person_votes_as_one")


def test_a_vote_outlives_the_person_who_cast_it(call, make_person, put_statement, request_as):
    person = make_person()
    voter = Voter.objects.create(call=call, person=person)
    person.delete()
    voter.refresh_from_db()
    assert voter.person is None
