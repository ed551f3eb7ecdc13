"""The door to the themes engine: texts go in as rows, suggestions come out as plain values."""

from collections import defaultdict
from collections.abc import Sequence

from muntada.consultation.models import Contribution
from muntada.consultation.rules.campaigns import FoundCampaign
from muntada.consultation.rules.contributions import CampaignKind
from muntada.engines.words import normal

FEWEST_COPIES = 3


def find_campaigns(contributions: Sequence[Contribution]) -> list[FoundCampaign]:
    """Group contributions whose texts are the same."""
    same: dict[str, list[int]] = defaultdict(list)
    for one in contributions:
        same[normal(one.whole_text)].append(one.pk)
    return [
        FoundCampaign(tuple(sorted(group)), CampaignKind.IDENTICAL)
        for group in same.values()
        if len(group) >= FEWEST_COPIES
    ]
