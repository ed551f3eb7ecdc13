"""E-mails about extended calls."""

from muntada.consultation.calls import task_types
from muntada.consultation.calls.models import CallExtension
from muntada.consultation.front.queries import people_to_notify
from muntada.foundations.mail import send_letter


@task_types.announce_extension.carried_out_by
def announce_extension(*, extension_id: int) -> None:
    """Order e-mails to all authors, each retried by itself."""
    extension = CallExtension.objects.select_related("call__forum").get(pk=extension_id)
    for told in people_to_notify(extension.call):
        task_types.send_extension.order(extension_id=extension.pk, email=told.email, language=told.language)


@task_types.send_extension.carried_out_by
def send_extension(*, extension_id: int, email: str, language: str) -> None:
    """Notify a person of an extension and its reason."""
    extension = CallExtension.objects.select_related("call__forum").get(pk=extension_id)
    send_letter(
        to=email,
        language=language,
        template="consultation/front/letters/extension.txt",
        context={"extension": extension, "call": extension.call, "forum": extension.call.forum},
    )
