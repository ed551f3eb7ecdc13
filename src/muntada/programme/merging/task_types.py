from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_merge_letter(*, merge_id: int, person_id: int, news: str) -> None:
    """Notify a person of a proposal or its outcome."""
