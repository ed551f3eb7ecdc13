"""Save and publish returns."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from muntada.forums.models import Forum, Line
from muntada.forums.queries import require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.stored import as_stored
from muntada.record import actions as record
from muntada.record.rules import Actor, SymbolKind
from muntada.review.returns import rules
from muntada.review.returns.models import Return, ReturnVersion
from muntada.review.returns.rules import ReturnText, RoadMapStep
from muntada.review.sources import rules as sources


@dataclass(frozen=True)
class SavedReturn:
    """The draft, and whether the input was saved; another window may have saved since."""

    draft: Return
    is_kept: bool


def save_return(
    *,
    forum: Forum,
    line: Line,
    text: ReturnText,
    actor: Actor,
    now: datetime,
    revision: int | None = None,
    window: str = "",
) -> SavedReturn:
    """Save the return of a line, unless another window has saved since."""
    require_role(actor, sources.FACILITATING_ROLES, forum.pk)
    with transaction.atomic():
        Line.objects.select_for_update(no_key=True).get(pk=line.pk)
        draft = Return.objects.filter(forum=forum, line=line).first()
        if draft is None:
            draft = Return(forum=forum, line=line, revision=0)
        elif rules.has_gone_on(draft.revision, draft.window, revision, window):
            return SavedReturn(draft, is_kept=_says(draft) == _cleaned(text))
        _put(draft, _cleaned(text))
        draft.revision, draft.window = draft.revision + 1, window[: rules.WINDOW_LENGTH]
        draft.saved_by_id, draft.saved_at = actor.person_id, now
        draft.save()
    return SavedReturn(draft, is_kept=True)


def publish_return(*, draft: Return, actor: Actor, now: datetime) -> ReturnVersion:
    """Publish the draft as the next version; former versions stay readable."""
    require_role(actor, sources.FACILITATING_ROLES, draft.forum_id)
    require_open(draft.forum, Stage.REVIEW, now)
    with transaction.atomic():
        kept = (
            Return.objects.select_for_update(of=("self",), no_key=True)
            .select_related("symbol", "forum", "line")
            .get(pk=draft.pk)
        )
        text = _says(kept)
        cited = record.check_citations(forum_id=kept.forum_id, text=text.whole, itself=kept.symbol)
        rules.require_whole(text, len(cited))
        last = kept.versions.first()
        if last is not None and _says(last) == text:
            return last
        title = f"{kept.line.code} {kept.line.titles.get(text.language) or kept.line.title_here}"
        if kept.symbol is None:
            kept.symbol = record.give_symbol(
                forum_id=kept.forum_id, kind=SymbolKind.RETURN, title=title, language=text.language, now=now
            )
            kept.save(update_fields=["symbol"])
        else:
            record.retitle(kept.symbol, title=title, language=text.language)
        version = ReturnVersion(
            of=kept,
            number=last.number + 1 if last else 1,
            published_by_id=actor.person_id,
            published_at=now,
        )
        _put(version, text)
        version.save()
        record.cite(source=kept.symbol, text=text.whole, now=now)
        record.write(
            forum_id=kept.forum_id,
            actor=actor,
            verb="publish_return",
            change={"line": kept.line.code, "version": version.number, "text": text.whole},
            now=now,
            symbol=kept.symbol,
        )
    return version


def _put(kept: Return | ReturnVersion, text: ReturnText) -> None:
    kept.achievements, kept.challenges = text.achievements, text.challenges
    kept.recommendations, kept.language = text.recommendations, text.language
    kept.steps = [as_stored(step) for step in text.steps]


def _says(kept: Return | ReturnVersion) -> ReturnText:
    return ReturnText(
        achievements=kept.achievements,
        challenges=kept.challenges,
        recommendations=kept.recommendations,
        language=kept.language,
        steps=kept.road_map,
    )


def _cleaned(text: ReturnText) -> ReturnText:
    steps = (
        RoadMapStep(**{name: clean_line(said) for name, said in asdict(step).items()}) for step in text.steps
    )
    return ReturnText(
        achievements=clean_text(text.achievements),
        challenges=clean_text(text.challenges),
        recommendations=clean_text(text.recommendations),
        language=text.language,
        steps=tuple(step for step in steps if any(asdict(step).values())),
    )
