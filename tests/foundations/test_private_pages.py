"""Whoever stands between a person and the platform stores no page that is theirs."""

import pytest

from muntada.people.rules import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/wsis20", "/wsis20/names", "/wsis20/programme", "/wsis20/no-such-page"])
def test_a_page_of_somebody_signed_in_is_for_their_browser_alone(forum, client_as, page):
    told = client_as(Role.SECRETARIAT).get(page).headers["Cache-Control"]
    assert {one.strip() for one in told.split(",")} == {"private", "no-cache"}


@pytest.mark.parametrize("page", ["/account/login/", "/account/me", "/account/link/no-such-link"])
def test_what_lets_somebody_in_is_stored_nowhere(forum, client_as, client, page):
    for browser in (client, client_as()):
        told = browser.get(page).headers["Cache-Control"]
        assert {"private", "no-store"} <= {one.strip() for one in told.split(",")}


def test_a_public_page_without_a_session_is_not_marked_private(forum, client):
    assert "private" not in client.get("/wsis20/programme").headers.get("Cache-Control", "")
