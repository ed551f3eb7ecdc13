"""Find copies of a text among thousands: MinHash selects candidates, letter comparison decides.

Signatures after Broder (1997), *On the resemblance and containment of documents*; banding after
Indyk and Motwani (1998). Two texts are copies if they share enough letters, or enough runs of
letters in any order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from muntada.engines.themes.reading import ReadText
from muntada.engines.themes.result import Copy, TextCampaign
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.shingles import Hashes, stirred
from muntada.engines.themes.texts import IdentifiedText, ReportThemes

HASHES = 256
BAND = 4  # 64 bands of 4 find 98 % of the pairs that share half of their runs of letters
SHORTEST = 40  # letters; "I agree" sent by many is not a campaign
COMPARED = 3  # in a large set of candidates, each text is compared with this many
SURE, HOPELESS = 0.75, 0.3  # shares of equal hashes above or below which letters need not be compared
REPORT_EACH = 200
AT_ONCE = 4_096
LONGEST_COMPARED = 30_000  # letters; longer texts are compared by runs of letters only

type Signatures = NDArray[np.uint64]


def campaigns(
    texts: Sequence[IdentifiedText],
    readings: Sequence[ReadText],
    settings: ThemeSettings,
    seed: int,
    progress: ReportThemes,
) -> tuple[TextCampaign, ...]:
    """Group copies; the largest campaign is first."""
    equal: dict[str, list[int]] = defaultdict(list)
    for place, reading in enumerate(readings):
        if len(reading.pieces) >= SHORTEST:
            equal[reading.bare].append(place)
    firsts = [places[0] for places in equal.values()]
    families = _families([readings[place] for place in firsts], settings.copied, seed, progress)
    found: list[TextCampaign] = []
    for family in families:
        places = {first: equal[readings[first].bare] for first in (firsts[one] for one in family)}
        found += _campaigns_in(places, texts, readings, settings)
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.sample)))


def signature(pieces: Hashes, seed: int) -> Signatures:
    """Return the smallest hash of the pieces under each hash function."""
    odd, shift = _hash_functions(seed)
    smallest: Signatures = np.full(HASHES, np.iinfo(np.uint64).max, dtype=np.uint64)
    different = np.unique(pieces)
    for start in range(0, len(different), AT_ONCE):
        some = different[start : start + AT_ONCE, None] * odd + shift
        smallest = np.minimum(smallest, some.min(axis=0))
    return smallest


def _signatures(readings: Sequence[ReadText], seed: int, progress: ReportThemes) -> Signatures:
    rows = np.zeros((len(readings), HASHES), dtype=np.uint64)
    for place, reading in enumerate(readings):
        if place % REPORT_EACH == 0:
            progress(place / len(readings), "comparing")
        rows[place] = signature(reading.pieces, seed)
    return rows


@lru_cache
def _hash_functions(seed: int) -> tuple[Signatures, Signatures]:
    dice = np.random.default_rng(seed)
    odd = dice.integers(1 << 63, size=HASHES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return odd, dice.integers(1 << 63, size=HASHES, dtype=np.uint64)


def _families(
    readings: Sequence[ReadText], copied: float, seed: int, progress: ReportThemes
) -> list[list[int]]:
    """Join texts that are copies of one another, directly or through others."""
    signatures = _signatures(readings, seed, progress)
    leader = list(range(len(readings)))

    def leader_of(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    refused: set[tuple[int, int]] = set()
    for one, other in _meetings(signatures):
        first, second = leader_of(one), leader_of(other)
        if first == second or (one, other) in refused:
            continue
        equal = float(np.mean(signatures[one] == signatures[other]))
        sure = equal >= max(SURE, copied)
        if sure or (equal >= HOPELESS and share_copied(readings[one], readings[other]) >= copied):
            leader[max(first, second)] = min(first, second)
        else:
            refused.add((one, other))
    families: dict[int, list[int]] = defaultdict(list)
    for place in range(len(readings)):
        families[leader_of(place)].append(place)
    return list(families.values())


def _meetings(signatures: Signatures) -> Iterator[tuple[int, int]]:
    """Yield pairs that agree in a whole band; in a large band, each text is paired with a few before it."""
    if len(signatures) == 0:
        return
    for band in range(0, HASHES, BAND):
        crowds: dict[bytes, list[int]] = defaultdict(list)
        for place, row in enumerate(stirred(signatures[:, band : band + BAND])):
            crowd = crowds[row.tobytes()]
            yield from ((before, place) for before in crowd[-COMPARED:])
            crowd.append(place)


def share_copied(one: ReadText, other: ReadText) -> float:
    """Return the share of common letters, or of common runs of letters if that is higher."""
    short = max(len(one.bare), len(other.bare)) <= LONGEST_COMPARED
    letters = fuzz.ratio(one.bare, other.bare) / 100 if short else 0.0
    mine, theirs = np.unique(one.pieces), np.unique(other.pieces)
    both = len(np.intersect1d(mine, theirs, assume_unique=True))
    return max(letters, 2 * both / max(1, len(mine) + len(theirs)))


def _campaigns_in(
    places: Mapping[int, Sequence[int]],
    texts: Sequence[IdentifiedText],
    readings: Sequence[ReadText],
    settings: ThemeSettings,
) -> Iterator[TextCampaign]:
    """Collect the copies of the most typical text of a family, then of the most typical remaining one."""
    left = dict(places)
    while sum(map(len, left.values())) >= settings.fewest_copies:
        sample = _most_usual(left, readings)
        shares = {first: share_copied(readings[sample], readings[first]) for first in left}
        shares[sample] = 1.0
        copies = [first for first, share in shares.items() if share >= settings.copied]
        members = [
            Copy(texts[place].id, shares[first], first == sample) for first in copies for place in left[first]
        ]
        if len(members) >= settings.fewest_copies:
            members.sort(key=lambda copy: (-copy.score, copy.id))
            yield TextCampaign(texts[left[sample][0]].id, tuple(members), len(left[sample]))
        for first in copies:
            del left[first]


def _most_usual(places: Mapping[int, Sequence[int]], readings: Sequence[ReadText]) -> int:
    """Return the text whose runs of letters are the most frequent in the family."""
    pieces = {first: np.unique(readings[first].pieces) for first in places}
    values, inverse = np.unique(np.concatenate(list(pieces.values())), return_inverse=True)
    times = np.repeat([len(copies) for copies in places.values()], [len(one) for one in pieces.values()])
    common = np.bincount(inverse, weights=times, minlength=len(values))
    total = sum(map(len, places.values()))
    scores: dict[int, float] = {}
    for first, own in pieces.items():
        held = common[np.searchsorted(values, own)] * 2 > total
        usual = int((common * 2 > total).sum())
        scores[first] = 2 * int(held.sum()) / max(1, usual + len(own))
    counts = Counter({first: len(copies) for first, copies in places.items()})
    return min(scores, key=lambda first: (-round(scores[first], 6), -counts[first], first))
