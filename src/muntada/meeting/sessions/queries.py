"""Sessions by number, and their topics."""

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.programme.sessions.models import Session


def session_at(forum: Forum, number: int) -> Session:
    session = (
        Session.objects.filter(forum=forum, symbol__number=number).select_related("symbol__forum").first()
    )
    if session is None:
        raise NotThere("", "session")
    return session


def topic_of(session: Session) -> str:
    """Return the topic of a session's page."""
    return f"{session.forum.slug}-session-{session.symbol.number}"
