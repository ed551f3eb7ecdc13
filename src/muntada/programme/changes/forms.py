"""Forms to change accepted sessions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.programme.changes.actions import SessionFacts, facts_of
from muntada.programme.requests.rules.requests import DESCRIPTION_LENGTH
from muntada.programme.sessions.models import Session
from muntada.programme.sessions.rules import (
    LONGEST_MINUTES,
    NAME_LENGTH,
    PART_NAMES,
    SERVICE_NAMES,
    SESSION_KIND_NAMES,
    SHORTEST_MINUTES,
    TITLE_LENGTH,
    SessionRole,
)


class SessionForm(EditForm):
    """The facts and needs of a session."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    description = forms.CharField(
        label=_("Description"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    language = forms.ChoiceField(label=_("Language of the title"), choices=CONTENT_LANGUAGES)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(SESSION_KIND_NAMES.items()))
    minutes = forms.IntegerField(
        label=_("Length in minutes"),
        help_text=_("In drafts in which it no longer fits where it stands, it loses its place."),
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
    )
    needs = forms.MultipleChoiceField(
        label=_("What the session needs"),
        choices=list(SERVICE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_online_only = forms.BooleanField(label=_("The session is held online only"), required=False)

    def __init__(self, data: object = None, *, session: Session) -> None:
        facts = facts_of(session)
        self._unasked = set(facts.needs) - set(SERVICE_NAMES)
        super().__init__(data, initial=facts.__dict__)  # type: ignore[arg-type]

    def facts(self) -> SessionFacts:
        """Return the input; needs without a field, as of imported sessions, are kept."""
        said = self.cleaned_data
        return SessionFacts(
            title=said["title"],
            language=said["language"],
            description=said["description"],
            kind=said["kind"],
            minutes=said["minutes"],
            needs=tuple(sorted({*said["needs"], *self._unasked})),
            is_online_only=said["is_online_only"],
        )


class SessionPersonForm(CleanForm):
    """A person and their part."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    part = forms.ChoiceField(
        label=_("Part"),
        choices=[(part.value, name) for part, name in PART_NAMES.items()],
        initial=SessionRole.SPEAKER,
    )


class CancelSessionForm(CleanForm):
    reason = forms.CharField(
        label=_("Why the session is cancelled"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=2000,
        required=False,
    )
