import pytest
from django.db import DatabaseError, transaction

from muntada.foundations.errors import Refused
from muntada.outcome.adoption import actions as adoption
from muntada.outcome.proposals.rules import ProposalKind
from muntada.outcome.texts import actions as texts
from muntada.outcome.texts.actions import TextInLanguage
from muntada.outcome.texts.models import Paragraph
from muntada.outcome.texts.rules import ParagraphState
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM


def test_a_text_with_an_open_proposal_is_not_adopted(write, propose, draft, now):
    propose(write(), ProposalKind.ADD, "And more.")
    with pytest.raises(Refused) as refused:
        adoption.adopt(draft=draft, actor=SYSTEM, now=now)
    assert refused.value.code == "proposals-open"


def test_an_adopted_text_is_kept_by_the_database(write, draft, now, forum):
    paragraph = write()
    adoption.adopt(draft=draft, actor=SYSTEM, now=now)
    with pytest.raises(Refused) as refused:
        texts.change_paragraph(
            paragraph=paragraph, words=TextInLanguage("Other", "en"), actor=SYSTEM, now=now
        )
    assert refused.value.code == "draft-adopted"
    for change in (
        lambda: Paragraph.objects.filter(pk=paragraph.pk).update(text="Forged"),
        lambda: Paragraph.objects.filter(pk=paragraph.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Paragraph.objects.get(pk=paragraph.pk).state == ParagraphState.AGREED
    assert check_log(forum.pk).is_whole
