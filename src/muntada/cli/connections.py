"""How many connections to PostgreSQL the processes may want at once."""

# All requests answered at once by the web processes of one `serve`, and the fewest of one of them.
THREADS, FEWEST_THREADS = 32, 8
WORKER_THREADS = 4
# Beside its threads a process has some connections to spare (settings), and listens on one.
SPARE, LISTENING = 4, 1
# Each queue of the worker has a small pool of its own and listens for jobs.
WORKER_QUEUES = 15
# A command beside the server, and the backup.
BESIDE = 3


def threads_of_each(web: int) -> int:
    """Return how many requests each of so many web processes answers at once."""
    return max(FEWEST_THREADS, THREADS // web)


def connections_wanted(web: int, threads: int, *, worker: bool) -> int:
    of_web = web * (threads + SPARE + LISTENING)
    of_worker = WORKER_THREADS + SPARE + WORKER_QUEUES if worker else 0
    return of_web + of_worker + BESIDE
