"""Letters sent by many are found, however each was changed, and nobody else is counted among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made.contributions import contributions
from made.meanings import all_texts

from muntada.engines.themes import suggest
from muntada.engines.themes.campaigns import HASHES, share_copied, signature
from muntada.engines.themes.reading import read
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.shingles import shingles
from muntada.engines.themes.texts import IdentifiedText

LETTER = (
    "Dear organizers, I write to you as a citizen of this country. The price of mobile data has doubled"
    " within two years. Students in our villages can no longer follow their lessons. I ask you to put this"
    " on the agenda of the forum and to invite those who are concerned."
)
OTHERS = [text for text in all_texts("texts") if text.language == "en"]


def sent(*letters: str) -> list[IdentifiedText]:
    return [IdentifiedText(f"letter {number}", "en", letter) for number, letter in enumerate(letters)]


def test_equal_letters_are_one_campaign() -> None:
    (campaign,) = suggest.campaigns([*OTHERS, *sent(LETTER, LETTER, LETTER)])
    assert [copy.id for copy in campaign.members] == ["letter 0", "letter 1", "letter 2"]
    assert campaign.identical == 3
    assert all(copy.same and copy.score == 1.0 for copy in campaign.members)


def test_changed_letters_are_copies_too() -> None:
    sentences = LETTER.split(". ")
    letters = sent(
        LETTER,
        LETTER.replace("a citizen of this country", "a mother of three"),
        LETTER.upper(),
        "My name is Amina. " + LETTER,
        ". ".join([*sentences[1:], sentences[0]]),
        LETTER.replace("doubled", "trebled").replace("lessons", "courses"),
    )
    (campaign,) = suggest.campaigns([*OTHERS, *letters])
    assert {copy.id for copy in campaign.members} == {letter.id for letter in letters}
    assert campaign.sample == "letter 0"
    assert campaign.identical == 2
    assert all(copy.score >= 0.8 for copy in campaign.members)


def test_two_letters_are_no_campaign_yet() -> None:
    assert suggest.campaigns(sent(LETTER, LETTER)) == ()
    assert len(suggest.campaigns(sent(LETTER, LETTER), settings=ThemeSettings(fewest_copies=2))) == 1


def test_many_short_answers_are_no_campaign() -> None:
    assert suggest.campaigns(sent(*["Yes, I agree."] * 10)) == ()


def test_letters_on_the_same_matter_in_own_words_are_no_campaign() -> None:
    assert suggest.campaigns(all_texts("texts") + all_texts("again")) == ()


def test_letters_in_chinese_and_arabic_are_found() -> None:
    chinese = (
        "尊敬的主办方：我是一名普通居民。近两年手机流量价格翻了一番，村里的学生已"
        "经无法上网课，请把这个问题列入论坛议程，并邀请有关各方参加讨论。"
    )
    arabic = (
        "السادة المنظمون، أكتب إليكم بصفتي مواطناً. لقد تضاعفت أسعار الإنترنت على الهاتف خلال عامين ولم يعد"
        " تلاميذ قرانا قادرين على متابعة دروسهم، فأرجو إدراج الموضوع في جدول الأعمال."
    )
    texts = [
        IdentifiedText(f"{language} {number}", language, text)
        for language, letter, changes in (
            ("zh-hans", chinese, [("普通居民", "大学老师"), ("两年", "三年"), ("", "")]),
            ("ar", arabic, [("مواطناً", "معلماً"), ("عامين", "ثلاثة أعوام"), ("", "")]),
        )
        for number, (old, new) in enumerate(changes)
        for text in [letter.replace(old, new) if old else letter]
    ]
    assert [len(campaign.members) for campaign in suggest.campaigns(texts)] == [3, 3]


@pytest.mark.long
def test_the_order_in_which_letters_came_does_not_matter() -> None:
    texts = [one.text for one in contributions(80)]
    shuffled = sorted(texts, key=lambda text: text.id[::-1])
    as_sets = [
        [{copy.id for copy in campaign.members} for campaign in suggest.campaigns(order)]
        for order in (texts, shuffled)
    ]
    assert as_sets[0] == as_sets[1]


@pytest.mark.long
def test_all_letters_of_made_campaigns_are_found_and_no_other_text() -> None:
    made = contributions(150)
    wanted = {one.text.id for one in made if one.campaign in {0, 1, 2}}
    found = {
        copy.id for campaign in suggest.campaigns([one.text for one in made]) for copy in campaign.members
    }
    assert len(wanted & found) >= 0.98 * len(wanted)
    assert all(one.campaign is not None for one in made if one.text.id in found)


def test_progress_is_told_and_can_stop_the_work() -> None:
    told: list[float] = []
    suggest.campaigns(sent(LETTER, LETTER, LETTER), progress=lambda share, _step: told.append(share))
    assert told == sorted(told)
    assert told[0] == 0

    def stop(share: float, step: str) -> None:
        raise InterruptedError(step)

    with pytest.raises(InterruptedError):
        suggest.campaigns(sent(LETTER, LETTER, LETTER), progress=stop)


def test_no_texts_make_no_campaign() -> None:
    assert suggest.campaigns([]) == ()
    assert suggest.campaigns([IdentifiedText("a", "en", ""), IdentifiedText("b", "en", "😀")]) == ()


@pytest.mark.long
def test_a_book_sent_three_times_is_found_and_nobody_waits_for_it() -> None:
    book = " ".join(
        f"chapter {number} {sentence}" for number in range(900) for sentence in LETTER.split(". ")
    )
    assert len(book) > 250_000
    copies = sent(book, book + " The end.", "Preface. " + book)
    (campaign,) = suggest.campaigns([*OTHERS, *copies])
    assert len(campaign.members) == 3


def test_the_share_of_equal_hashes_is_the_share_of_pieces_in_common() -> None:
    one, other = (
        read(IdentifiedText("", "en", LETTER)),
        read(IdentifiedText("", "en", "My name is Amina. " + LETTER[:180])),
    )
    mine, theirs = set(one.pieces.tolist()), set(other.pieces.tolist())
    resemblance = len(mine & theirs) / len(mine | theirs)
    equal = [
        float((signature(one.pieces, seed) == signature(other.pieces, seed)).mean()) for seed in range(8)
    ]
    assert abs(sum(equal) / 8 - resemblance) < 3 * (0.25 / (8 * HASHES)) ** 0.5
    assert len(set(equal)) > 1


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_share_copied_is_a_share_and_whole_for_the_same(one: str, other: str) -> None:
    first, second = read(IdentifiedText("", "en", one)), read(IdentifiedText("", "en", other))
    assert 0 <= share_copied(first, second) <= 1
    assert share_copied(first, first) == 1


def test_pieces_are_runs_of_letters() -> None:
    assert len(shingles("abcdef", 4)) == 3
    assert len(shingles("ab", 4)) == 1
    assert len(shingles("", 4)) == 0
    assert shingles("xabcd", 4)[1] == shingles("abcd", 4)[0]
    assert shingles("abcd", 4)[0] != shingles("dcba", 4)[0]
