"""Texts in all languages come together by what they are about."""

from collections import Counter

import pytest
from made.contributions import contributions
from made.meanings import all_texts, meanings

from muntada.engines.themes import suggest
from muntada.engines.themes.result import TextGrouping
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.texts import IdentifiedText

SIX = {"ar", "zh-hans", "en", "fr", "ru", "es"}
MANY_TEXTS = [one.text for one in contributions(300)]


@pytest.fixture(scope="module")
def made() -> TextGrouping:
    return suggest.groups(MANY_TEXTS)


@pytest.mark.long
def test_every_text_is_in_one_group_or_in_none(made: TextGrouping) -> None:
    inside = [member.id for group in made.groups for member in group.members]
    assert sorted([*inside, *made.ungrouped]) == sorted(text.id for text in MANY_TEXTS)


@pytest.mark.long
def test_groups_hold_texts_about_the_same_in_several_languages(made: TextGrouping) -> None:
    by_id = {one.text.id: one for one in contributions(300)}
    kept = [member.id for group in made.groups for member in group.members]
    main, languages = 0, Counter[int]()
    for group in made.groups:
        themes = Counter(by_id[member.id].theme for member in group.members)
        main += themes.most_common(1)[0][1]
        languages[group.id] = len({by_id[member.id].text.language for member in group.members})
    assert main >= 0.75 * len(kept)
    assert sum(languages.values()) >= 3 * len(languages)


def test_the_largest_group_is_the_first_and_numbers_follow(made: TextGrouping) -> None:
    sizes = [len(group.members) for group in made.groups]
    assert sizes == sorted(sizes, reverse=True)
    assert [group.id for group in made.groups] == list(range(len(sizes)))


def test_a_group_has_names_in_six_languages_and_keywords(made: TextGrouping) -> None:
    for group in made.groups:
        assert set(group.names) == SIX
        assert all(1 <= len(names) <= 4 for names in group.names.values())
        assert group.keywords


def test_a_member_comes_with_the_words_for_which_it_is_there(made: TextGrouping) -> None:
    texts = {text.id: text.text.lower() for text in MANY_TEXTS}
    told = [member for group in made.groups for member in group.members if member.words]
    assert len(told) >= 0.95 * sum(len(group.members) for group in made.groups)
    assert all(member.words[0].split()[0] in texts[member.id] for member in told if member.words)


def test_copies_of_a_letter_stay_together(made: TextGrouping) -> None:
    group_of = {member.id: group.id for group in made.groups for member in group.members}
    for campaign in made.campaigns:
        assert len({group_of.get(copy.id) for copy in campaign.members}) == 1


@pytest.mark.long
def test_a_campaign_does_not_make_the_themes() -> None:
    letters = [
        IdentifiedText(
            f"letter {number}", "en", "Goats must graze freely on the hills of our old town, we want goats."
        )
        for number in range(200)
    ]
    without = suggest.groups(all_texts("texts"))
    beside = suggest.groups([*all_texts("texts"), *letters])
    assert abs(len(beside.groups) - len(without.groups)) <= 2


@pytest.mark.long
def test_the_same_texts_and_seed_give_the_same_groups() -> None:
    few = MANY_TEXTS[:60]
    assert suggest.groups(few) == suggest.groups(few)


@pytest.mark.long
def test_so_many_groups_are_made_as_asked_for() -> None:
    assert len(suggest.groups(all_texts("texts"), settings=ThemeSettings(groups=7)).groups) == 7


def test_the_names_of_a_group_say_what_it_is_about() -> None:
    wanted = {"farmers-sms", "early-warning", "rural-telemedicine", "patient-data"}
    texts = [text for one in meanings() if one.meaning in wanted for text in one.those("texts")]
    grouping = suggest.groups(texts, settings=ThemeSettings(groups=2))
    names = [set(group.names["en"]) for group in grouping.groups]
    assert any({"doctor", "patient", "hospital", "medical record"} & name for name in names)
    assert any({"farmer", "weather forecast", "disaster", "market"} & name for name in names)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_few_texts_make_no_group(number: int) -> None:
    texts = all_texts("texts")[:number]
    grouping = suggest.groups(texts)
    assert grouping.groups == ()
    assert len(grouping.ungrouped) == number


def test_texts_without_a_word_are_in_no_group() -> None:
    empty = [
        IdentifiedText("empty", "en", ""),
        IdentifiedText("smile", "fr", "😀😀"),
        IdentifiedText("bidi", "ar", "\u202e\u200b"),
    ]
    grouping = suggest.groups([*all_texts("texts"), *empty])
    assert {"empty", "smile", "bidi"} <= set(grouping.ungrouped)


def test_a_field_without_a_glossary_is_grouped_by_its_words() -> None:
    goats = [
        "Goats graze on the hill",
        "Our goats graze where the hill is steep",
        "A hill full of goats that graze",
    ]
    boats = [
        "Boats sail on the river",
        "We sail old boats down the river",
        "The river carries boats that sail",
    ]
    texts = [IdentifiedText(str(number), "en", text) for number, text in enumerate([*goats, *boats])]
    grouping = suggest.groups(texts, settings=ThemeSettings(groups=2))
    assert sorted(sorted(member.id for member in group.members) for group in grouping.groups) == [
        ["0", "1", "2"],
        ["3", "4", "5"],
    ]


def test_progress_grows_from_nothing_to_all() -> None:
    told: list[tuple[float, str]] = []
    suggest.groups(all_texts("texts"), progress=lambda share, step: told.append((share, step)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(step for _, step in told)) == ["reading", "comparing", "grouping", "naming"]
