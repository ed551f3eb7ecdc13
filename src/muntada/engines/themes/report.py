"""Convert suggestions to plain values for JSON; numbers have six decimals."""

from collections.abc import Mapping, Sequence

from muntada.engines.themes.result import NearDuplicate, Suggestion, TextCampaign, TextGroup, TextGrouping
from muntada.engines.values import JsonObject

DECIMALS = 6


def as_plain_values(
    grouping: TextGrouping, matches: Sequence[NearDuplicate], suggestions: Mapping[str, Sequence[Suggestion]]
) -> JsonObject:
    return {
        "groups": [_group(group) for group in grouping.groups],
        "ungrouped": list(grouping.ungrouped),
        "campaigns": [_campaign(campaign) for campaign in grouping.campaigns],
        "matches": [_match(match) for match in matches],
        "suggestions": [
            {"id": text, "lines": [_suggestion(one) for one in found]} for text, found in suggestions.items()
        ],
        "seed": grouping.seed,
    }


def _group(group: TextGroup) -> JsonObject:
    return {
        "id": group.id,
        "size": len(group.members),
        "names": {language: list(words) for language, words in group.names.items()},
        "keywords": [
            {"word": one.word, "language": one.language, "score": _rounded(one.score)}
            for one in group.keywords
        ],
        "members": [
            {"id": one.id, "score": _rounded(one.score), "words": list(one.words)} for one in group.members
        ],
    }


def _campaign(campaign: TextCampaign) -> JsonObject:
    return {
        "sample": campaign.sample,
        "size": len(campaign.members),
        "identical": campaign.identical,
        "members": [
            {"id": one.id, "score": _rounded(one.score), "same": one.same} for one in campaign.members
        ],
    }


def _match(match: NearDuplicate) -> JsonObject:
    return {
        "one": match.one,
        "other": match.other,
        "kind": match.kind,
        "score": _rounded(match.score),
        "words": list(match.words),
    }


def _suggestion(one: Suggestion) -> JsonObject:
    return {
        "code": one.code,
        "score": _rounded(one.score),
        "words": list(one.words),
        "reason": str(one.reason),
    }


def _rounded(number: float) -> float:
    return round(number, DECIMALS)
