"""A session is read as Django keeps it, and nobody brings a key of their own."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from muntada.people.web_sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    kept = db.SessionStore()
    kept["colour"] = "blue"
    kept.save()
    return str(kept.session_key)


def test_what_django_keeps_is_read(key):
    assert SessionStore(key)["colour"] == "blue"


def test_what_is_changed_is_kept_under_the_same_key(key):
    session = SessionStore(key)
    session["colour"] = "green"
    session.save()
    assert (session.session_key, db.SessionStore(key)["colour"]) == (key, "green")


def test_a_session_that_ran_out_is_gone(key):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert "colour" not in SessionStore(key)


@pytest.mark.parametrize("brought", ["a" * 32, "\x00" * 32, "' OR ''='" * 4])
def test_a_key_that_nothing_stands_for_is_not_taken_over(brought):
    session = SessionStore(brought)
    assert session.get("colour") is None
    session["colour"] = "red"
    session.save()
    assert session.session_key != brought


def test_one_question_reads_a_session(key, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert SessionStore(key)["colour"] == "blue"
