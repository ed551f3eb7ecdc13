"""Find duplicate entries: select pairs worth comparing, and judge them by a rule.

Comparing all pairs of ten thousand entries would take too long. Candidates share an organization, a
web page or one of the rarest words of their titles, or are neighbours when titles are sorted, as
written or with their words sorted.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from muntada.engines.reasons import Reason, gettext_noop
from muntada.engines.stocktaking.names import key_of, named_in
from muntada.engines.words import normal, words

# Similarity of titles in hundredths: the same, nearly the same, alike, something in common.
SAME, NEARLY, ALIKE, RELATED = 97, 88, 70, 50
SAME_NAME = 90
# Letters: many entries share a shorter title, so it is no evidence by itself.
TELLING_LETTERS = 18
RAREST, COMMON_WORD, LARGEST_GROUP, NEIGHBOURS = 3, 60, 200, 8
WEIGHTS = {"title": 0.6, "organisation": 0.2, "page": 0.12, "country": 0.08}
_NUMBER = re.compile(r"\d+")
_PAGE = re.compile(r"^https?://(?:www\.)?([^/?#]+)([^?#]*)")

SAME_TITLE = gettext_noop("The titles are the same.")
NEAR_TITLE = gettext_noop("The titles are nearly the same: %(percent)s of 100.")
ALIKE_TITLE = gettext_noop("The titles are alike: %(percent)s of 100.")
SAME_ORGANISATION = gettext_noop("The same organization leads both.")
NEAR_ORGANISATION = gettext_noop("The names of the organizations are nearly the same.")
PARTNER = gettext_noop("The organization that leads one is a partner in the other.")
SAME_COUNTRY = gettext_noop("Both are done in the same country.")
SAME_PAGE = gettext_noop("Both name the same page of the web.")
OTHER_LANGUAGE = gettext_noop("They are written in two languages.")


@dataclass(frozen=True)
class ComparedEntry:
    """The compared fields of an entry; its id is opaque."""

    id: int
    title: str
    language: str
    organisation: str
    countries: frozenset[str] = frozenset()
    website: str = ""
    partners: str = ""

    @cached_property
    def plain(self) -> str:
        return normal(self.title)

    @cached_property
    def sorted_words(self) -> str:
        return " ".join(sorted(self.plain.split()))

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(_NUMBER.findall(self.plain))

    @cached_property
    def name(self) -> str:
        return key_of(self.organisation)

    @cached_property
    def partner_names(self) -> frozenset[str]:
        return frozenset(key_of(name) for name in named_in(self.partners))

    @cached_property
    def page(self) -> str:
        """The web page; empty if only a site is named, since many initiatives share one."""
        found = _PAGE.match(self.website.strip().lower())
        path = found[2].rstrip("/") if found else ""
        return f"{found[1]}{path}" if found and path else ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The similarity of two entries in hundredths, and the reasons to consider them the same."""

    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class EntryPair:
    one: int
    other: int
    likeness: Likeness


def likeness(one: ComparedEntry, other: ComparedEntry) -> Likeness | None:
    """Return the similarity of two entries, or None if they are not considered the same.

    Different numbers in both titles distinguish editions and phases. Otherwise two entries are
    considered the same if one of these holds: the titles are nearly the same, and are long enough to be
    unique or organization, country or page are equal; the titles are alike and the organization is the
    same or a partner in the other, unless the countries differ; the titles have something in common and
    the page is the same; one organization names one page in two languages.
    """
    if one.numbers and other.numbers and one.numbers != other.numbers:
        return None
    title = max(fuzz.ratio(one.plain, other.plain), fuzz.ratio(one.sorted_words, other.sorted_words))
    named = fuzz.ratio(one.name, other.name)
    is_led_by_one = named >= SAME_NAME
    is_partner = one.name in other.partner_names or other.name in one.partner_names
    is_page = bool(one.page) and one.page == other.page
    is_country = bool(one.countries & other.countries)
    is_apart = bool(one.countries) and bool(other.countries) and not is_country
    is_long = min(len(one.plain), len(other.plain)) >= TELLING_LETTERS
    holds = (
        (title >= NEARLY and (is_long or is_led_by_one or is_page or is_country))
        or (title >= ALIKE and (is_led_by_one or is_partner) and not is_apart)
        or (title >= RELATED and is_page)
        or (is_page and is_led_by_one and one.language != other.language)
    )
    if not holds:
        return None
    known = max(named, SAME_NAME * is_partner)
    parts = {"title": title, "organisation": known, "page": 100 * is_page, "country": 100 * is_country}
    score = round(sum(WEIGHTS[part] * parts[part] for part in WEIGHTS))
    reasons = _reasons(title, named, is_page=is_page, is_country=is_country)
    if is_partner and not is_led_by_one:
        reasons.append(Reason(PARTNER))
    if one.language != other.language:
        reasons.append(Reason(OTHER_LANGUAGE))
    return Likeness(score, tuple(reasons))


def _reasons(title: float, named: float, *, is_page: bool, is_country: bool) -> list[Reason]:
    told = []
    if title >= RELATED:
        sentence = SAME_TITLE if title >= SAME else NEAR_TITLE if title >= NEARLY else ALIKE_TITLE
        told.append(Reason(sentence, {} if title >= SAME else {"percent": int(title)}))
    if named >= SAME_NAME:
        told.append(Reason(SAME_ORGANISATION if named == 100 else NEAR_ORGANISATION))  # noqa: PLR2004
    told += [Reason(SAME_PAGE)] * is_page + [Reason(SAME_COUNTRY)] * is_country
    return told


def duplicates(entries: Sequence[ComparedEntry], *, most: int = 500) -> tuple[EntryPair, ...]:
    """Return at most `most` pairs considered the same, most similar first."""
    pairs = _worth_comparing(entries)
    found = []
    for one, other in pairs[_are_near(entries, pairs)].tolist():
        told = likeness(entries[one], entries[other])
        if told is not None:
            first, second = sorted((entries[one].id, entries[other].id))
            found.append(EntryPair(first, second, told))
    return tuple(sorted(found, key=lambda pair: (-pair.likeness.score, pair.one, pair.other))[:most])


def _are_near(entries: Sequence[ComparedEntry], pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the pairs whose titles have something in common or whose page is the same, in one step."""
    near = np.zeros(len(pairs), dtype=bool)
    for titles in _titles(entries):
        ones, others = ([titles[place] for place in pairs[:, side]] for side in (0, 1))
        near |= np.asarray(cpdist(ones, others, scorer=fuzz.ratio, score_cutoff=ALIKE)) > 0
    numbers: dict[str, int] = {}
    pages = np.array([numbers.setdefault(one.page, len(numbers) + 1) if one.page else 0 for one in entries])
    same_page: NDArray[np.bool_] = (pages[pairs[:, 0]] == pages[pairs[:, 1]]) & (pages[pairs[:, 0]] > 0)
    return near | same_page


def _worth_comparing(entries: Sequence[ComparedEntry]) -> NDArray[np.int64]:
    """Return the index pairs of entries that may be the same, each once and in order."""
    found = [pairs for group in _groups(entries) if len(pairs := _each_two(group))]
    for titles in _titles(entries):
        ordered = np.array(sorted(range(len(entries)), key=titles.__getitem__), dtype=np.int64)
        found += [np.column_stack((ordered[:-step], ordered[step:])) for step in range(1, NEIGHBOURS)]
    pairs = np.sort(np.concatenate([np.empty((0, 2), dtype=np.int64), *found]), axis=1)
    codes = np.unique(pairs[:, 0] * len(entries) + pairs[:, 1])
    return np.column_stack(np.divmod(codes, max(len(entries), 1)))


def _each_two(group: Sequence[int]) -> NDArray[np.int64]:
    places = np.array(group, dtype=np.int64)
    one, other = np.triu_indices(len(places), 1)
    return np.column_stack((places[one], places[other]))


def _titles(entries: Sequence[ComparedEntry]) -> tuple[list[str], list[str]]:
    """Return the titles as written, and with sorted words."""
    return [one.plain for one in entries], [one.sorted_words for one in entries]


def _groups(entries: Sequence[ComparedEntry]) -> Iterator[Sequence[int]]:
    """Yield entries that share a rare feature; of a large group, neighbours by title."""
    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    stems = [frozenset(words(one.title, one.language)) for one in entries]
    common = Counter(stem for one in stems for stem in one)
    for place, one in enumerate(entries):
        shared["organisation", one.name].append(place)
        if one.page:
            shared["page", one.page].append(place)
        rarest = sorted(stems[place], key=lambda stem: (common[stem], stem))[:RAREST]
        for stem in rarest:
            if common[stem] <= COMMON_WORD:
                shared["word", stem].append(place)
    for group in shared.values():
        if len(group) <= LARGEST_GROUP:
            yield group
        else:
            ordered = sorted(group, key=lambda place: entries[place].plain)
            yield from (ordered[at : at + NEIGHBOURS] for at in range(len(ordered)))
