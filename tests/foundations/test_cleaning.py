"""What nobody sees is taken out of what people write; what a language needs stays."""

import pytest

from muntada.foundations.cleaning import MARKS_ON_A_LETTER, clean_line, clean_text, is_readable


@pytest.mark.parametrize("filler", ["\u3164", "\uffa0", "\u115f", "\u1160", "\u034f", "\u17b4"])
def test_a_filler_that_counts_as_a_letter_is_not_seen(filler):
    assert clean_text(filler * 3) == ""
    assert clean_text(f"a{filler}b") == "ab"
    assert not is_readable(clean_text(filler))


@pytest.mark.parametrize("code", [0x2065, 0x206A, 0x206F, 0xFFF0, 0x1BCA0, 0x1D159, 0x1D173, 0x1D17A])
def test_what_formats_and_is_not_seen_is_taken_out(code):
    assert clean_text(f"a{chr(code)}b") == "ab"


def test_a_blank_of_braille_is_a_blank():
    assert clean_line("\u2800\u2800Amina\u2800Example\u2800") == "Amina Example"
    assert clean_text("\u2800" * 9) == ""


@pytest.mark.parametrize("code", [0x01, 0x1F, 0x7F, 0x9F, 0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFE, 0x10FFFF, 0xD800])
def test_what_is_no_character_is_taken_out(code):
    assert clean_text(f"a{chr(code)}b") == "ab"


@pytest.mark.parametrize(
    "words",
    [
        "مُحَمَّدٌ رَّسُولُ ٱللَّهِ",
        "Vie\u0323\u0302t Nam nho\u031b\u0301",
        "क्षत्रियों की स्थिति",
        "בְּרֵאשִׁ֖ית בָּרָ֣א",
        "འཛམ་གླིང་ རྒྱུད་ ཧྐྵྨླྺྼྻྂ",
        "ที่นี่ น้ำ",
        "မြန်မာ ကြွေး",
        "ខ្ញុំ ស្ត្រី",
        "葛\U000e0100城",
        "👩🏽\u200d🚀 ❤️ 1️⃣",
    ],
)
def test_the_marks_a_language_needs_stay(words):
    assert clean_text(words) == words


@pytest.mark.parametrize("between", ["", "\u200d", "\u200e"])
def test_marks_are_not_piled_up_without_end(between):
    piled = clean_text("a" + ("\u0300" * 20 + between) * 1_500 + "b")
    assert piled.count("\u0300") == MARKS_ON_A_LETTER
    assert clean_text(piled) == piled


def test_a_name_is_one_line_that_reads_as_it_is_written():
    assert clean_line(" Ami\x01na\n\u202eExample ") == "Amina Example"
