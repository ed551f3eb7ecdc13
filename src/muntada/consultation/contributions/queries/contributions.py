"""Contributions: lists, access, lookup by symbol."""

import re
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call, CallMeeting
from muntada.consultation.contributions.models import Attachment, Contribution, ContributionDraft
from muntada.consultation.contributions.rules.contributions import may_read, require_given_out
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere, Refused
from muntada.record.queries import symbols_by_reference
from muntada.record.rules import parse_symbol

# Spaces and commas of all scripts of the forum.
_BETWEEN_SYMBOLS = re.compile(r"[\s,;،؛、，；]+")


@dataclass(frozen=True)
class ContributionFacet:
    """A filter option and its count."""

    value: str
    label: str
    count: int


def contributions_of(call: Call) -> QuerySet[Contribution]:
    return shown(Contribution.objects.filter(call=call))


def latest_of(forum: Forum, limit: int) -> list[Contribution]:
    """Return the latest public contributions of a forum."""
    public = Contribution.objects.filter(call__forum=forum, withdrawn_at=None, consent_to_publish=True)
    return list(shown(public)[:limit])


def languages_in(call: Call) -> list[tuple[str, int]]:
    """Return the languages of public contributions with counts."""
    public = Contribution.objects.filter(call=call, withdrawn_at=None, consent_to_publish=True)
    rows = public.values("language")
    counted = rows.annotate(count=Count("pk")).order_by("-count", "language")
    return [(row["language"], row["count"]) for row in counted]


def contribution_at(forum_request: ForumRequest, number: int) -> Contribution:
    """Return a contribution with the data of its page."""
    found = (
        shown(Contribution.objects.filter(symbol__forum=forum_request.forum, symbol__number=number))
        .select_related("call__forum", "question_set", "meeting__call__forum")
        .prefetch_related("goals", "attachments", "versions__receipt")
        .first()
    )
    if found is None:
        raise NotThere(
            gettext("There is no contribution of this number. Please check it, or use the search."),
            "contribution",
        )
    return found


def may_read_contribution(forum_request: ForumRequest, contribution: Contribution) -> bool:
    return may_read(
        consent_to_publish=contribution.is_public,
        is_author=is_author(forum_request, contribution),
        roles=forum_request.roles,
    )


def is_author(forum_request: ForumRequest, contribution: Contribution) -> bool:
    return forum_request.person is not None and contribution.author_id == forum_request.person.pk


def attachment_at(forum_request: ForumRequest, pk: int) -> Attachment:
    """Return a file this person may read."""
    found = (
        Attachment.objects.select_related("contribution", "draft__call", "contribution__call")
        .filter(
            Q(contribution__call__forum=forum_request.forum) | Q(draft__call__forum=forum_request.forum),
            pk=pk,
        )
        .first()
    )
    if found is None or not _may_have(forum_request, found):
        sentence = gettext("There is no such file, or it was not published. Please ask its author.")
        raise NotThere(sentence, "file")
    if found.contribution is not None:
        is_own = is_author(forum_request, found.contribution)
        require_given_out(found.text_state, is_author=is_own, roles=forum_request.roles)
    return found


def _may_have(forum_request: ForumRequest, attachment: Attachment) -> bool:
    if attachment.draft is not None:
        return forum_request.person is not None and attachment.draft.author_id == forum_request.person.pk
    return attachment.contribution is not None and may_read_contribution(
        forum_request, attachment.contribution
    )


def contributions_named(forum: Forum, text: str) -> list[Contribution]:
    """Return contributions by symbols in a text like `C/1, C/5`; refuse unknown ones."""
    words = [word.strip("[]") for word in _BETWEEN_SYMBOLS.split(text)]
    references = {word: parse_symbol(word) for word in words if word}
    symbols = symbols_by_reference(forum.pk, [one for one in references.values() if one is not None])
    found = Contribution.objects.filter(symbol__in=symbols.values()).select_related("symbol__forum")
    by_symbol = {one.symbol_id: one for one in found}
    named = []
    for word, reference in references.items():
        symbol = symbols.get(reference) if reference else None
        if symbol is None or symbol.pk not in by_symbol:
            sentence = gettext("%(symbol)s is no contribution of this forum. Please check the symbol.")
            raise Refused(sentence % {"symbol": word}, "contribution-unknown", "contributions")
        named.append(by_symbol[symbol.pk])
    return named


def my_contributions(forum_request: ForumRequest, call: Call) -> list[Contribution]:
    if forum_request.person is None:
        return []
    return list(shown(Contribution.objects.filter(call=call, author=forum_request.person)))


def has_draft(forum_request: ForumRequest, call: Call) -> bool:
    return (
        forum_request.person is not None
        and ContributionDraft.objects.filter(call=call, author=forum_request.person).exists()
    )


def drafts_of(forum_request: ForumRequest) -> list[ContributionDraft]:
    """Return this person's drafts in the forum."""
    if forum_request.person is None:
        return []
    drafts = ContributionDraft.objects.filter(call__forum=forum_request.forum, author=forum_request.person)
    return list(drafts.select_related("call__forum", "contribution__symbol__forum").order_by("-saved_at"))


def shown(contributions: QuerySet[Contribution]) -> QuerySet[Contribution]:
    """Load the data shown in lists."""
    same = Contribution.objects.filter(
        campaign=OuterRef("campaign"), withdrawn_at=None, consent_to_publish=True
    ).order_by()
    counted = same.values("campaign").annotate(count=Count("pk")).values("count")
    rows = contributions.select_related("symbol__forum", "author", "organisation", "campaign__call__forum")
    return rows.annotate(campaign_size=Subquery(counted)).prefetch_related(
        "lines",
        "merge_made__first__author",
        "merge_made__first__organisation",
        "merge_made__first__symbol__forum",
        "merge_made__second__author",
        "merge_made__second__organisation",
        "merge_made__second__symbol__forum",
    )


def said_at(meeting: CallMeeting) -> list[Contribution]:
    """Return the public contributions entered from a meeting."""
    said = Contribution.objects.filter(meeting=meeting, withdrawn_at=None, consent_to_publish=True)
    return list(said.select_related("symbol__forum").order_by("symbol__number"))


def public_ones() -> Q:
    return Q(consent_to_publish=True, withdrawn_at=None)
