"""Whatever is sent to an address of the consultation, nothing breaks: no nonsense is a defect."""

import re
from itertools import chain

import pytest
from django.urls import reverse

from muntada.consultation import urls
from muntada.people.rules import Role

pytestmark = pytest.mark.django_db

NONSENSE = ("", "\x00", "9" * 5000, "-1", "٣", "NaN", "\u202e", ",;C/1,C/1,C/999999999999", "'\"><script>")
NAMES = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
QUERIES = {"page", "lang", "q", "kind", "line", "goal", "language", "country", "standing", "call", "step"}
QUERIES |= {"campaign", "template", "with", "day", "map", "scheme", "filter", "sort", "cursor", "meeting"}
DEFECT = 500


def addresses(**given: object) -> list[str]:
    """Fill in each address what is there, or else what is given."""
    filled = []
    # The addresses of the stage include those of its features.
    for pattern in chain.from_iterable(one.url_patterns for one in urls.urlpatterns):
        converters = pattern.pattern.converters
        words: dict[str, object] = {"slug": "open-call", "forum": "wsis20", "scheme": "stakeholder:wsis"}
        for name in converters:
            words.setdefault(name, 1 if type(converters[name]).__name__ == "IntConverter" else "x")
            if name in given:
                words[name] = given[name]
        filled.append(
            reverse(
                f"consultation:{pattern.name}",
                kwargs={"forum": "wsis20"} | {name: words[name] for name in converters},
            )
        )
    return filled


def filled_in(names: set[str], turn: int) -> dict[str, str]:
    """Put another nonsense into each field; the next turn moves them on."""
    return {name: NONSENSE[(place + turn) % len(NONSENSE)] for place, name in enumerate(sorted(names))}


@pytest.mark.parametrize("turn", [0, 4])
@pytest.mark.slow
def test_no_nonsense_in_a_query_or_a_form_is_a_defect(call, one_of_each, client_as, turn):
    browser = client_as(Role.SECRETARIAT, Role.MODERATOR)
    for address in addresses():
        answer = browser.get(address)
        names = set() if answer.streaming else set(NAMES.findall(answer.content.decode("utf-8", "replace")))
        typed = filled_in(names | QUERIES, turn)
        assert browser.get(address, typed).status_code < DEFECT, address
        assert browser.post(address, typed).status_code < DEFECT, address


@pytest.mark.parametrize("number", [2**63, "9" * 5000])
@pytest.mark.slow
def test_a_number_that_nothing_has_is_not_found(call, one_of_each, client_as, number):
    browser = client_as(Role.SECRETARIAT, Role.MODERATOR)
    for address in addresses(number=number, pk=number):
        assert browser.get(address).status_code < DEFECT, address
        assert browser.post(address, {}).status_code < DEFECT, address
