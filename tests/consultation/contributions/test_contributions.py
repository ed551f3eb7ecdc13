"""Contributions: kept word for word under a number, with a receipt, drafts, versions and files."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from procrastinate.contrib.django.models import ProcrastinateJob

from consultation.conftest import a_saying
from muntada.consultation.contributions.actions import contributions, drafts
from muntada.consultation.contributions.models import Contribution, ContributionDraft, ContributionVersion
from muntada.consultation.contributions.rules.contributions import ShownAs
from muntada.consultation.replies import tasks as replies
from muntada.forums.models import Goal, Line
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.files import CheckedFile
from muntada.people import actions as people
from muntada.people.rules import OrganisationKind
from muntada.record import queries as record
from muntada.record.models import Edge, Receipt
from muntada.record.rules import SYSTEM, Relation


def jobs(name: str) -> list[dict[str, object]]:
    return list(ProcrastinateJob.objects.filter(task_name__endswith=name).values_list("args", flat=True))


def test_an_arabic_contribution_is_kept_word_for_word_and_gets_a_number(contribute, forum):
    text = "نصف القرى بلا خط.\n\nابنوا **الأبراج** أولاً، كما في D/1."
    contribution = contribute(title="صلوا القرى", text=text.replace("\n", "\r\n"), language="ar")
    kept = Contribution.objects.get(pk=contribution.pk)
    assert kept.text == text
    assert kept.title == "صلوا القرى"
    assert kept.symbol.direction == "rtl"
    assert str(kept.symbol) == "WSIS20/C/1"
    assert kept.get_absolute_url() == "/wsis20/c/1"


def test_a_receipt_proves_the_text_and_no_other(contribute, forum):
    contribution = contribute()
    receipt = ContributionVersion.objects.get(contribution=contribution).receipt
    view = record.receipt(forum.pk, receipt.code)
    assert view.symbol == contribution.symbol
    assert record.same_content(view, "Half of the villages have no line.\n\nBuild **masts** first.")
    assert not record.same_content(view, "Half of the villages have no line.\n\nBuild **masts** later.")


def test_a_letter_with_the_receipt_goes_to_the_author_in_their_language(contribute, make_person):
    author = make_person(language="fr")
    contribution = contribute(author)
    (args,) = jobs("send_receipt")
    replies.send_receipt(**args)
    (letter,) = mail.outbox
    assert letter.to == [author.email]
    assert "WSIS20/C/1" in letter.subject
    assert contribution.text in letter.body
    assert Receipt.objects.get().code in letter.body


def test_the_same_words_sent_twice_are_one_contribution(contribute, make_person):
    author = make_person()
    assert contribute(author) == contribute(author)
    assert Contribution.objects.count() == 1
    assert Receipt.objects.count() == 1


def test_a_closed_call_refuses_and_the_draft_stays(make_call, request_as, now):
    call = make_call("over", closes_at=now - timedelta(days=1))
    forum_request = request_as()
    drafts.save_draft(forum_request=forum_request, call=call, saying=a_saying())
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(forum_request=forum_request, call=call, saying=a_saying())
    assert refusal.value.code == "call-closed"
    assert ContributionDraft.objects.get().text == a_saying().text
    assert Contribution.objects.count() == 0


def test_a_call_that_has_not_begun_says_when_it_opens(make_call, request_as, now):
    call = make_call("later", opens_at=now + timedelta(days=2))
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(forum_request=request_as(), call=call, saying=a_saying())
    assert refusal.value.code == "call-not-open"
    assert "10 July 2025" in str(refusal.value)


def test_a_stage_that_is_closed_refuses_even_if_the_call_is_open(contribute, forum, now):
    forum.windows.filter(stage="consultation").update(closes_at=now - timedelta(days=1))
    with pytest.raises(Refused) as refusal:
        contribute()
    assert refusal.value.code == "consultation-not-open"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"title": " "}, "title-missing", "title"),
        ({"title": "x" * 201}, "title-too-long", "title"),
        ({"text": "\r\n"}, "text-missing", "text"),
        ({"text": "x" * 40_001}, "text-too-long", "text"),
        ({"text": "As [C/99] says."}, "citation-unknown", "text"),
        ({"shown_as": ShownAs.ORGANISATION}, "organisation-missing", "organisation"),
        ({"organisation_id": 1}, "organisation-not-theirs", "organisation"),
        ({"line_ids": (999_999,)}, "not-of-framework", "lines"),
    ],
)
def test_a_contribution_is_refused_where_it_is_wrong(contribute, changes, code, field):
    with pytest.raises(Refused) as refusal:
        contribute(**changes)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert Contribution.objects.count() == 0
    assert record.symbols_of(1).count() == 0


def test_lines_goals_and_citations_are_kept_as_edges(contribute):
    first = contribute()
    line, goal = Line.objects.get(code="C2"), Goal.objects.get(code="9")
    second = contribute(title="More", text="Like [C/1].", line_ids=(line.pk,), goal_ids=(goal.pk,))
    assert list(second.lines.all()) == [line]
    assert list(second.goals.all()) == [goal]
    edge = Edge.objects.get()
    assert (edge.source, edge.target, edge.relation) == (second.symbol, first.symbol, Relation.CITES)


def test_whether_an_organisation_vouched_is_kept_as_it_was(contribute, make_person, now):
    author = make_person()
    organisation = people.register_organisation(
        name="Village Net", kind=OrganisationKind.CIVIL_SOCIETY, country="KE", language="en"
    )
    affiliation = people.claim_affiliation(person=author, organisation=organisation, now=now)
    claimed = contribute(author, organisation_id=organisation.pk)
    people.name_focal_point(affiliation=affiliation, actor=SYSTEM, now=now)
    vouched = contribute(author, title="Again", organisation_id=organisation.pk)
    assert (claimed.organisation_vouched, vouched.organisation_vouched) == (False, True)


def test_saying_it_better_keeps_the_number_and_the_words_before(contribute, request_as, make_person):
    author = make_person()
    contribution = contribute(author)
    better = a_saying(text="Two thirds of the villages have no line.")
    contributions.resubmit_contribution(
        forum_request=request_as(person=author), contribution=contribution, saying=better
    )
    versions = list(ContributionVersion.objects.filter(contribution=contribution))
    assert [version.text[:4] for version in versions] == ["Half", "Two "]
    assert Contribution.objects.get().text == "Two thirds of the villages have no line."
    assert Receipt.objects.count() == 2


def test_submitting_the_same_words_again_gives_no_second_receipt(contribute, request_as, make_person):
    author = make_person()
    contribution = contribute(author)
    line = Line.objects.get(code="C3")
    contributions.resubmit_contribution(
        forum_request=request_as(person=author),
        contribution=contribution,
        saying=a_saying(line_ids=(line.pk,)),
    )
    assert list(Contribution.objects.get().lines.all()) == [line]
    assert (ContributionVersion.objects.count(), Receipt.objects.count()) == (1, 1)
    assert len(jobs("send_receipt")) == 1


def test_only_its_author_can_change_or_withdraw_a_contribution(contribute, request_as):
    contribution = contribute()
    for change in (
        lambda: contributions.resubmit_contribution(
            forum_request=request_as(), contribution=contribution, saying=a_saying()
        ),
        lambda: contributions.withdraw_contribution(forum_request=request_as(), contribution=contribution),
        lambda: drafts.save_draft(
            forum_request=request_as(), call=contribution.call, saying=a_saying(), contribution=contribution
        ),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_a_withdrawn_contribution_keeps_its_number_and_cannot_be_cited(contribute, request_as, make_person):
    author = make_person()
    contribution = contribute(author)
    contributions.withdraw_contribution(forum_request=request_as(person=author), contribution=contribution)
    assert Contribution.objects.get().withdrawn_at is not None
    assert contribute(title="Next").symbol.number == 2
    with pytest.raises(Refused) as refusal:
        contribute(title="Citing", text="See [C/1].")
    assert refusal.value.code == "citation-withdrawn"
    with pytest.raises(Refused):
        contributions.resubmit_contribution(
            forum_request=request_as(person=author), contribution=contribution, saying=a_saying()
        )


def test_a_draft_is_one_per_call_and_becomes_the_contribution_with_its_files(call, request_as, make_person):
    author = make_person()
    forum_request = request_as(person=author)
    drafts.save_draft(forum_request=forum_request, call=call, saying=a_saying(text=""))
    draft = drafts.save_draft(forum_request=forum_request, call=call, saying=a_saying()).draft
    assert ContributionDraft.objects.count() == 1
    file = CheckedFile("map.pdf", "application/pdf", 5, "a" * 64, b"%PDF-")
    attachment = drafts.attach_file(forum_request=forum_request, draft=draft, checked=file)
    assert drafts.attach_file(forum_request=forum_request, draft=draft, checked=file) == attachment
    contribution = contributions.submit_contribution(
        forum_request=forum_request, call=call, saying=a_saying()
    )
    assert ContributionDraft.objects.count() == 0
    assert [one.name for one in contribution.attachments.all()] == ["map.pdf"]
    with pytest.raises(NotAllowed):
        drafts.detach_file(forum_request=forum_request, attachment=contribution.attachments.get())


def test_a_sixth_file_is_refused(call, request_as):
    forum_request = request_as()
    draft = drafts.save_draft(forum_request=forum_request, call=call, saying=a_saying()).draft
    file = CheckedFile("map.pdf", "application/pdf", 5, "", b"%PDF-")
    for number in range(5):
        drafts.attach_file(
            forum_request=forum_request, draft=draft, checked=replace(file, sha256=f"{number:064}")
        )
    with pytest.raises(Refused) as refusal:
        drafts.attach_file(forum_request=forum_request, draft=draft, checked=replace(file, sha256="f" * 64))
    assert refusal.value.code == "too-many-files"


def test_a_submitted_version_can_never_be_changed(contribute):
    contribute()
    with pytest.raises(IntegrityError, match="never changes"):
        ContributionVersion.objects.update(text="Other words")
