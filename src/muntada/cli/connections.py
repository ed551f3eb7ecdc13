"""The number of PostgreSQL connections the processes may need at once."""

# Concurrent requests of all web processes of one `serve`, and the minimum per process.
THREADS, FEWEST_THREADS = 32, 8
WORKER_THREADS = 4
# Connections of a process beside its threads: a reserve (settings), and one for listening.
SPARE, LISTENING = 4, 1
# Each queue of the worker has a small pool and a listening connection.
WORKER_QUEUES = 15
# A command beside the server, and the backup.
BESIDE = 3


def threads_of_each(web: int) -> int:
    """Return the number of concurrent requests of each of `web` processes."""
    return max(FEWEST_THREADS, THREADS // web)


def connections_wanted(web: int, threads: int, *, worker: bool) -> int:
    of_web = web * (threads + SPARE + LISTENING)
    of_worker = WORKER_THREADS + SPARE + WORKER_QUEUES if worker else 0
    return of_web + of_worker + BESIDE
