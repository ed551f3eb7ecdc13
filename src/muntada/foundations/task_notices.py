"""Notify workers of new tasks, after the commit of the transaction that ordered them.

Procrastinate's trigger notifies inside the transaction, and PostgreSQL commits only one transaction
with a `NOTIFY` at a time. If a notice is lost, the task waits for the next poll of a worker.
"""

import json
from collections.abc import Sequence
from functools import partial

from django.db import connection, transaction

from muntada.foundations.announcer import Announcer

# The channel of procrastinate workers.
CHANNEL = "procrastinate_queue_v1#"
NOTICE = json.dumps({"type": "job_inserted"})


def _send(queues: Sequence[str]) -> None:
    """Notify the workers of these queues, in a separate transaction on a connection of this thread."""
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
    """Have a worker of this queue fetch tasks right after the commit."""
    transaction.on_commit(partial(notices.add, queue), robust=True)
