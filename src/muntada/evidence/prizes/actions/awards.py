"""Close each phase of a showcase: settle ties; announce nominees, champions and winners."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.prizes import task_types
from muntada.evidence.prizes.actions.rounds import held, hold_votes, log
from muntada.evidence.prizes.models import Showcase, ShowcaseCategory, ShowcaseEntry, TieSettled
from muntada.evidence.prizes.queries.results import CategoryResult, standings_of, voters_of
from muntada.evidence.prizes.queries.rounds import periods_of, step_here
from muntada.evidence.prizes.rules.cut_lines import require_settled
from muntada.evidence.prizes.rules.rounds import Award, Phase, PrizeStep, require_reason, require_step
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused
from muntada.record.rules import Actor

# The phase before each announcement.
AFTER = {Award.NOMINEE: PrizeStep.JUDGED, Award.CHAMPION: PrizeStep.VOTED, Award.WINNER: PrizeStep.CHOSEN}


def settle_tie(
    *,
    category: ShowcaseCategory,
    award: Award,
    chosen: Collection[int],
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Settle a tie with a reason, shown with the result; changeable until the announcement."""
    require_role(actor, SECRETARIAT, category.showcase.forum_id)
    because = clean_text(reason)
    require_reason(because)
    with transaction.atomic():
        kept = held(category.showcase)
        hold_votes(kept)
        require_step(step_here(kept, now), AFTER[award])
        drawn = next(one.drawn for one in standings_of(kept, award) if one.category.pk == category.pk)
        require_settled(drawn, chosen, may_take_all=award is not Award.WINNER)
        TieSettled.objects.update_or_create(
            category=category,
            award=award.value,
            defaults={
                "tied": list(drawn.tied),
                "places": drawn.places,
                "chosen": sorted(set(chosen)),
                "reason": because,
                "decided_at": now,
            },
        )
        change: dict[str, object] = {"category": category.line.code, "award": award.value}
        log(
            kept,
            actor=actor,
            verb="settle_tie",
            change=change | {"chosen": sorted(set(chosen)), "reason": because},
            now=now,
        )


def announce(*, showcase: Showcase, award: Award, actor: Actor, now: datetime) -> int:
    """Announce nominees, champions or winners, in this order; return their number."""
    require_role(actor, SECRETARIAT, showcase.forum_id)
    with transaction.atomic():
        kept = held(showcase)
        hold_votes(kept)
        require_step(step_here(kept, now), AFTER[award])
        standings = standings_of(kept, award)
        _require_ready(kept, award, standings, now)
        if award is Award.NOMINEE:
            count = _announce_nominees(kept, standings, now)
        elif award is Award.CHAMPION:
            count = _announce_champions(kept, standings, now)
        else:
            count = _announce_winners(kept, standings, now)
        log(kept, actor=actor, verb=f"announce_{award.value}s", change=_told(standings), now=now)
    return count


def _require_ready(kept: Showcase, award: Award, standings: list[CategoryResult], now: datetime) -> None:
    open_ties = [one.category for one in standings if not one.is_clear]
    if open_ties:
        sentence = gettext("There is a tie in “%(category)s”. Please settle it first, with the reason.")
        raise Refused(sentence % {"category": open_ties[0].title_here}, "tie")
    if not any(one.taken for one in standings):
        sentence = gettext(
            "Nobody would be announced. Please move the end of the phase before, with the reason."
        )
        raise Refused(sentence, "nobody")
    following = {Award.NOMINEE: Phase.VOTE, Award.CHAMPION: Phase.CHOICE}.get(award)
    period = periods_of(kept).get(following) if following else None
    if period is not None and period.closes_at <= now:
        sentence = gettext("The next phase would be over already. Please give it other dates first.")
        raise Refused(sentence, "next-phase-over")


def _announce_nominees(kept: Showcase, standings: list[CategoryResult], now: datetime) -> int:
    taken = _taken(standings)
    rows = [row for one in standings for row in one.rows]
    for row in rows:
        row.entry.score, row.entry.judgements_counted = row.shown, row.judgements
        row.entry.award = Award.NOMINEE.value if row.entry.pk in taken else ""
    ShowcaseEntry.objects.bulk_update([row.entry for row in rows], ["score", "judgements_counted", "award"])
    kept.nominees_at = now
    kept.save(update_fields=["nominees_at"])
    _tell(row.entry for row in rows if row.entry.pk in taken)
    return len(taken)


def _announce_champions(kept: Showcase, standings: list[CategoryResult], now: datetime) -> int:
    taken = _taken(standings)
    rows = [row for one in standings for row in one.rows]
    for row in rows:
        row.entry.votes = int(row.value)
        row.entry.award = (Award.CHAMPION if row.entry.pk in taken else Award.NOMINEE).value
    ShowcaseEntry.objects.bulk_update([row.entry for row in rows], ["votes", "award"])
    kept.champions_at, kept.voters = now, voters_of(kept)
    kept.save(update_fields=["champions_at", "voters"])
    _tell(row.entry for row in rows if row.entry.pk in taken)
    return len(taken)


def _announce_winners(kept: Showcase, standings: list[CategoryResult], now: datetime) -> int:
    taken = _taken(standings)
    rows = [row for one in standings for row in one.rows]
    for row in rows:
        row.entry.award = (Award.WINNER if row.entry.pk in taken else Award.CHAMPION).value
        row.entry.picks = row.picks
    ShowcaseEntry.objects.bulk_update([row.entry for row in rows], ["award", "picks"])
    kept.winners_at = now
    kept.save(update_fields=["winners_at"])
    _tell(row.entry for row in rows if row.entry.pk in taken)
    return len(taken)


def _taken(standings: Iterable[CategoryResult]) -> set[int]:
    return {one for standing in standings for one in standing.taken}


def _told(standings: Iterable[CategoryResult]) -> dict[str, object]:
    """Return the log entry of an announcement: each entry with its number, and the awarded ones."""
    return {
        one.category.line.code: {
            "values": {row.entry.initiative.symbol.short: str(row.value) for row in one.rows},
            "taken": sorted(one.taken),
        }
        for one in standings
        if one.rows
    }


def _tell(entries: Iterable[ShowcaseEntry]) -> None:
    for entry in entries:
        if entry.entered_by_id is not None:
            task_types.send_award.order(entry_id=entry.pk, award=entry.award)
