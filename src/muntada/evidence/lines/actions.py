"""Link indicators to action lines."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.indicators.models import Indicator
from muntada.evidence.lines.models import LineIndicator
from muntada.evidence.lines.rules import TYING_ROLES
from muntada.forums.models import Line
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import Refused
from muntada.record import actions as record
from muntada.record.rules import Actor


def tie_indicator(
    *, line: Line, indicator: Indicator, why: str, actor: Actor, now: datetime
) -> LineIndicator:
    """Link an indicator to a line, or change the reason of an existing link."""
    require_role(actor, TYING_ROLES, indicator.forum_id)
    if line.framework_id != indicator.forum.framework_id:
        sentence = gettext("This line belongs to another framework. Please choose one of this forum.")
        raise Refused(sentence, "line-elsewhere", "indicator")
    with transaction.atomic():
        tie, _ = LineIndicator.objects.update_or_create(
            line=line,
            indicator=indicator,
            defaults={"why": clean_line(why), "tied_by_id": actor.person_id, "tied_at": now},
        )
        _log(tie, "tie_indicator", {"line": line.code, "why": tie.why}, actor, now)
    return tie


def untie_indicator(*, line: Line, indicator: Indicator, actor: Actor, now: datetime) -> None:
    """Remove an indicator from a line; repeated calls change nothing."""
    require_role(actor, TYING_ROLES, indicator.forum_id)
    with transaction.atomic():
        tie = LineIndicator.objects.filter(line=line, indicator=indicator).first()
        if tie is None:
            return
        _log(tie, "untie_indicator", {"line": line.code}, actor, now)
        tie.delete()


def _log(tie: LineIndicator, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=tie.indicator.forum_id,
        actor=actor,
        verb=verb,
        change=change,
        now=now,
        symbol=tie.indicator.symbol,
    )
