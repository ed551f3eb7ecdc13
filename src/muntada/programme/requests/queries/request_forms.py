"""Which forms a forum asks for sessions with: prepared, published, and those that were answered before."""

from dataclasses import dataclass

from muntada.forums.models import Forum
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.request_forms import FormTerms
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, SessionKind


@dataclass(frozen=True)
class KindOfForm:
    """A kind of session with its published form, the one prepared, and how many requests answered each."""

    kind: str
    name: str
    published: FormVersion | None
    prepared: FormVersion | None
    versions: tuple[tuple[FormVersion, int], ...]


def published_forms(forum: Forum) -> dict[str, FormVersion]:
    """Return the form asked now for each kind that has one; where there is none at all, any kind is taken."""
    rows = FormVersion.objects.filter(forum=forum, published_at__isnull=False).order_by("version")
    found = {one.kind: one for one in rows}
    return {kind.value: found[kind] for kind in SessionKind if kind in found}


def form_asked(forum_id: int, kind: str) -> FormVersion | None:
    """Return the form that is asked now for sessions of a kind."""
    rows = FormVersion.objects.filter(forum=forum_id, kind=kind, published_at__isnull=False)
    return rows.order_by("-version").first()


def terms_of(request: SessionRequest) -> FormTerms:
    """Return what a request has to answer: the form it was submitted under, a draft the one asked now."""
    form = request.form
    if request.state == RequestState.DRAFT:
        form = form_asked(request.forum_id, request.kind)
    return form.terms if form else FormTerms()


def form_prepared(forum: Forum, kind: str) -> FormVersion | None:
    return FormVersion.objects.filter(forum=forum, kind=kind, published_at=None).first()


def codes_ever(forum: Forum, kind: str) -> set[str]:
    """Return every code under which a question was ever asked for a kind: answers are kept by it for good."""
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
    """What a request says to one question of its form."""

    labels: dict[str, str]
    text: str


def said_to_form(request: SessionRequest) -> list[SaidTo]:
    """Return what a request says to the questions of the form it answered, the empty ones left out."""
    items = request.form.items if request.form else []
    return [
        SaidTo(item["labels"], request.said[item["code"]]) for item in items if request.said.get(item["code"])
    ]
