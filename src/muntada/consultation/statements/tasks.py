"""E-mails about refused statements."""

from muntada.consultation.statements import task_types
from muntada.consultation.statements.models import Statement
from muntada.consultation.statements.rules.statements import StatementState
from muntada.foundations.mail import send_letter


@task_types.send_statement_refusal.carried_out_by
def send_statement_refusal(*, statement_id: int) -> None:
    """Notify the author that their statement is not open, unless restored."""
    statement = Statement.objects.select_related("author", "call__forum", "symbol__forum").get(
        pk=statement_id
    )
    if statement.author is None or statement.state not in (StatementState.HIDDEN, StatementState.REFUSED):
        return
    send_letter(
        to=statement.author.email,
        language=statement.author.language,
        template="consultation/statements/letters/statement_refused.txt",
        context={"statement": statement, "call": statement.call, "forum": statement.call.forum},
    )
