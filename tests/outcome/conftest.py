import pytest

from muntada.outcome.proposals import actions as proposals
from muntada.outcome.texts import actions as texts
from muntada.outcome.texts.actions import TextInLanguage
from muntada.outcome.texts.rules import ParagraphKind
from muntada.record import actions as record
from muntada.record.rules import SYSTEM, SymbolKind


@pytest.fixture
def finding(forum, now):
    """Something a paragraph can rest on: F/1."""
    return record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.FINDING, title="Found", language="en", now=now
    )


@pytest.fixture
def draft(forum, now, finding):
    return texts.open_draft(forum=forum, title=TextInLanguage("Outcome", "en"), actor=SYSTEM, now=now)


@pytest.fixture
def write(draft, now):
    def write(text: str = "Calls upon all to connect schools [F/1].", kind=ParagraphKind.OPERATIVE):
        return texts.write_paragraph(
            draft=draft, kind=kind, words=TextInLanguage(text, "en"), actor=SYSTEM, now=now
        )

    return write


@pytest.fixture
def propose(now, make_person):
    def propose(paragraph, kind, text: str = "", rationale: str = ""):
        return proposals.propose_text(
            paragraph=paragraph,
            kind=kind,
            party="Norlandia",
            words=TextInLanguage(text, "en"),
            rationale=rationale,
            author=None,
            actor=SYSTEM,
            now=now,
        )

    return propose
