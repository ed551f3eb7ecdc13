from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_asking(*, kind: str, pk: int, round_: int) -> None:
    """Write to somebody who is asked to take part."""
