"""What changes the consultation: calls, contributions, statements, replies and themes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation import tasks
from muntada.consultation.actions import calls, contributions, drafts, moderation, replies, statements, themes
from muntada.consultation.actions.statements import Wording
from muntada.consultation.models import Contribution, ContributionDraft, ContributionVersion, Reply, Statement
from muntada.consultation.rules.contributions import ShownAs
from muntada.consultation.rules.replies import Answer, Disposition
from muntada.consultation.rules.themes import Matter
from muntada.forums.models import Goal, Line
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.files import CheckedFile
from muntada.people import actions as people
from muntada.people.rules import OrganisationKind
from muntada.record import queries as record
from muntada.record.models import Edge, LogEntry, Receipt
from muntada.record.rules import Relation

from .conftest import MODERATOR, PARTICIPANT, SECRETARIAT, a_saying


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
    tasks.send_receipt(**args)
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


def test_a_closed_call_refuses_and_the_draft_stays(make_call, here_as, now):
    call = make_call("over", closes_at=now - timedelta(days=1))
    here = here_as()
    drafts.save_draft(here=here, call=call, saying=a_saying())
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(here=here, call=call, saying=a_saying())
    assert refusal.value.code == "call-closed"
    assert ContributionDraft.objects.get().text == a_saying().text
    assert Contribution.objects.count() == 0


def test_a_call_that_has_not_begun_says_when_it_opens(make_call, here_as, now):
    call = make_call("later", opens_at=now + timedelta(days=2))
    with pytest.raises(Refused) as refusal:
        contributions.submit_contribution(here=here_as(), call=call, saying=a_saying())
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
    people.name_focal_point(affiliation=affiliation, now=now)
    vouched = contribute(author, title="Again", organisation_id=organisation.pk)
    assert (claimed.organisation_vouched, vouched.organisation_vouched) == (False, True)


def test_saying_it_better_keeps_the_number_and_the_words_before(contribute, here_as, make_person):
    author = make_person()
    contribution = contribute(author)
    better = a_saying(text="Two thirds of the villages have no line.")
    contributions.resubmit_contribution(here=here_as(person=author), contribution=contribution, saying=better)
    versions = list(ContributionVersion.objects.filter(contribution=contribution))
    assert [version.text[:4] for version in versions] == ["Half", "Two "]
    assert Contribution.objects.get().text == "Two thirds of the villages have no line."
    assert Receipt.objects.count() == 2


def test_submitting_the_same_words_again_gives_no_second_receipt(contribute, here_as, make_person):
    author = make_person()
    contribution = contribute(author)
    line = Line.objects.get(code="C3")
    contributions.resubmit_contribution(
        here=here_as(person=author), contribution=contribution, saying=a_saying(line_ids=(line.pk,))
    )
    assert list(Contribution.objects.get().lines.all()) == [line]
    assert (ContributionVersion.objects.count(), Receipt.objects.count()) == (1, 1)
    assert len(jobs("send_receipt")) == 1


def test_only_its_author_can_change_or_withdraw_a_contribution(contribute, here_as):
    contribution = contribute()
    for change in (
        lambda: contributions.resubmit_contribution(
            here=here_as(), contribution=contribution, saying=a_saying()
        ),
        lambda: contributions.withdraw_contribution(here=here_as(), contribution=contribution),
        lambda: drafts.save_draft(
            here=here_as(), call=contribution.call, saying=a_saying(), contribution=contribution
        ),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_a_withdrawn_contribution_keeps_its_number_and_cannot_be_cited(contribute, here_as, make_person):
    author = make_person()
    contribution = contribute(author)
    contributions.withdraw_contribution(here=here_as(person=author), contribution=contribution)
    assert Contribution.objects.get().withdrawn_at is not None
    assert contribute(title="Next").symbol.number == 2
    with pytest.raises(Refused) as refusal:
        contribute(title="Citing", text="See [C/1].")
    assert refusal.value.code == "citation-withdrawn"
    with pytest.raises(Refused):
        contributions.resubmit_contribution(
            here=here_as(person=author), contribution=contribution, saying=a_saying()
        )


def test_a_draft_is_one_per_call_and_becomes_the_contribution_with_its_files(call, here_as, make_person):
    author = make_person()
    here = here_as(person=author)
    drafts.save_draft(here=here, call=call, saying=a_saying(text=""))
    draft = drafts.save_draft(here=here, call=call, saying=a_saying()).draft
    assert ContributionDraft.objects.count() == 1
    file = CheckedFile("map.pdf", "application/pdf", 5, "a" * 64, b"%PDF-")
    attachment = drafts.attach_file(here=here, draft=draft, checked=file)
    assert drafts.attach_file(here=here, draft=draft, checked=file) == attachment
    contribution = contributions.submit_contribution(here=here, call=call, saying=a_saying())
    assert ContributionDraft.objects.count() == 0
    assert [one.name for one in contribution.attachments.all()] == ["map.pdf"]
    with pytest.raises(NotAllowed):
        drafts.detach_file(here=here, attachment=contribution.attachments.get())


def test_a_sixth_file_is_refused(call, here_as):
    here = here_as()
    draft = drafts.save_draft(here=here, call=call, saying=a_saying()).draft
    file = CheckedFile("map.pdf", "application/pdf", 5, "", b"%PDF-")
    for number in range(5):
        drafts.attach_file(here=here, draft=draft, checked=replace(file, sha256=f"{number:064}"))
    with pytest.raises(Refused) as refusal:
        drafts.attach_file(here=here, draft=draft, checked=replace(file, sha256="f" * 64))
    assert refusal.value.code == "too-many-files"


def test_a_statement_shows_where_it_was_taken_from(contribute, now):
    contribution = contribute()
    wording = Wording("Masts come first.", "en", {"ar": {"text": "الأبراج أولاً.", "status": "reviewed"}})
    statement = statements.take_statement(
        contribution=contribution, wording=wording, actor=MODERATOR, now=now
    )
    edge = Edge.objects.get()
    assert (edge.source, edge.target) == (statement.symbol, contribution.symbol)
    assert edge.relation == Relation.TAKEN_FROM
    assert statement.translations["ar"]["text"] == "الأبراج أولاً."
    assert Statement.objects.get().symbol.short == "T/1"


def test_nothing_is_taken_from_what_is_not_public(contribute, now):
    contribution = contribute(consent_to_publish=False)
    with pytest.raises(Refused) as refusal:
        statements.take_statement(
            contribution=contribution, wording=Wording("Masts.", "en"), actor=MODERATOR, now=now
        )
    assert refusal.value.code == "contribution-not-public"


def test_the_same_statement_is_not_put_twice(put_statement):
    put_statement()
    with pytest.raises(Refused) as refusal:
        put_statement()
    assert refusal.value.code == "statement-doubled"


def test_a_hidden_statement_gives_its_reason_and_can_come_back(put_statement, now):
    statement = put_statement()
    with pytest.raises(Refused) as refusal:
        moderation.hide_statement(statement=statement, reason=" ", actor=MODERATOR, now=now)
    assert refusal.value.code == "reason-missing"
    moderation.hide_statement(statement=statement, reason="An insult", actor=MODERATOR, now=now)
    kept = Statement.objects.get()
    assert (kept.state, kept.hidden_reason, kept.symbol.is_public) == ("hidden", "An insult", False)
    moderation.show_statement(statement=statement, actor=MODERATOR, now=now)
    assert Statement.objects.get().state == "open"


def test_other_roles_can_neither_open_calls_nor_moderate(contribute, put_statement, forum, call, now):
    contribution, statement = contribute(), put_statement()
    answer = Answer(Disposition.DECLINED, "No.", "en")
    matter = Matter({"en": "Masts"}, "", "en")
    new = calls.NewCall("x", {}, {}, [], now, None)
    for action in (
        lambda: calls.open_call(forum=forum, new=new, actor=MODERATOR, now=now),
        lambda: calls.extend_call(call=call, closes_at=now, reason="", actor=PARTICIPANT, now=now),
        lambda: statements.put_statement(call=call, wording=Wording("A", "en"), actor=PARTICIPANT, now=now),
        lambda: statements.take_statement(
            contribution=contribution, wording=Wording("A", "en"), actor=PARTICIPANT, now=now
        ),
        lambda: moderation.hide_statement(statement=statement, reason="x", actor=PARTICIPANT, now=now),
        lambda: moderation.show_statement(statement=statement, actor=PARTICIPANT, now=now),
        lambda: replies.reply_to(contribution=contribution, answer=answer, actor=PARTICIPANT, now=now),
        lambda: themes.raise_theme(
            forum=forum, matter=matter, contributions=[contribution], actor=PARTICIPANT, now=now
        ),
    ):
        with pytest.raises(NotAllowed):
            action()


def test_an_extension_gives_more_time_and_is_kept_as_an_event(call, now):
    later = call.closes_at + timedelta(days=5)
    extension = calls.extend_call(call=call, closes_at=later, reason="Asked for", actor=SECRETARIAT, now=now)
    assert extension.closed_at == call.closes_at
    call.refresh_from_db()
    assert call.closes_at == later
    with pytest.raises(Refused) as refusal:
        calls.extend_call(call=call, closes_at=now, reason="", actor=SECRETARIAT, now=now)
    assert refusal.value.code == "extension-not-later"


@pytest.mark.parametrize("slug", ["inbox", "open-call"])
def test_an_address_that_is_taken_is_refused(call, make_call, slug):
    with pytest.raises(Refused) as refusal:
        make_call(slug)
    assert refusal.value.code == "call-address-taken"


def test_a_reply_is_public_with_its_reason_and_goes_to_the_author(contribute, make_person, now):
    author = make_person()
    contribution = contribute(author)
    answer = Answer(Disposition.ACCEPTED, "We will discuss it.", "en")
    replies.reply_to(contribution=contribution, answer=answer, actor=MODERATOR, now=now)
    reply = Reply.objects.get()
    assert (reply.disposition, reply.role) == ("accepted", "moderator")
    (args,) = jobs("send_reply")
    tasks.send_reply(**args)
    (letter,) = mail.outbox
    assert letter.to == [author.email]
    assert "We will discuss it." in letter.body
    assert "Accepted" in letter.body


def test_the_same_reply_sent_twice_is_one_and_a_later_one_stands_beside_it(contribute, now):
    contribution = contribute()
    for reason in ("Yes.", "Yes.", "On second thoughts, yes."):
        answer = Answer(Disposition.ACCEPTED, reason, "en")
        replies.reply_to(contribution=contribution, answer=answer, actor=MODERATOR, now=now)
    assert list(Reply.objects.values_list("reason", flat=True)) == ["Yes.", "On second thoughts, yes."]
    assert len(jobs("send_reply")) == 2


def test_the_same_theme_raised_twice_is_one(contribute, forum, now):
    first, second = contribute(), contribute(title="Other")
    raised = [
        themes.raise_theme(
            forum=forum,
            matter=Matter({"en": "Masts"}, "", "en"),
            contributions=[one],
            actor=MODERATOR,
            now=now,
        )
        for one in (first, second)
    ]
    assert raised[0] == raised[1]
    assert set(raised[0].contributions.all()) == {first, second}


def test_what_a_reply_leads_to_rests_on_the_contribution(contribute, now):
    first, second = contribute(), contribute(title="Same")
    answer = Answer(Disposition.MERGED, "Says the same.", "en", leads_to="C/1")
    replies.reply_to(contribution=second, answer=answer, actor=MODERATOR, now=now)
    edge = Edge.objects.get()
    assert (edge.source, edge.target) == (first.symbol, second.symbol)
    assert edge.relation == Relation.MERGED_FROM


def test_a_clustered_contribution_becomes_part_of_the_theme(contribute, forum, now):
    first, second = contribute(), contribute(title="Other")
    theme = themes.raise_theme(
        forum=forum,
        matter=Matter({"en": "Masts"}, "About [C/1].", "en"),
        contributions=[first],
        actor=MODERATOR,
        now=now,
    )
    answer = Answer(Disposition.CLUSTERED, "Belongs there.", "en", leads_to="[M/1]")
    replies.reply_to(contribution=second, answer=answer, actor=MODERATOR, now=now)
    assert set(theme.contributions.all()) == {first, second}
    raised = Edge.objects.filter(source=theme.symbol, relation=Relation.RAISED_IN)
    assert set(raised.values_list("target_id", flat=True)) == {first.symbol_id, second.symbol_id}
    assert Edge.objects.filter(source=theme.symbol, relation=Relation.CITES).count() == 1


@pytest.mark.parametrize(
    ("disposition", "leads_to", "code"),
    [
        (Disposition.MERGED, "", "lead-needed"),
        (Disposition.MERGED, "C/77", "lead-unknown"),
        (Disposition.MERGED, "nonsense", "lead-unknown"),
        (Disposition.MERGED, "C/1", "lead-itself"),
        (Disposition.CLUSTERED, "C/2", "lead-needed"),
        (Disposition.DECLINED, "C/2", "lead-of-declined"),
    ],
)
def test_a_reply_that_leads_nowhere_is_refused(contribute, now, disposition, leads_to, code):
    contribution = contribute()
    contribute(title="Other")
    answer = Answer(disposition, "Because.", "en", leads_to=leads_to)
    with pytest.raises(Refused) as refusal:
        replies.reply_to(contribution=contribution, answer=answer, actor=MODERATOR, now=now)
    assert (refusal.value.code, refusal.value.field) == (code, "leads_to")
    assert Reply.objects.count() == 0


def test_a_theme_needs_a_title_and_contributions_that_stand(contribute, forum, here_as, make_person, now):
    author = make_person()
    contribution = contribute(author)

    def refused(matter: Matter, chosen: list[Contribution]) -> str:
        with pytest.raises(Refused) as refusal:
            themes.raise_theme(forum=forum, matter=matter, contributions=chosen, actor=MODERATOR, now=now)
        return refusal.value.code

    assert refused(Matter({"en": ""}, "", "en"), [contribution]) == "title-missing"
    assert refused(Matter({"en": "Masts"}, "", "en"), []) == "contributions-missing"
    contributions.withdraw_contribution(here=here_as(person=author), contribution=contribution)
    contribution.refresh_from_db()
    assert refused(Matter({"en": "Masts"}, "", "en"), [contribution]) == "contribution-unfit"


def test_every_action_is_in_the_log_and_the_chain_is_whole(contribute, put_statement, forum, now):
    contribution = contribute()
    put_statement()
    replies.reply_to(
        contribution=contribution, answer=Answer(Disposition.ACCEPTED, "Yes.", "en"), actor=MODERATOR, now=now
    )
    verbs = list(LogEntry.objects.filter(forum=forum).order_by("sequence").values_list("verb", flat=True))
    assert verbs[-4:] == ["open_call", "submit_contribution", "put_statement", "reply_to"]
    assert record.check_log(forum.pk).is_whole


def test_a_submitted_version_can_never_be_changed(contribute):
    contribute()
    with pytest.raises(IntegrityError, match="never changes"):
        ContributionVersion.objects.update(text="Other words")
