"""Tells the workers that a queue has a new task, once the transaction that ordered it is committed.

The trigger of procrastinate did it inside that transaction, and PostgreSQL lets one transaction at a time
commit with a `NOTIFY` in it. A notice that is lost costs its task the seconds between two looks of a worker.
"""

import json
from collections.abc import Sequence
from functools import partial

from django.db import connection, transaction

from muntada.foundations.announcer import Announcer

# What a worker of procrastinate listens to, and what it wants to read there.
CHANNEL = "procrastinate_queue_v1#"
NOTICE = json.dumps({"type": "job_inserted"})


def _send(queues: Sequence[str]) -> None:
    """Tell the workers of these queues in a transaction of its own, on a connection of this thread."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_notify(%s || queue, %s) FROM unnest(%s::text[]) AS queue",
                [CHANNEL, NOTICE, list(queues)],
            )
    finally:
        connection.close()


notices = Announcer(_send)


def tell_workers(queue: str) -> None:
    """Have a worker of this queue look for tasks as soon as the transaction is committed."""
    transaction.on_commit(partial(notices.add, queue), robust=True)
