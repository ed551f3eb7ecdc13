"""A sentence encoder, where there is one, finds what has no word in common."""

from collections.abc import Sequence

import numpy as np
import pytest
from made.meanings import all_texts, descriptions

from muntada.engines.themes import suggest
from muntada.engines.themes.encoder import Encoder, encoded, installed_encoder
from muntada.engines.themes.settings import ThemeSettings
from muntada.engines.themes.texts import IdentifiedText

ALIKE = {"The kettle sings.": 0, "Der Kessel pfeift.": 0, "A goat eats grass.": 1}


class ByHand:
    """Knows three sentences, and that two of them mean the same."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.eye(3, dtype=np.float32)[[ALIKE.get(text, 2) for text in texts]] * 5


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    installed = installed_encoder()
    if installed is None:
        pytest.skip("the extra 'languages' is not installed")
    return installed


def test_what_has_no_word_in_common_is_found_by_its_meaning() -> None:
    existing = [
        IdentifiedText("goat", "en", "A goat eats grass."),
        IdentifiedText("kettle", "de", "Der Kessel pfeift."),
    ]
    asked = IdentifiedText("new", "en", "The kettle sings.")
    assert suggest.near(asked, existing) == ()
    (found,) = suggest.near(asked, existing, encoder=ByHand())
    assert (found.id, found.kind, found.words) == ("kettle", "translated", ())
    assert str(found.reason).startswith("Its sentences mean nearly the same")


def test_what_was_made_ready_without_encoder_is_asked_without() -> None:
    known = suggest.known([IdentifiedText("kettle", "de", "Der Kessel pfeift.")])
    assert suggest.near(IdentifiedText("new", "en", "The kettle sings."), known, encoder=ByHand()) == ()


def test_what_is_added_is_encoded_too() -> None:
    known = suggest.known([IdentifiedText("goat", "en", "A goat eats grass.")], encoder=ByHand())
    added = known.with_added([IdentifiedText("kettle", "de", "Der Kessel pfeift.")], encoder=ByHand())
    found = suggest.near(IdentifiedText("new", "en", "The kettle sings."), added, encoder=ByHand())
    assert [one.id for one in found] == ["kettle"]


def test_adding_without_the_encoder_leaves_all_without() -> None:
    known = suggest.known([IdentifiedText("goat", "en", "A goat eats grass.")], encoder=ByHand())
    assert known.with_added([IdentifiedText("kettle", "de", "Der Kessel pfeift.")]).vectors is None


def test_rows_have_length_one_and_a_broken_row_is_nought() -> None:
    class Broken:
        def encode(self, texts: list[str]) -> np.ndarray:
            return np.array([[3.0, 4.0], [np.nan, 0.0]], dtype=np.float32)[: len(texts)]

    rows = encoded(["a", "b"], Broken())
    assert rows.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0.0, 0.0]]
    assert encoded([], Broken()).shape == (0, 1)


@pytest.mark.long
def test_with_the_installed_encoder_meanings_come_together_across_languages(encoder: Encoder) -> None:
    texts = [text for text in all_texts("texts") if text.id.startswith(("right-to-repair", "no-backdoors"))]
    grouping = suggest.groups(texts, settings=ThemeSettings(groups=2), encoder=encoder)
    assert [len(group.members) for group in grouping.groups] == [6, 6]
    for group in grouping.groups:
        assert len({member.id.partition("/")[0] for member in group.members}) == 1


@pytest.mark.long
def test_the_installed_encoder_helps_with_lines(encoder: Encoder) -> None:
    text = IdentifiedText("a", "en", "A surgeon operates through a robot from another town.")
    assert "C7-eHea" in {one.code for one in suggest.lines(text, descriptions("lines"), encoder=encoder)}
