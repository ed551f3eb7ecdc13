"""A letter that brings two sides together: read by both, answered once by whoever got it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from muntada.evidence.actions import partnering as actions
from muntada.evidence.forms.partnering import AnswerForm
from muntada.evidence.queries import partnering as queries
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import Refused
from muntada.foundations.pages import SIGNED_IN, answer_form, put_refusal


@forum_page(may=SIGNED_IN, stage=Stage.EVIDENCE, methods=("GET", "HEAD", "POST"))
def introduction(request: HttpRequest, here: Here, pk: int) -> HttpResponse:
    """Show a letter to its two sides; whoever got it says yes or no."""
    letter = queries.letter_at(here, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_introduction(
                letter=letter,
                accepts=request.POST.get("wish") == "yes",
                text=form.cleaned_data["text"],
                here=here,
            )
        except Refused as refusal:
            put_refusal(form, refusal)
        else:
            messages.success(request, gettext("Your answer is on its way."))
            return redirect(letter)
    is_receiver = here.person is not None and letter.entry.entered_by_id == here.person.pk
    context = {"letter": letter, "form": form, "may_answer": is_receiver and letter.answered_at is None}
    return answer_form(request, "evidence/introduction.html", form, context)
