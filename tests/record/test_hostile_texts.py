"""A citation leads inside only, whatever somebody writes around it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muntada.record.rules import citations_in
from muntada.record.templatetags.record_text import to_html

OUTSIDE = "evil.example"
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
HOSTILE = [
    "[C/1](//evil.example)",
    "[C/1](https://evil.example)",
    "[C/1](<//evil.example> 'title')",
    "[C/1](\\\\evil.example)",
    "[C/1](/\\evil.example)",
    "[ C/1 ](//evil.example)",
    "[\\[C/1\\]](//evil.example)",
    "[[C/1]](//evil.example)",
    "[See [C/1] first](//evil.example)",
    "[**C/1**](//evil.example)",
    "[C/**1**](//evil.example)",
    "[`C/1`](//evil.example)",
    "[C&#47;1](//evil.example)",
    "[WSIS20/C/1](//evil.example)",
    "[С/1](//evil.example)",  # the letter is Cyrillic
    "[Ｃ／１](//evil.example)",
    "[C⁄1](//evil.example)",
    "[c/1](//evil.example)",
    "[C/\u20601](//evil.example)",
    "[C/\n1](//evil.example)",
    "[C/1]\n\n[C/1]: //evil.example",
    "[c/1]\n\n[C/1]: //evil.example",
    "[C/1][]\n\n[C/1]: //evil.example",
    "[C/1][x]\n\n[x]: //evil.example",
    "[С/1]\n\n[С/1]: //evil.example",
    "![C/1](//evil.example)",
    "[![C/1](x)](//evil.example)",
    '<a href="//evil.example" class="cite">C/1</a>',
    "[C/1]( //evil.example )",
    "[(C/1)](//evil.example)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_citation_never_leads_outside(text):
    html = to_html(text, "wsis20")
    assert [link for link in LINK.findall(html) if OUTSIDE in link[0].lower()] == []
    assert all(link[0].startswith("/wsis20/c/1") for link in LINK.findall(html))


@pytest.mark.parametrize(
    "text", ["[C/1]\n\n[C/1]: //evil.example", "[See [C/1] first](//evil.example)", "[[C/1]](//evil.example)"]
)
def test_what_is_cited_nevertheless_is_linked_and_counted(text):
    assert [str(one) for one in citations_in(text)] == ["C/1"]
    assert ("/wsis20/c/1", "C/1") in LINK.findall(to_html(text, "wsis20"))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("[our report](https://example.org/a)", "https://example.org/a"),
        ("[our report][1]\n\n[1]: https://example.org/a", "https://example.org/a"),
        ("[24/7 service](https://example.org/a)", "https://example.org/a"),
    ],
)
def test_other_links_lead_where_they_say(text, address):
    assert f'<a href="{address}"' in to_html(text, "wsis20")


@given(
    st.text("[]()C/1 *`\\!\n:<>", max_size=12),
    st.text("[]()C/1 *`\\!\n:<>", max_size=12),
)
def test_no_writing_around_it_makes_a_citation_lead_outside(before, after):
    html = to_html(f"{before}[C/1](//evil.example){after}", "wsis20")
    for href, words in LINK.findall(html):
        shown = re.sub(r"<[^>]*>", "", words).strip(" []()")
        assert not (OUTSIDE in href and shown == "C/1"), html
