from django.utils import timezone

from muntada.programme.releases import actions, task_types


@task_types.send_release_letter.carried_out_by
def send_release_letter(*, letter_id: int) -> None:
    """Tell one person what a release changes for them."""
    actions.send_release_letter(letter_id=letter_id, now=timezone.now())
