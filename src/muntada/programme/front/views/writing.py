from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import READS_AND_WRITES, SIGNED_IN
from muntada.programme.merging import actions as request_changes
from muntada.programme.requests.views.writing import submitted_request


@forum_page(may=SIGNED_IN, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
def withdraw(request: HttpRequest, forum_request: ForumRequest, number: int) -> HttpResponse:
    """Withdraw a request after a confirmation."""
    kept = submitted_request(forum_request, number)
    if request.method != "POST":
        return render(request, "programme/front/withdraw.html", {"kept": kept})
    request_changes.withdraw_request(forum_request=forum_request, request=kept)
    messages.success(request, gettext("Your session request was withdrawn. Its number stays."))
    return redirect("programme:requests", forum_request.forum.slug)
