"""Scores from a table: looked at first, then all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.languages import listed
from muntada.foundations.sheets import read_rows
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.reviews.queries import means_of
from muntada.programme.selection.actions.selections import set_selection_rules
from muntada.programme.selection.queries import terms_of_selection, undecided_in
from muntada.programme.selection.rules.scores import MOST_ROWS, RequestScore, ScoreFault, scores_in
from muntada.record.rules import Actor

MOST_NAMED = 8


@dataclass(frozen=True)
class ScoreRow:
    """A score of the table beside what counts for the request now: marks of reviewers go before."""

    said: RequestScore
    request: SessionRequest
    before: float | None
    mean: float | None


@dataclass(frozen=True)
class ScoresLook:
    """What would come of a table of scores, or what is wrong with it."""

    rows: Sequence[ScoreRow] = ()
    faults: Sequence[ScoreFault] = ()

    @property
    def scores(self) -> dict[str, float]:
        return {row.said.symbol: row.said.score for row in self.rows}


def look_at_scores(*, forum: Forum, content: bytes) -> ScoresLook:
    """Read a table of scores; nothing is kept of it."""
    rows = read_rows(content, most=MOST_ROWS, field="file", refuses_macros=True)
    waiting = _waiting(forum)
    found, faults = scores_in(rows, waiting)
    if faults:
        return ScoresLook(faults=faults)
    if not found:
        raise Refused(gettext("No row of this table has a score."), "scores-none", "file")
    before, means = terms_of_selection(forum).scores, means_of(forum)
    return ScoresLook(
        rows=[
            ScoreRow(one, waiting[one.symbol], before.get(one.symbol), means.get(waiting[one.symbol].pk))
            for one in found
        ]
    )


def take_in_scores(*, forum: Forum, scores: Mapping[str, float], actor: Actor, now: datetime) -> None:
    """Keep these scores with the rules of selection; scores of other requests stay as they are."""
    require_role(actor, SECRETARIAT, forum.pk)
    with transaction.atomic():
        # Read and written in one: rules that somebody else keeps meanwhile are not lost.
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        waiting = _waiting(forum)
        gone = [symbol for symbol in scores if symbol not in waiting]
        if gone:
            sentence = gettext(
                "These do not wait for a decision any more: %(requests)s. Nothing was kept. "
                "Please look at the table again."
            )
            named = [*gone[:MOST_NAMED], *(["…"] if len(gone) > MOST_NAMED else [])]
            raise Refused(sentence % {"requests": listed(named)}, "scores-gone")
        terms = terms_of_selection(forum)
        terms = replace(terms, scores={**terms.scores, **scores})
        set_selection_rules(forum=forum, terms=terms, actor=actor, now=now)


def _waiting(forum: Forum) -> dict[str, SessionRequest]:
    return {one.symbol.short: one for one in undecided_in(forum) if one.symbol}
