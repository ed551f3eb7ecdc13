"""Publishing a timetable, and the releases there have been."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import BY_SECRETARIAT, forum_page
from muntada.foundations.pages import ANYONE, READS_AND_WRITES, answer_form, refusals_shown_in
from muntada.people.rules import Role
from muntada.programme.releases import actions as releasing
from muntada.programme.releases.forms import ReleaseForm
from muntada.programme.releases.queries import affected_by, counts_of, release_to_come, releases_of
from muntada.programme.releases.rules import changes_in_words, counts_in_words
from muntada.programme.timetable.queries import last_release
from muntada.programme.timetable.views.timetables import timetable_at


@forum_page(may=BY_SECRETARIAT, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def publish(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Show what publishing would change and whom it would be told, and publish when it is confirmed."""
    kept = timetable_at(forum_request, number)
    form = ReleaseForm(request.POST or None, forum=forum_request.forum)
    if request.method == "POST" and form.is_valid():
        with refusals_shown_in(form):
            released = releasing.publish_release(
                timetable=kept,
                notes=form.notes(),
                is_told=form.cleaned_data["is_told"],
                actor=forum_request.actor(Role.SECRETARIAT),
                now=forum_request.now,
            )
            messages.success(request, _published(released.letters.count()))
            return redirect("programme:release", forum_request.forum.slug, released.number)
    difference = releasing.changes_to_come(release_to_come(kept, forum_request.now))
    context = {
        "timetable": kept,
        "form": form,
        "changes": changes_in_words(difference.changes, forum_request.forum.timezone),
        "counts": counts_in_words(difference),
        "affected": affected_by(forum_request.forum, difference.changes).count,
        "before": last_release(forum_request.forum),
    }
    return answer_form(request, "programme/releases/publish.html", form, context)


def _published(letters: int) -> str:
    if not letters:
        return gettext("Published.")
    sentence = ngettext(
        "Published. %(count)s person is told by letter.",
        "Published. %(count)s people are told by letter.",
        letters,
    )
    return sentence % {"count": letters}


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def releases(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show every release and what it changed; the secretariat can go back to one as a new draft."""
    rows = releases_of(forum_request.forum)
    context = {
        "releases": [(one, counts_in_words(counts_of(one))) for one in rows],
        "may_work": forum_request.has(Role.SECRETARIAT),
    }
    return render(request, "programme/releases/releases.html", context)
