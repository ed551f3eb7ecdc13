"""Every address against every role: who is not meant to come in is turned away first of all."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern

from house.test_addresses import ours
from kinds import kind
from muntada.people.rules import Role

pytestmark = pytest.mark.django_db

VALUES = {"forum": "wsis20", "token": "x", "rest": "x", "kind": "c", "slug": "open", "code": "x"}
GUARDED = [(address, one) for address, one in ours() if one.callback.permission != "anyone"]


def address_of(pattern: str) -> str:
    return "/" + re.sub(r"<(\w+):(\w+)>", lambda found: VALUES.get(found[2], "1"), pattern)


def knock(client: Client, address: str, methods: tuple[str, ...]):
    return client.get(address) if "GET" in methods else client.post(address)


def test_a_stranger_is_asked_to_sign_in(client, forum):
    answers = {pattern: knock(client, address_of(pattern), one.callback.methods) for pattern, one in GUARDED}
    assert len(answers) > 200
    asked = [
        pattern
        for pattern, answer in answers.items()
        if answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/?next=")
    ]
    assert asked == list(answers)


def chosen(config: pytest.Config) -> list[tuple[str, URLPattern]]:
    """Return all in a full run, in others one address of each permission: all are guarded by one wrapper."""
    if kind(config) == "full":
        return GUARDED
    return list(
        {(one.callback.permission, one.callback.methods): (path, one) for path, one in GUARDED}.values()
    )


@pytest.mark.parametrize("role", list(Role))
def test_a_role_comes_in_where_it_is_named_and_nowhere_else(client_as, forum, role, pytestconfig):
    client = client_as(role)
    wrong = []
    for pattern, one in chosen(pytestconfig):
        named = one.callback.permission.split(", ")
        if named == ["signed in"]:
            continue
        status = knock(client, address_of(pattern), one.callback.methods).status_code
        if (role.value in named) == (status == 403):
            wrong.append((pattern, role.value, status))
    assert wrong == []
