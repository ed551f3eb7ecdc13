"""Calls as the secretariat sees them before they are opened, and what the dry run looks at."""

from django.utils.translation import gettext

from muntada.consultation.models import Call, QuestionSet
from muntada.consultation.queries.calls import question_set_of
from muntada.consultation.rules.dry_run import Plan
from muntada.forums.models import Forum
from muntada.forums.queries import windows_of
from muntada.forums.rules import Stage
from muntada.foundations.errors import NotThere


def call_to_steer(forum: Forum, slug: str) -> Call:
    """Return a call whether it is opened or still prepared; for the secretariat alone."""
    call = Call.objects.select_related("forum").filter(forum=forum, slug=slug).first()
    if call is None:
        raise NotThere(gettext("There is no call at this address. Please choose one from the list."), "call")
    return call


def prepared_calls(forum: Forum) -> list[Call]:
    return list(Call.objects.select_related("forum").filter(forum=forum, opened_at=None))


def question_versions(call: Call) -> list[QuestionSet]:
    """Return everything the call asked, the last version first."""
    return list(QuestionSet.objects.filter(call=call).order_by("-version"))


def codes_ever(call: Call) -> set[str]:
    """Return the codes of all questions the call ever asked: answers are kept by them."""
    return {item["code"] for asked in QuestionSet.objects.filter(call=call) for item in asked.items}


def plan_of(call: Call, *, has_reply_templates: bool = True) -> Plan:
    """Return a call as the dry run looks at it. Templates for replies are only a hint on its page."""
    asked = question_set_of(call)
    return Plan(
        titles=call.titles,
        introductions=call.introductions,
        languages=call.forum.languages,
        items=asked.items if asked else (),
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        takes_contributions=call.takes_contributions,
        votes_open_to=call.votes_open_to,
        stage_windows=windows_of(call.forum)[Stage.CONSULTATION],
        has_reply_templates=has_reply_templates,
        zone=call.forum.timezone,
    )
