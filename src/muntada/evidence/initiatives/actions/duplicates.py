"""Find likely duplicates, and decide whether two entries are the same."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.initiatives import rules, task_types
from muntada.evidence.initiatives.actions.initiatives import held, log
from muntada.evidence.initiatives.adapter.duplicates import FoundPair, pairs_in
from muntada.evidence.initiatives.models import DuplicateLook, Initiative, LikePair
from muntada.evidence.initiatives.queries.duplicates import forums_with_news
from muntada.evidence.initiatives.queries.initiatives import words_of
from muntada.evidence.initiatives.rules import DECIDING_ROLES, DuplicateVerdict
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.foundations.errors import Refused
from muntada.foundations.stored import as_stored
from muntada.record import actions as record
from muntada.record.rules import Actor, Relation

LOOKED_BACK = timedelta(days=2)


def order_look(*, forum: Forum, actor: Actor, now: datetime) -> None:
    """Order a search for duplicates in a forum; repeated orders have no further effect."""
    require_role(actor, DECIDING_ROLES, forum.pk)
    _order(forum, now)


def order_looks(*, now: datetime) -> None:
    """Order a search in every forum with recent changes."""
    for forum in forums_with_news(now - LOOKED_BACK):
        _order(forum, now)


def _order(forum: Forum, now: datetime) -> None:
    with transaction.atomic():
        DuplicateLook.objects.update_or_create(forum=forum, defaults={"ordered_at": now, "ended_at": None})
        task_types.look_for_duplicates.order(forum_id=forum.pk)


def look_for_duplicates(*, forum: Forum, now: datetime) -> int:
    """Store the current likely duplicates, keeping earlier decisions; return their number."""
    entries, found = pairs_in(forum)
    with transaction.atomic():
        DuplicateLook.objects.select_for_update(of=("self",), no_key=True).filter(forum=forum).first()
        known = {
            (one.first_id, one.second_id): one
            for one in LikePair.objects.filter(first__symbol__forum=forum).select_for_update(
                of=("self",), no_key=True
            )
        }
        gone = {pair for pair, one in known.items() if one.verdict == DuplicateVerdict.OPEN}
        gone -= {(one.first, one.second) for one in found}
        LikePair.objects.filter(pk__in=[known[pair].pk for pair in gone]).delete()
        LikePair.objects.bulk_create(_pair(one, now) for one in found if (one.first, one.second) not in known)
        LikePair.objects.bulk_update(_changed(known, found), ["likeness", "reasons"])
        DuplicateLook.objects.update_or_create(
            forum=forum,
            defaults={"ended_at": now, "entries": entries},
            create_defaults={"ordered_at": now, "ended_at": now, "entries": entries},
        )
    return len(found)


def _pair(one: FoundPair, now: datetime) -> LikePair:
    return LikePair(
        first_id=one.first,
        second_id=one.second,
        likeness=one.likeness,
        reasons=[as_stored(reason) for reason in one.reasons],
        found_at=now,
    )


def _changed(known: dict[tuple[int, int], LikePair], found: list[FoundPair]) -> list[LikePair]:
    changed = []
    for one in found:
        kept = known.get((one.first, one.second))
        reasons = [as_stored(reason) for reason in one.reasons]
        if kept is not None and (kept.likeness, kept.reasons) != (one.likeness, reasons):
            kept.likeness, kept.reasons = one.likeness, reasons
            changed.append(kept)
    return changed


def decide_different(*, pair: LikePair, actor: Actor, now: datetime) -> None:
    """Decide that two entries are different; the pair is not offered again."""
    require_role(actor, DECIDING_ROLES, pair.first.symbol.forum_id)
    with transaction.atomic():
        kept = _held(pair)
        rules.require_open(DuplicateVerdict(kept.verdict))
        _decide(kept, DuplicateVerdict.DIFFERENT, None, actor, now)
        log(held(kept.first), actor=actor, verb="tell_initiatives_apart", change=_both(kept), now=now)


def decide_same(*, pair: LikePair, keep: int, actor: Actor, now: datetime) -> Initiative:
    """Keep one of two equal entries; the other is withdrawn and links to it."""
    require_role(actor, DECIDING_ROLES, pair.first.symbol.forum_id)
    with transaction.atomic():
        found = _held(pair)
        rules.require_open(DuplicateVerdict(found.verdict))
        if keep not in (found.first_id, found.second_id):
            raise Refused(gettext("Please choose which of the two entries is kept."), "keep-one", "keep")
        # Locked in key order, so that two decisions never deadlock.
        first, second = held(found.first), held(found.second)
        kept, gone = (first, second) if keep == first.pk else (second, first)
        for one in (kept, gone):
            if one.withdrawn_at:
                sentence = gettext("%(symbol)s was withdrawn meanwhile. Nothing was changed.")
                raise Refused(sentence % {"symbol": one.symbol}, "withdrawn")
        gone.withdrawn_at = now
        gone.save(update_fields=["withdrawn_at"])
        record.withdraw_symbol(gone.symbol, now=now)
        record.link(source=kept.symbol, target=gone.symbol, relation=Relation.MERGED_FROM, now=now)
        _decide(found, DuplicateVerdict.SAME, kept, actor, now)
        log(gone, actor=actor, verb="say_initiatives_are_one", change={"kept": str(kept.symbol)}, now=now)
        if gone.registered_by_id and gone.registered_by_id != actor.person_id:
            task_types.send_same.order(pair_id=found.pk)
    return kept


def undo_decision(*, pair: LikePair, actor: Actor, now: datetime) -> None:
    """Undo a decision: a withdrawn entry is restored."""
    require_role(actor, DECIDING_ROLES, pair.first.symbol.forum_id)
    with transaction.atomic():
        found = _held(pair)
        rules.require_decided(DuplicateVerdict(found.verdict))
        first, second = held(found.first), held(found.second)
        if found.verdict == DuplicateVerdict.SAME:
            kept, gone = (first, second) if found.kept_id == first.pk else (second, first)
            gone.withdrawn_at = None
            gone.save(update_fields=["withdrawn_at"])
            record.reinstate_symbol(gone.symbol)
            record.put_words(gone.symbol, words_of(gone))
            record.unlink(source=kept.symbol, target=gone.symbol, relation=Relation.MERGED_FROM)
        found.verdict, found.kept, found.decided_by, found.decided_at = (
            DuplicateVerdict.OPEN,
            None,
            None,
            None,
        )
        found.save(update_fields=["verdict", "kept", "decided_by", "decided_at"])
        log(first, actor=actor, verb="undo_decision_on_initiatives", change=_both(found), now=now)


def _decide(
    pair: LikePair, verdict: DuplicateVerdict, kept: Initiative | None, actor: Actor, now: datetime
) -> None:
    pair.verdict, pair.kept, pair.decided_by_id, pair.decided_at = verdict, kept, actor.person_id, now
    pair.save(update_fields=["verdict", "kept", "decided_by", "decided_at"])


def _both(pair: LikePair) -> dict[str, object]:
    return {"first": str(pair.first.symbol), "second": str(pair.second.symbol)}


def _held(pair: LikePair) -> LikePair:
    rows = LikePair.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("first__symbol__forum", "second__symbol__forum").filter(pk=pair.pk).first()
    if found is None:
        sentence = gettext("This pair is found no more: one of the entries was changed.")
        raise Refused(sentence, "pair-gone")
    return found
