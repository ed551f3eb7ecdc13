"""Rules of campaigns: matching new groups with known ones; names."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from muntada.consultation.calls.rules.calls import TITLE_LENGTH
from muntada.consultation.contributions.rules.contributions import CampaignKind
from muntada.foundations.errors import Refused

# Distinct senders; repeated submissions by one person count once.
FEWEST_PEOPLE = 3


@dataclass(frozen=True)
class FoundCampaign:
    """Contributions with nearly equal texts."""

    members: tuple[int, ...]
    kind: CampaignKind


def is_sent_by_several(senders: Iterable[str]) -> bool:
    """Return whether enough people sent the same text."""
    return len(set(senders)) >= FEWEST_PEOPLE


def known_again(found: Sequence[FoundCampaign], before: Mapping[int, int]) -> list[int | None]:
    """Match each group with the former campaign of most of its members, each campaign once.

    `before` maps contributions to their former campaigns.
    """
    shares = [
        (count, -place, campaign)
        for place, group in enumerate(found)
        for campaign, count in Counter(before[one] for one in group.members if one in before).items()
    ]
    again: list[int | None] = [None] * len(found)
    taken: set[int] = set()
    for _, place, campaign in sorted(shares, key=lambda one: (-one[0], -one[1], one[2])):
        if again[-place] is None and campaign not in taken:
            again[-place] = campaign
            taken.add(campaign)
    return again


def require_name(name: str) -> None:
    if not name.strip():
        raise Refused(gettext("Please give the campaign a name."), "name-missing", "name")
    if len(name) > TITLE_LENGTH:
        sentence = gettext("The name is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": TITLE_LENGTH}, "name-too-long", "name")
