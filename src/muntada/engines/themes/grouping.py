"""Group texts in all languages into named themes: a proposal for people to work on."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from muntada.engines.themes.campaigns import campaigns
from muntada.engines.themes.clusters import NOWHERE, Clusters, clusters
from muntada.engines.themes.encoder import Encoder
from muntada.engines.themes.keywords import TermCounts, counted, leading_concepts, leading_words, names
from muntada.engines.themes.reading import ReadText, read_all
from muntada.engines.themes.result import GroupMember, TextCampaign, TextGroup, TextGrouping
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.texts import IdentifiedText, ReportThemes, part_of
from muntada.engines.themes.vectors import places

KEYWORDS = 12
WORDS_GIVEN = 5
NAMED_IN = ("ar", "zh-hans", "en", "fr", "ru", "es")
READING, COPIES, PLACING, NAMING = 0.0, 0.45, 0.7, 0.8  # progress when each step begins


def groups(
    texts: Sequence[IdentifiedText],
    settings: ThemeSettings,
    seed: int,
    encoder: Encoder | None,
    progress: ReportThemes,
) -> TextGrouping:
    """Group texts on the same subject; copies of one text count once and stay together."""
    readings = read_all(texts, part_of(progress, READING, COPIES))
    found = campaigns(texts, readings, settings, seed, part_of(progress, COPIES, PLACING))
    progress(PLACING, "grouping")
    copies_of = _copies_of(texts, found)
    chosen = sorted(copies_of)
    weights = np.ones(len(chosen))
    rows = places([texts[one] for one in chosen], [readings[one] for one in chosen], encoder)
    divided = clusters(rows, weights, settings, seed)
    everything = counted(readings[one] for one in chosen)
    listed = _listed(divided, chosen, copies_of)
    gathered = []
    named = part_of(progress, NAMING, 1.0)
    for number, members in enumerate(listed):
        named(number / len(listed), "naming")
        gathered.append(_group(number, members, texts, readings, everything))
    inside = {member.id for group in gathered for member in group.members}
    ungrouped = tuple(text.id for text in texts if text.id not in inside)
    progress(1.0, "naming")
    return TextGrouping(tuple(gathered), ungrouped, found, settings, seed)


def _copies_of(texts: Sequence[IdentifiedText], found: Sequence[TextCampaign]) -> Mapping[int, Sequence[int]]:
    """Return the texts that represent themselves or a campaign, each with its copies."""
    places = {text.id: place for place, text in enumerate(texts)}
    copies: dict[int, Sequence[int]] = {}
    led: set[int] = set()
    for campaign in found:
        members = [places[copy.id] for copy in campaign.members]
        copies[places[campaign.sample]] = members
        led.update(members)
    return copies | {place: (place,) for place in range(len(texts)) if place not in led}


def _listed(
    divided: Clusters, chosen: Sequence[int], copies_of: Mapping[int, Sequence[int]]
) -> list[list[tuple[int, int, float]]]:
    """Return each group as (text, the text it copies, similarity); the largest group is first."""
    by_label: dict[int, list[tuple[int, int, float]]] = {}
    for one, label, likeness in zip(chosen, divided.labels, divided.likeness, strict=True):
        if label != NOWHERE:
            members = [(copy, one, float(likeness)) for copy in copies_of[one]]
            by_label.setdefault(int(label), []).extend(members)
    return sorted(by_label.values(), key=lambda members: (-len(members), members[0]))


def _group(
    number: int,
    members: Sequence[tuple[int, int, float]],
    texts: Sequence[IdentifiedText],
    readings: Sequence[ReadText],
    everything: TermCounts,
) -> TextGroup:
    own = sorted({one for _, one, _ in members})
    inside = [readings[one] for one in own]
    counts = counted(inside)
    leading = set(leading_concepts(counts, everything)[:KEYWORDS])
    keywords = leading_words(counts, everything, inside, KEYWORDS)
    stems = {keyword.word for keyword in keywords}
    best_first = sorted(members, key=lambda member: (-member[2], texts[member[0]].id))
    return TextGroup(
        number,
        tuple(
            GroupMember(texts[place].id, likeness, _telling(readings[place], leading, stems))
            for place, _, likeness in best_first
        ),
        names(counts, everything, inside, NAMED_IN),
        tuple(keywords),
    )


def _telling(reading: ReadText, leading: set[str], keywords: set[str]) -> tuple[str, ...]:
    """Return the words of a text that place it in its group."""
    said = Counter(mention.written.lower() for mention in reading.mentions if mention.concept in leading)
    said.update(word.written.lower() for word in reading.words if word.written.lower() in keywords)
    return tuple(sorted(said, key=lambda word: (-said[word], word))[:WORDS_GIVEN])
