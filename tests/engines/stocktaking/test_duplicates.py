"""Entries that say the same are found among thousands, and those that only look so are left alone."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.engines.stocktaking.duplicates import (
    SAME_COUNTRY,
    SAME_ORGANISATION,
    SAME_PAGE,
    SAME_TITLE,
    ComparedEntry,
    duplicates,
    likeness,
)

KENYA, PERU = frozenset({"KE"}), frozenset({"PE"})


def an_entry(number: int = 1, **named) -> ComparedEntry:
    facts = {
        "title": "Village networks for forty schools",
        "language": "en",
        "organisation": "Rural Link",
        "countries": KENYA,
        "website": "",
    }
    return ComparedEntry(number, **(facts | named))


class TestRule:
    @pytest.mark.parametrize(
        "other",
        [
            {},
            {"organisation": "Ministry of Schools", "countries": PERU},
            {"title": "VILLAGE NETWORKS, FOR FORTY SCHOOLS!"},
            {"title": "Forty schools: village networks for"},
            {"title": "Vilage networks for forty schools", "organisation": "rural  link (RL)"},
            {"title": "Village networks for the schools", "countries": frozenset()},
            {"title": "Village network for 40 schools", "organisation": "Fund", "partners": "X; RURAL LINK"},
            {"title": "Réseaux villageois pour quarante écoles", "language": "fr"},
        ],
    )
    def test_two_that_say_the_same_are_told(self, other):
        page = {"website": "https://www.rural.example/forty"} if other.get("language") else {}
        assert likeness(an_entry(**page), an_entry(2, **other, **page)) is not None

    @pytest.mark.parametrize(
        "other",
        [
            {"title": "Solar power for clinics"},
            {"title": "Village networks for twelve clinics", "organisation": "Fund of Islands"},
            {"title": "Village networks for all clinics", "countries": PERU},
            {"title": "Réseaux villageois", "language": "fr", "website": "https://rural.example/"},
        ],
    )
    def test_two_that_only_look_so_are_not(self, other):
        assert likeness(an_entry(website="https://rural.example"), an_entry(2, **other)) is None

    def test_phases_and_years_are_told_apart_by_their_numbers(self):
        first, second = "Village networks, phase 1 (2019)", "Village networks, phase 2 (2021)"
        assert likeness(an_entry(title=first), an_entry(title=second)) is None
        assert likeness(an_entry(title=first), an_entry(title="Village networks, phase (2019) 1")) is not None
        assert likeness(an_entry(title=first), an_entry(title="Village networks, phase")) is not None

    def test_a_short_title_says_nothing_alone(self):
        one = an_entry(title="Our school")
        assert likeness(one, an_entry(title="Our school", organisation="Fund", countries=PERU)) is None
        assert likeness(one, an_entry(title="Our school", countries=PERU)) is not None

    def test_the_reasons_are_what_is_the_same(self):
        page = "http://rural.example/a/"
        told = likeness(an_entry(website=page), an_entry(2, website="https://www.rural.example/A?x=1"))
        assert [one.sentence for one in told.reasons] == [
            SAME_TITLE,
            SAME_ORGANISATION,
            SAME_PAGE,
            SAME_COUNTRY,
        ]
        assert told.score == 100

    @given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=30), st.text(max_size=30))
    def test_any_two_are_judged_and_in_either_order_alike(self, title, other, website, name):
        one = an_entry(title=title, website=f"https://{website}")
        two = an_entry(title=other, website=website, organisation=name)
        assert likeness(one, two) == likeness(two, one)


class TestFinding:
    @given(
        st.lists(st.sampled_from(["alpha beta gamma", "beta delta", "delta epsilon zeta", "x"]), max_size=8)
    )
    def test_of_few_entries_every_pair_that_is_the_same_is_found(self, titles):
        entries = [an_entry(number, title=title) for number, title in enumerate(titles)]
        expected = {
            (one.id, other.id) for one, other in combinations(entries, 2) if likeness(one, other) is not None
        }
        assert {(pair.one, pair.other) for pair in duplicates(entries)} == expected

    def test_nothing_is_found_in_nothing(self):
        assert duplicates([]) == duplicates([an_entry()]) == ()

    @pytest.mark.long
    def test_among_thousands_each_copy_is_found_once_and_the_order_of_the_entries_says_nothing(self):
        entries = stocktaking(2000, copies=60)
        found = duplicates(entries)
        told = {(pair.one, pair.other) for pair in found}
        assert {(number, 10_000 + number) for number in range(60)} <= told
        assert duplicates(entries[::-1]) == found
        assert duplicates(entries, most=10) == found[:10]


def stocktaking(count: int, copies: int) -> list[ComparedEntry]:
    """Entries as they are written, the first of them again with a slip of the pen by somebody else."""
    dice = random.Random(3)  # noqa: S311 - no secret
    syllables = ("ka", "ro", "min", "tel", "su", "dar", "pel", "no", "vi", "ster", "lan", "go")
    words = ["".join(dice.choices(syllables, k=dice.randint(2, 4))) for _ in range(3000)]
    made = [
        ComparedEntry(
            number,
            " ".join(dice.choices(words, k=dice.randint(4, 9))).capitalize(),
            "en",
            f"Organization {dice.randint(0, count // 15)}",
            frozenset({dice.choice(["KE", "PE", "NP"])}),
        )
        for number in range(count)
    ]
    for one in made[:copies]:
        slip = dice.randint(1, len(one.title) - 2)
        title = one.title[:slip] + one.title[slip + 1 :]
        made.append(ComparedEntry(10_000 + one.id, title, "en", one.organisation, one.countries))
    return made
