import pytest

from muntada.foundations.errors import Refused
from muntada.outcome.proposals import rules as proposals
from muntada.outcome.proposals.rules import ProposalKind


def test_a_proposal_changes_the_text_as_its_kind_says():
    assert proposals.amended("We note.", ProposalKind.REPLACE, "We welcome.") == "We welcome."
    assert proposals.amended("We note.", ProposalKind.ADD, "And we act.") == "We note. And we act."
    assert proposals.amended("We note.", ProposalKind.NEW_AFTER, "And we act.") == "We note."


def test_a_proposal_that_does_not_delete_needs_words():
    proposals.require_words(ProposalKind.DELETE, "")
    with pytest.raises(Refused):
        proposals.require_words(ProposalKind.ADD, "  ")
