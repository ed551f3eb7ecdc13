"""Every address against every role: who is not meant to come in is turned away first of all."""

import re

import pytest
from django.test import Client

from house.test_addresses import ours
from muntada.people.rules import Role

pytestmark = pytest.mark.django_db

VALUES = {"forum": "wsis20", "token": "x", "rest": "x", "kind": "c", "slug": "open", "code": "x"}
GUARDED = [(address, one) for address, one in ours() if one.callback.permission != "anyone"]


def address_of(pattern: str) -> str:
    return "/" + re.sub(r"<(\w+):(\w+)>", lambda found: VALUES.get(found[2], "1"), pattern)


def knock(client: Client, address: str, methods: tuple[str, ...]):
    return client.get(address) if "GET" in methods else client.post(address)


@pytest.mark.parametrize(("pattern", "one"), GUARDED, ids=[address for address, _ in GUARDED])
def test_a_stranger_is_asked_to_sign_in(client, forum, pattern, one):
    answer = knock(client, address_of(pattern), one.callback.methods)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_comes_in_where_it_is_named_and_nowhere_else(client_as, forum, role):
    client = client_as(role)
    wrong = []
    for pattern, one in GUARDED:
        named = one.callback.permission.split(", ")
        if named == ["signed in"]:
            continue
        status = knock(client, address_of(pattern), one.callback.methods).status_code
        if (role.value in named) == (status == 403):
            wrong.append((pattern, role.value, status))
    assert wrong == []
