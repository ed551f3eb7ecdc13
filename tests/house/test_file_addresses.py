"""Every address that gives a file says by what it is chosen, and refuses anything else."""

import re

import pytest

from house.test_addresses import ours
from house.test_roles import address_of

FILE = re.compile(r"\.[a-z<]")


def files() -> dict[str, tuple[str, object]]:
    return {
        address: (f"{one.callback.__module__.removeprefix('muntada.')}.{one.callback.__name__}", one.callback)
        for address, one in ours()
        if FILE.search(address)
    }


def test_each_file_says_by_what_it_is_chosen():
    without = {name for name, view in files().values() if not hasattr(view, "chosen_by")}
    assert without == set()


@pytest.mark.django_db
def test_an_unknown_parameter_is_answered_with_no_file(client, forum):
    for address, (_name, view) in files().items():
        if view.permission == "anyone":
            answer = client.get(address_of(address), {"no-such-choice": "1"})
            assert (address, answer.status_code) == (address, 404)
            assert answer.context["refusal"].code == "parameter"
