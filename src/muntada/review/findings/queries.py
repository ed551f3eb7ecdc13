"""The findings of a forum."""

from django.db.models import QuerySet

from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere
from muntada.review.findings.models import Finding


def findings_of(forum: Forum) -> QuerySet[Finding]:
    return Finding.objects.filter(forum=forum).select_related("symbol__forum", "line", "author")


def finding_at(forum: Forum, number: int) -> Finding:
    finding = findings_of(forum).filter(symbol__number=number).first()
    if finding is None:
        raise NotThere("", "finding")
    return finding
