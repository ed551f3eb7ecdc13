"""A setting that is wrong is named, with what it should be."""

import pytest

from muntada.foundations import environment
from muntada.foundations.faults import CannotRun


@pytest.mark.parametrize("given", ["abc", "-1", "1.5", "٣"])
def test_what_is_no_number_is_refused_by_the_name_of_its_setting(monkeypatch, given):
    monkeypatch.setenv("MUNTADA_THREADS", given)
    with pytest.raises(CannotRun, match="MUNTADA_THREADS"):
        environment.number("MUNTADA_THREADS", 32)


@pytest.mark.parametrize("given", ["", " ", None])
def test_what_is_not_given_is_as_it_usually_is(monkeypatch, given):
    monkeypatch.delenv("MUNTADA_THREADS", raising=False)
    if given is not None:
        monkeypatch.setenv("MUNTADA_THREADS", given)
    assert environment.number("MUNTADA_THREADS", 32) == 32
    assert environment.address("MUNTADA_THREADS", "http://localhost") == "http://localhost"


@pytest.mark.parametrize("given", ["forum.example.org", "ftp://forum.example.org", "https://"])
def test_an_address_without_its_scheme_or_host_is_refused(monkeypatch, given):
    monkeypatch.setenv("MUNTADA_ADDRESS", given)
    with pytest.raises(CannotRun, match="MUNTADA_ADDRESS"):
        environment.address("MUNTADA_ADDRESS", "http://localhost:8000")


def test_an_address_has_no_slash_at_its_end(monkeypatch):
    monkeypatch.setenv("MUNTADA_ADDRESS", "https://forum.example.org/")
    assert environment.address("MUNTADA_ADDRESS", "") == "https://forum.example.org"


def test_a_database_that_is_no_postgresql_is_refused_without_its_password(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://me:secret@localhost/forum")
    with pytest.raises(CannotRun, match="PostgreSQL") as refused:
        environment.database_address()
    assert "secret" not in str(refused.value).replace("user:password", "")
