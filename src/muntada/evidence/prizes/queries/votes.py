"""The ballot of a showcase: nominees in random order per voter, and the voter's choices."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext

from muntada.evidence.prizes.models import Showcase, ShowcaseCategory, ShowcaseEntry, ShowcaseVote
from muntada.evidence.prizes.queries.rounds import nominees_of
from muntada.evidence.prizes.rules.rounds import PrizeVotesOpenTo
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotAllowed, Refused, SignInFirst
from muntada.people.queries import organisations_of


def obstacle_to_vote(
    forum_request: ForumRequest, showcase: Showcase, browser: str
) -> Refused | SignInFirst | None:
    """Return the obstacle to a person's vote in any phase."""
    open_to = PrizeVotesOpenTo(showcase.votes_open_to)
    if forum_request.person is None:
        if open_to is not PrizeVotesOpenTo.ANYONE:
            return SignInFirst(gettext("Please sign in to vote."), "sign-in")
        if not browser:
            sentence = gettext(
                "Your browser did not keep the cookie by which it has one vote. "
                "Please open the ballot again, or sign in."
            )
            return Refused(sentence, "no-browser")
        return None
    if open_to is PrizeVotesOpenTo.VOUCHED and not organisations_of(forum_request.person, vouched_only=True):
        sentence = gettext(
            "In this vote only those vote whom their organization has confirmed. "
            "You can ask for that on your account page."
        )
        return NotAllowed(sentence, "not-vouched")
    return None


def digest_of_browser(showcase: Showcase, key: str) -> str:
    """Return the digest of a browser in one showcase, unlinkable to other votes."""
    return sha256(f"evidence.showcase:{showcase.pk}:{key}".encode()).hexdigest() if key else ""


@dataclass(frozen=True)
class PrizeBallot:
    """A category of the ballot."""

    category: ShowcaseCategory
    nominees: list[ShowcaseEntry]
    chosen: int | None
    next_category: ShowcaseCategory | None

    @property
    def is_gone(self) -> bool:
        """Return whether the chosen entry was withdrawn."""
        return self.chosen is not None and all(one.pk != self.chosen for one in self.nominees)


def ballots_of(forum_request: ForumRequest, showcase: Showcase, browser: str) -> list[PrizeBallot]:
    """Return each category with nominees, in random order per voter, so that none is always first."""
    nominees: dict[ShowcaseCategory, list[ShowcaseEntry]] = defaultdict(list)
    for one in nominees_of(showcase).order_by("category__position", "category"):
        nominees[one.category].append(one)
    voter = f"person:{forum_request.person.pk}" if forum_request.person else browser
    chosen = chosen_by(forum_request, showcase, browser)
    following = _following(list(nominees), chosen)
    return [
        PrizeBallot(
            category,
            sorted(entries, key=lambda one: sha256(f"{voter}:{one.pk}".encode()).digest()),
            chosen.get(category.pk),
            following.get(category.pk),
        )
        for category, entries in nominees.items()
    ]


def chosen_by(forum_request: ForumRequest, showcase: Showcase, browser: str) -> dict[int, int]:
    """Return a voter's choices by category."""
    votes = ShowcaseVote.objects.filter(category__showcase=showcase)
    if forum_request.person is not None:
        votes = votes.filter(person=forum_request.person)
    elif browser:
        votes = votes.filter(browser=browser)
    else:
        return {}
    return dict(votes.values_list("category", "entry"))


def _following(categories: list[ShowcaseCategory], chosen: dict[int, int]) -> dict[int, ShowcaseCategory]:
    """Return the next category without a vote for each category."""
    following: dict[int, ShowcaseCategory] = {}
    for place, one in enumerate(categories):
        around = categories[place + 1 :] + categories[:place]
        left = next((other for other in around if other.pk not in chosen), None)
        if left is not None:
            following[one.pk] = left
    return following
