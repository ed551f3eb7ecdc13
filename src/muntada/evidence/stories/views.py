"""Data stories: public pages, and editing by the secretariat."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from muntada.evidence.stories import actions, pages, queries
from muntada.evidence.stories.exports import COLUMNS, number_rows
from muntada.evidence.stories.forms import PartForm, StoryForm
from muntada.evidence.stories.models import Story, StoryPart
from muntada.evidence.stories.rules import STORY_ROLES
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page, role
from muntada.foundations.downloads import download
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.foundations.sheets import CSV, as_csv
from muntada.record.queries import trace_panels

WRITES = role(*STORY_ROLES)


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def stories(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """List the stories; editors also see drafts."""
    may_write = forum_request.has(*STORY_ROLES)
    shown = queries.stories_of(forum_request.forum, with_drafts=may_write)
    return render(request, "evidence/stories/stories.html", {"stories": shown, "may_write": may_write})


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
def story(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show a story: text, charts, tables, and every figure with its edition."""
    may_write = forum_request.has(*STORY_ROLES)
    kept = queries.story_at(forum_request.forum, number, with_drafts=may_write)
    milestones = list(kept.milestones.all())
    context = {
        "story": kept,
        "told": pages.story_page_of(kept, milestones, get_language() or "en"),
        "milestones": milestones,
        "may_write": may_write,
    }
    return render(request, "evidence/stories/story.html", context | trace_panels(kept.symbol))


@forum_page(may=ANYONE, stage=Stage.EVIDENCE)
@chosen_by()
def numbers(_request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Serve all numbers of a story as CSV with editions."""
    kept = queries.story_at(forum_request.forum, number, with_drafts=forum_request.has(*STORY_ROLES))
    rows = number_rows(kept, pages.story_page_of(kept, [], get_language() or "en"))
    return download(as_csv(COLUMNS, rows), f"{kept.symbol}.csv", CSV)


@forum_page(may=WRITES, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def begin(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Create a draft."""
    language = _language(request)
    form = StoryForm(request.POST or None, forum=forum_request.forum, language=language)
    if request.method == "POST" and form.is_valid():
        begun = actions.begin_story(
            forum=forum_request.forum,
            words=form.words(),
            milestones=list(form.cleaned_data["milestones"]),
            actor=forum_request.actor(*STORY_ROLES),
            now=forum_request.now,
        )
        return redirect("evidence:write_story", forum_request.forum.slug, begun.symbol.number)
    return answer_form(
        request, "evidence/stories/story_form.html", form, _languages(language) | {"form": form}
    )


@forum_page(may=WRITES, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def write(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Edit title and lead, order the parts, publish."""
    kept = queries.story_at(forum_request.forum, number, with_drafts=True)
    language = _language(request)
    form = StoryForm(request.POST or None, forum=forum_request.forum, language=language, story=kept)
    if request.method == "POST" and form.is_valid():
        actions.say_story(
            story=kept,
            words=form.words(),
            milestones=list(form.cleaned_data["milestones"]),
            actor=forum_request.actor(*STORY_ROLES),
            now=forum_request.now,
        )
        messages.success(request, gettext("Saved."))
        return redirect(f"{request.path}?in={language}")
    parts = kept.parts.select_related("indicator__symbol__forum")
    context = {"story": kept, "form": form, "parts": parts} | _languages(language)
    return answer_form(request, "evidence/stories/story_form.html", form, context)


@forum_page(may=WRITES, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def add_part(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Append a part."""
    return _part_page(
        request, forum_request, queries.story_at(forum_request.forum, number, with_drafts=True), None
    )


@forum_page(may=WRITES, stage=Stage.EVIDENCE, methods=READS_AND_WRITES)
def part(request: HttpRequest, forum_request: ForumRequest, number: int, position: int) -> HttpResponse:
    """Edit a part."""
    kept = queries.story_at(forum_request.forum, number, with_drafts=True)
    return _part_page(request, forum_request, kept, queries.part_at(kept, position))


def _part_page(
    request: HttpRequest, forum_request: ForumRequest, kept: Story, part: StoryPart | None
) -> HttpResponse:
    language = _language(request)
    form = PartForm(request.POST or None, forum=forum_request.forum, language=language, part=part)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            actions.put_part(
                story=kept,
                words=form.words(),
                shape=form.chosen_shape(),
                indicator=form.cleaned_data["indicator"],
                chosen=form.slice(),
                actor=forum_request.actor(*STORY_ROLES),
                now=forum_request.now,
                position=part.position if part else None,
            )
            messages.success(request, gettext("Saved."))
            return redirect("evidence:write_story", forum_request.forum.slug, kept.symbol.number)
    areas = queries.areas_to_choose(part.indicator) if part and part.indicator else ()
    context = {"story": kept, "part": part, "form": form, "areas": areas} | _languages(language)
    return answer_form(request, "evidence/stories/story_part_form.html", form, context)


@forum_page(may=WRITES, stage=Stage.EVIDENCE, methods=("POST",))
def move_part(_request: HttpRequest, forum_request: ForumRequest, number: int, position: int) -> HttpResponse:
    kept = queries.story_at(forum_request.forum, number, with_drafts=True)
    actions.move_part(
        story=kept, position=position, actor=forum_request.actor(*STORY_ROLES), now=forum_request.now
    )
    return redirect("evidence:write_story", forum_request.forum.slug, number)


@forum_page(may=WRITES, stage=Stage.EVIDENCE, methods=("POST",))
def remove_part(
    request: HttpRequest, forum_request: ForumRequest, number: int, position: int
) -> HttpResponse:
    kept = queries.story_at(forum_request.forum, number, with_drafts=True)
    actions.remove_part(
        story=kept, position=position, actor=forum_request.actor(*STORY_ROLES), now=forum_request.now
    )
    messages.success(request, gettext("The part is taken out."))
    return redirect("evidence:write_story", forum_request.forum.slug, number)


@forum_page(may=WRITES, stage=Stage.EVIDENCE, methods=("POST",))
def publish(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.story_at(forum_request.forum, number, with_drafts=True)
    actions.publish_story(story=kept, actor=forum_request.actor(*STORY_ROLES), now=forum_request.now)
    messages.success(request, gettext("The story is published."))
    return redirect(kept)


@forum_page(may=WRITES, stage=Stage.EVIDENCE, methods=("POST",))
def take_back(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    kept = queries.story_at(forum_request.forum, number, with_drafts=True)
    actions.take_back_story(story=kept, actor=forum_request.actor(*STORY_ROLES), now=forum_request.now)
    messages.success(request, gettext("The story is a draft again; only the secretariat sees it."))
    return redirect("evidence:write_story", forum_request.forum.slug, number)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("in", "")
    return asked if asked in dict(CONTENT_LANGUAGES) else get_language() or "en"


def _languages(language: str) -> dict[str, object]:
    return {"written_in": language, "languages": CONTENT_LANGUAGES}
