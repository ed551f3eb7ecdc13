"""Write, publish and withdraw data stories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.indicators.models import Indicator
from muntada.evidence.stories import queries, rules
from muntada.evidence.stories.models import Story, StoryPart
from muntada.evidence.stories.rules import STORY_ROLES, FigureRef, StoryShape, StorySlice
from muntada.forums.models import Forum, Milestone
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.errors import Refused
from muntada.record import actions as record
from muntada.record.rules import Actor, SymbolKind


@dataclass(frozen=True)
class StoryWords:
    """Title and lead in one language."""

    title: str
    lead: str
    language: str


@dataclass(frozen=True)
class PartWords:
    """Title and text of a part in one language."""

    title: str
    text: str
    language: str


def begin_story(
    *, forum: Forum, words: StoryWords, milestones: Sequence[Milestone], actor: Actor, now: datetime
) -> Story:
    """Create a draft with a symbol, visible to the secretariat only."""
    require_role(actor, STORY_ROLES, forum.pk)
    with transaction.atomic():
        symbol = record.give_symbol(
            forum_id=forum.pk,
            kind=SymbolKind.STORY,
            title=clean_line(words.title),
            language=words.language,
            now=now,
            is_public=False,
        )
        story = Story.objects.create(
            symbol=symbol,
            forum=forum,
            titles={words.language: clean_line(words.title)},
            leads=_put({}, words.language, clean_text(words.lead)),
            begun_by_id=actor.person_id,
            begun_at=now,
            changed_at=now,
        )
        story.milestones.set(milestones)
        _log(story, "begin_story", {"title": words.title}, actor, now)
    return story


def say_story(
    *, story: Story, words: StoryWords, milestones: Sequence[Milestone], actor: Actor, now: datetime
) -> Story:
    """Change title and lead in one language, and the milestones in charts."""
    require_role(actor, STORY_ROLES, story.forum_id)
    with transaction.atomic():
        kept = _held(story)
        kept.titles = _put(kept.titles, words.language, clean_line(words.title))
        kept.leads = _put(kept.leads, words.language, clean_text(words.lead))
        kept.save(update_fields=["titles", "leads"])
        kept.milestones.set(milestones)
        _log(kept, "say_story", {"title": words.title, "lead": words.lead}, actor, now)
        _follow(kept, now)
    return kept


def put_part(
    *,
    story: Story,
    words: PartWords,
    shape: StoryShape,
    indicator: Indicator | None,
    chosen: StorySlice,
    actor: Actor,
    now: datetime,
    position: int | None = None,
) -> StoryPart:
    """Change a part in one language, or append one."""
    require_role(actor, STORY_ROLES, story.forum_id)
    rules.require_readable(words.text, "text")
    rules.require_drawable(shape, chosen, has_indicator=indicator is not None)
    _require_areas(chosen.areas)
    with transaction.atomic():
        kept = _held(story)
        part = _part_to_write(kept, position)
        part.titles = _put(part.titles, words.language, clean_line(words.title))
        part.texts = _put(part.texts, words.language, _pinned(kept, clean_text(words.text)))
        part.shape, part.indicator = shape, indicator if shape is not StoryShape.TEXT else None
        part.areas, part.breakdowns = list(chosen.areas), list(chosen.breakdowns)
        part.first_year, part.last_year = chosen.first_year, chosen.last_year
        part.save()
        change = {"part": part.position, "title": words.title, "text": words.text, "shape": shape.value}
        _log(kept, "put_story_part", change, actor, now)
        _follow(kept, now)
    return part


def move_part(*, story: Story, position: int, actor: Actor, now: datetime) -> None:
    """Swap a part with the preceding one; the first stays."""
    require_role(actor, STORY_ROLES, story.forum_id)
    with transaction.atomic():
        kept = _held(story)
        part = queries.part_at(kept, position)
        before = kept.parts.filter(position__lt=position).order_by("-position").first()
        if before is None:
            return
        part.position, before.position = before.position, part.position
        StoryPart.objects.bulk_update([part, before], ["position"])
        _log(kept, "move_story_part", {"from": before.position, "to": part.position}, actor, now)


def remove_part(*, story: Story, position: int, actor: Actor, now: datetime) -> None:
    """Delete a part; a published story keeps at least one."""
    require_role(actor, STORY_ROLES, story.forum_id)
    with transaction.atomic():
        kept = _held(story)
        part = queries.part_at(kept, position)
        if kept.is_public and kept.parts.count() == 1:
            sentence = gettext("A published story keeps at least one part. Please take it back first.")
            raise Refused(sentence, "story-empty")
        _log(kept, "remove_story_part", {"part": position, "titles": part.titles}, actor, now)
        part.delete()
        _follow(kept, now)


def publish_story(*, story: Story, actor: Actor, now: datetime) -> Story:
    """Publish a story; repeated calls change nothing."""
    require_role(actor, STORY_ROLES, story.forum_id)
    with transaction.atomic():
        kept = _held(story)
        if kept.is_public:
            return kept
        if not kept.parts.exists():
            sentence = gettext("There is nothing to read yet. Please write at least one part.")
            raise Refused(sentence, "story-empty")
        kept.published_at = now
        kept.save(update_fields=["published_at"])
        _log(kept, "publish_story", {}, actor, now)
        _follow(kept, now)
    return kept


def take_back_story(*, story: Story, actor: Actor, now: datetime) -> Story:
    """Make a story a draft again: number and texts stay, its page is private."""
    require_role(actor, STORY_ROLES, story.forum_id)
    with transaction.atomic():
        kept = _held(story)
        if not kept.is_public:
            return kept
        kept.published_at = None
        kept.save(update_fields=["published_at"])
        _log(kept, "take_back_story", {}, actor, now)
        _follow(kept, now)
    return kept


def _held(story: Story) -> Story:
    """Lock a story until the transaction ends."""
    return (
        Story.objects.select_for_update(of=("self",), no_key=True)
        .select_related("symbol__forum", "forum")
        .get(pk=story.pk)
    )


def _part_to_write(story: Story, position: int | None) -> StoryPart:
    if position is not None:
        return queries.part_at(story, position)
    last = story.parts.order_by("-position").first()
    place = last.position + 1 if last else 0
    if place >= rules.MOST_PARTS:
        sentence = gettext("A story has at most %(most)d parts. Please begin another one.")
        raise Refused(sentence % {"most": rules.MOST_PARTS}, "story-full")
    return StoryPart(story=story, position=place, titles={}, texts={})


def _put(texts: dict[str, str], language: str, text: str) -> dict[str, str]:
    """Return the texts with one language changed; an empty text removes it."""
    others = {code: said for code, said in texts.items() if code != language}
    return others | ({language: text} if text else {})


def _require_areas(areas: Sequence[str]) -> None:
    known = set(Area.objects.filter(code__in=areas).values_list("code", flat=True))
    for code in areas:
        if code not in known:
            sentence = gettext("%(code)s is no code of an area. The page of areas and groups lists them all.")
            raise Refused(sentence % {"code": code}, "story-area", "areas")


def _pinned(story: Story, text: str) -> str:
    """Add the edition to each figure, or refuse an unpublished one."""
    named = rules.figures_in(text)
    indicators = queries.indicators_named(story.forum_id, named)
    pairs = [(indicators[one.indicator].pk, one) for one in named if one.indicator in indicators]
    numbers = queries.numbers_for([], pairs)

    def pinned(reference: FigureRef) -> str:
        indicator = indicators.get(reference.indicator)
        found = queries.figure_of(numbers, indicator, reference) if indicator else None
        if found is None:
            sentence = gettext(
                "There is no number for %(figure)s. Please check indicator, area, year, part of the people "
                "and edition."
            )
            raise Refused(sentence % {"figure": reference}, "figure-unknown", "text")
        label = found.vintage.label
        where = (reference.indicator, reference.area, reference.year, reference.breakdown)
        return str(FigureRef(*where, edition=label))

    return rules.with_figures(text, pinned)


def _follow(story: Story, now: datetime) -> None:
    """Update symbol, trace and search."""
    story.changed_at = now
    story.save(update_fields=["changed_at"])
    parts = list(story.parts.select_related("indicator__symbol"))
    language = story.symbol.language
    title = story.titles.get(language) or story.title_here
    own = [part.texts.get(language, "") for part in parts]
    words = rules.with_figures("\n\n".join([story.leads.get(language, ""), *own]), lambda _: "")
    record.retitle(story.symbol, title=title, language=language, is_public=story.is_public, text=words)
    shown = {part.indicator.symbol.short for part in parts if part.indicator}
    named = {f"D/{one.indicator}" for one in queries.all_figures_in(parts)}
    grounds = " ".join(f"[{symbol}]" for symbol in sorted(shown | named))
    said = [text for texts in (story.leads, *(part.texts for part in parts)) for text in texts.values()]
    record.store_citations(source=story.symbol, text="\n\n".join([*said, grounds]), now=now)


def _log(story: Story, verb: str, change: dict[str, object], actor: Actor, now: datetime) -> None:
    record.write(forum_id=story.forum_id, actor=actor, verb=verb, change=change, now=now, symbol=story.symbol)
