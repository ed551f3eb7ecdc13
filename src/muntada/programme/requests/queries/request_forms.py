"""Request forms of a forum."""

from dataclasses import dataclass

from muntada.forums.models import Forum
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.request_forms import FormTerms
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, SessionKind


@dataclass(frozen=True)
class KindOfForm:
    """A kind of session with its published and prepared form, and numbers of requests."""

    kind: str
    name: str
    published: FormVersion | None
    prepared: FormVersion | None
    versions: tuple[tuple[FormVersion, int], ...]


def published_forms(forum: Forum) -> dict[str, FormVersion]:
    """Return the published form of each kind; without any, all kinds are accepted."""
    rows = FormVersion.objects.filter(forum=forum, published_at__isnull=False).order_by("version")
    found = {one.kind: one for one in rows}
    return {kind.value: found[kind] for kind in SessionKind if kind in found}


def form_asked(forum_id: int, kind: str) -> FormVersion | None:
    """Return the form that is asked now for sessions of a kind."""
    rows = FormVersion.objects.filter(forum=forum_id, kind=kind, published_at__isnull=False)
    return rows.order_by("-version").first()


def terms_of(request: SessionRequest) -> FormTerms:
    """Return the form a request must answer: of its submission, or the current one for a draft."""
    form = request.form
    if request.state == RequestState.DRAFT:
        form = form_asked(request.forum_id, request.kind)
    return form.terms if form else FormTerms()


def form_prepared(forum: Forum, kind: str) -> FormVersion | None:
    return FormVersion.objects.filter(forum=forum, kind=kind, published_at=None).first()


def codes_ever(forum: Forum, kind: str) -> set[str]:
    """Return all question codes ever used for a kind: answers are stored by code."""
    rows = FormVersion.objects.filter(forum=forum, kind=kind).values_list("items", flat=True)
    return {item["code"] for items in rows for item in items}


def forms_of(forum: Forum) -> list[KindOfForm]:
    """Return every kind of session with its forms."""
    rows = list(FormVersion.objects.filter(forum=forum))
    answered: dict[int | None, int] = {}
    for pk in SessionRequest.objects.filter(forum=forum, form__isnull=False).values_list("form", flat=True):
        answered[pk] = answered.get(pk, 0) + 1
    asked = published_forms(forum)
    return [
        KindOfForm(
            kind=kind.value,
            name=str(SESSION_KIND_NAMES[kind]),
            published=asked.get(kind),
            prepared=next((one for one in rows if one.kind == kind and one.published_at is None), None),
            versions=tuple(
                (one, answered.get(one.pk, 0))
                for one in rows
                if one.kind == kind and one.published_at is not None
            ),
        )
        for kind in SessionKind
    ]


@dataclass(frozen=True)
class SaidTo:
    """A request's answer to a question."""

    labels: dict[str, str]
    text: str


def said_to_form(request: SessionRequest) -> list[SaidTo]:
    """Return the non-empty answers to the form's own questions."""
    items = request.form.items if request.form else []
    return [
        SaidTo(item["labels"], request.said[item["code"]]) for item in items if request.said.get(item["code"])
    ]
