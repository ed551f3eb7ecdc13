"""What replies add to the pages of other features."""

from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.statements.models import Statement
from muntada.forums.queries import ForumRequest
from muntada.foundations.pages import Entry, PagePanel

# A contribution in a list, with how it was answered.
CONTRIBUTION_ENTRY = Entry("consultation/replies/parts/contribution_entry.html", ("replies",))


def statement_panel(forum_request: ForumRequest, statement: Statement) -> PagePanel:
    """Show how a statement was answered, to whoever answers with the way to do so."""
    replies = list(statement.replies.select_related("leads_to__forum"))
    shown = {"statement": statement, "replies": replies, "may_answer": forum_request.has(*ANSWERING_ROLES)}
    return PagePanel("consultation/replies/parts/statement_replies.html", shown)
