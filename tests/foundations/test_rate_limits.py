import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from muntada.foundations.models import RateCount
from muntada.foundations.rate_limits import RateLimit, count_attempt
from muntada.foundations.worker import forget_rate_counts

FIVE = RateLimit("tests", 5, timedelta(minutes=10))
NOW = datetime(2025, 7, 8, 10, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_so_many_attempts_are_within_the_limit_and_one_more_after_each_part_of_the_period():
    assert [count_attempt(FIVE, "me", now=NOW) for _ in range(7)] == [True] * 5 + [False] * 2
    assert not count_attempt(FIVE, "me", now=NOW + timedelta(seconds=119))
    assert count_attempt(FIVE, "me", now=NOW + timedelta(seconds=120))
    assert not count_attempt(FIVE, "me", now=NOW + timedelta(seconds=121))


@pytest.mark.django_db
def test_after_a_whole_period_nothing_is_used_up():
    for _ in range(5):
        count_attempt(FIVE, "me", now=NOW)
    later = NOW + timedelta(minutes=10)
    assert [count_attempt(FIVE, "me", now=later) for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_everybody_and_each_limit_is_counted_apart():
    other = RateLimit("other tests", 1, timedelta(minutes=10))
    assert count_attempt(other, "me", now=NOW)
    assert not count_attempt(other, "me", now=NOW)
    assert count_attempt(other, "you", now=NOW)
    assert count_attempt(FIVE, "me", now=NOW)


@pytest.mark.django_db
def test_the_table_names_nobody_and_what_is_past_is_forgotten():
    count_attempt(FIVE, "somebody@example.org", now=NOW)
    (row,) = RateCount.objects.all()
    assert "somebody" not in row.key
    forget_rate_counts(now=NOW + timedelta(seconds=60))
    assert RateCount.objects.count() == 1
    forget_rate_counts(now=NOW + timedelta(seconds=180))
    assert not RateCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_threads_at_once_never_get_more_than_the_limit():
    def attempt(_: int) -> bool:
        try:
            return count_attempt(FIVE, "me", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 5


ANOTHER_PROCESS = """
import django
django.setup()
from datetime import datetime, timedelta, UTC
from muntada.foundations.rate_limits import RateLimit, count_attempt
limit = RateLimit("tests", 5, timedelta(minutes=10))
now = datetime(2025, 7, 8, 10, 0, tzinfo=UTC)
print(sum(count_attempt(limit, "me", now=now) for _ in range(3)))
"""


@pytest.mark.django_db(transaction=True)
def test_processes_share_the_count_and_it_outlives_them(monkeypatch):
    database = settings.DATABASES["default"]
    url = f"postgresql://{database['USER']}@:{database['PORT']}/{database['NAME']}?host={database['HOST']}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("MUNTADA_SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "muntada.settings")
    counted = [
        subprocess.run(
            [sys.executable, "-c", ANOTHER_PROCESS], capture_output=True, text=True, check=True
        ).stdout.strip()
        for _ in range(2)
    ]
    assert counted == ["3", "2"]
    assert not count_attempt(FIVE, "me", now=NOW)
