"""Copies of drafts."""

from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere
from muntada.programme.requests.models.request_versions import RequestCopy


def copy_at(forum_request: ForumRequest, pk: int) -> RequestCopy:
    """Return a copy of a request of this person."""
    rows = RequestCopy.objects.select_related("request__symbol__forum", "request__forum")
    found = rows.filter(
        pk=pk, request__author=forum_request.person, request__forum=forum_request.forum
    ).first()
    if found is None or forum_request.person is None:
        sentence = gettext("There is no such copy. It may have been taken over or thrown away already.")
        raise NotThere(sentence, "copy")
    return found
