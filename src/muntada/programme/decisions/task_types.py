from muntada.foundations.tasks import LETTER_RETRY, task


@task(retry=LETTER_RETRY)
def send_place_letter(*, place_id: int, person_id: int) -> None:
    """Notify a member of the secretariat of a free place."""
