"""The public vote of a showcase: one vote per category, changeable until it closes.

Votes are not logged: times in the log would let readers guess counts before the vote closes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.prizes.actions.rounds import hold_votes
from muntada.evidence.prizes.models import Showcase, ShowcaseEntry, ShowcaseVote
from muntada.evidence.prizes.queries.rounds import nominees_of, step_here
from muntada.evidence.prizes.queries.votes import obstacle_to_vote
from muntada.evidence.prizes.rules.rounds import PrizeStep, require_step
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import Refused


@dataclass(frozen=True)
class PrizeVoter:
    """A voter: a person, or the digest of a browser's secret."""

    person_id: int | None
    browser: str | None

    @property
    def as_columns(self) -> dict[str, int | str | None]:
        return {"person_id": self.person_id, "browser": None if self.person_id else self.browser}


def cast_showcase_vote(
    *, forum_request: ForumRequest, showcase: Showcase, entry_id: int, browser: str = ""
) -> ShowcaseEntry:
    """Vote for a nominee, replacing an earlier vote in the category."""
    (entry,) = cast_showcase_votes(
        forum_request=forum_request, showcase=showcase, entry_ids=[entry_id], browser=browser
    )
    return entry


def cast_showcase_votes(
    *, forum_request: ForumRequest, showcase: Showcase, entry_ids: Sequence[int], browser: str = ""
) -> list[ShowcaseEntry]:
    """Vote in several categories, one nominee each, all or none."""
    forum_request.require_forum(showcase.forum_id)
    obstacle = obstacle_to_vote(forum_request, showcase, browser)
    if obstacle is not None:
        raise obstacle
    voter = _voter(forum_request, browser)
    with transaction.atomic():
        kept = _open_vote(showcase, forum_request)
        # Without the data of the page, since many vote.
        found = nominees_of(kept).select_related(None).in_bulk(entry_ids)
        if found.keys() != set(entry_ids):
            sentence = gettext(
                "This initiative is not, or no longer, put to the vote. Please choose another."
            )
            raise Refused(sentence, "no-nominee")
        chosen = {found[one].category_id: found[one] for one in entry_ids}
        whom = "browser" if voter.person_id is None else "person"
        # One statement: of two concurrent votes, one inserts and the other updates.
        ShowcaseVote.objects.bulk_create(
            [
                ShowcaseVote(
                    category_id=category_id, entry=entry, cast_at=forum_request.now, **voter.as_columns
                )
                # In a fixed order, so that concurrent voters never deadlock.
                for category_id, entry in sorted(chosen.items())
            ],
            update_conflicts=True,
            unique_fields=["category", whom],
            update_fields=["entry", "cast_at"],
        )
        if voter.person_id is not None and voter.browser:
            # A person who voted before signing in has one vote, not two.
            ShowcaseVote.objects.filter(category_id__in=chosen, browser=voter.browser).delete()
    return [found[one] for one in entry_ids]


def take_back_vote(
    *, forum_request: ForumRequest, showcase: Showcase, category_id: int, browser: str = ""
) -> bool:
    """Delete one's vote in a category; return whether there was one."""
    forum_request.require_forum(showcase.forum_id)
    voter = _voter(forum_request, browser)
    with transaction.atomic():
        kept = _open_vote(showcase, forum_request)
        votes = ShowcaseVote.objects.filter(category__showcase=kept, category_id=category_id)
        gone, _by_model = (
            votes.filter(**voter.as_columns).delete() if any((forum_request.person, browser)) else (0, {})
        )
    return bool(gone)


def _voter(forum_request: ForumRequest, browser: str) -> PrizeVoter:
    return PrizeVoter(forum_request.person.pk if forum_request.person else None, browser or None)


def _open_vote(showcase: Showcase, forum_request: ForumRequest) -> Showcase:
    """Check the dates under lock: no vote is counted after closing."""
    hold_votes(showcase, is_shared=True)
    kept = Showcase.objects.get(pk=showcase.pk)
    require_step(step_here(kept, forum_request.now), PrizeStep.VOTE)
    return kept
