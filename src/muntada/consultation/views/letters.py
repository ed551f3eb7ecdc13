"""Ending the letters about what came of one's words, from a letter, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from muntada.consultation.actions.notices import address_in, stop_letters
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.pages import ANYONE


@csrf_exempt
@forum_page(may=ANYONE, stage=Stage.CONSULTATION, methods=("GET", "HEAD", "POST"))
def letters(request: HttpRequest, here: Here, token: str) -> HttpResponse:
    """Ask once, so that no mail program ends the letters by looking ahead.

    A mail program that is told to end them posts here by itself (RFC 8058), without the page and its token
    against forgery; the signed address of the letter stands for it.
    """
    email = address_in(token)
    if request.method == "POST":
        stop_letters(token=token, now=here.now)
    context = {"email": email, "stopped": request.method == "POST"}
    return render(request, "consultation/letters_stopped.html", context)
