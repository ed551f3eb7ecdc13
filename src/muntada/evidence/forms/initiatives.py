from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.evidence.actions.initiatives import NewInitiative
from muntada.evidence.forms.figures import AddressesField, FigureField
from muntada.evidence.rules.initiatives import (
    ACTIVITY_NAMES,
    PROGRESS_NAMES,
    SCOPE_NAMES,
    Activity,
    Progress,
    Scope,
)
from muntada.forums.models import Goal, Line
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.forms import CountryField, country_names
from muntada.people.rules import KIND_NAMES, OrganisationKind

CITING = _("You can cite by symbol in square brackets, for example [D/1].")


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class InitiativeForm(EditForm):
    """What is asked about an initiative: who, what, for which lines, with what result."""

    title = forms.CharField(label=_("Title"), max_length=200)
    language = forms.ChoiceField(label=_("Language you write in"), choices=CONTENT_LANGUAGES)
    description = forms.CharField(
        label=_("What is done, for whom?"), max_length=6000, widget=_words(6), help_text=CITING
    )
    beneficiaries = forms.CharField(
        label=_("Who benefits, and how many?"), max_length=2000, required=False, widget=_words(2)
    )
    organisation = forms.CharField(label=_("Organization that leads it"), max_length=200)
    organisation_kind = forms.ChoiceField(label=_("Kind of organization"), choices=list(KIND_NAMES.items()))
    organisation_country = CountryField(label=_("Country of its seat"))
    country = CountryField(
        label=_("Country in which it is done"), help_text=_("Leave empty where it is in several countries.")
    )
    also_in = forms.MultipleChoiceField(
        label=_("Other countries in which it is done"), required=False, widget=forms.CheckboxSelectMultiple
    )
    scope = forms.ChoiceField(label=_("How far does it reach?"), choices=list(SCOPE_NAMES.items()))
    activity = forms.ChoiceField(label=_("Kind of activity"), choices=list(ACTIVITY_NAMES.items()))
    status = forms.ChoiceField(label=_("Status"), choices=list(PROGRESS_NAMES.items()))
    starts_year = forms.IntegerField(label=_("First year"), min_value=1950, max_value=2100, required=False)
    ends_year = forms.IntegerField(label=_("Last year"), min_value=1950, max_value=2100, required=False)
    lines = forms.MultipleChoiceField(
        label=_("Action lines"), required=False, widget=forms.CheckboxSelectMultiple
    )
    goals = forms.MultipleChoiceField(label=_("Goals"), required=False, widget=forms.CheckboxSelectMultiple)
    results = forms.CharField(label=_("Results"), max_length=4000, required=False, widget=_words(4))
    challenges = forms.CharField(label=_("Challenges"), max_length=4000, required=False, widget=_words(4))
    figures = FigureField(
        label=_("Results as numbers"),
        help_text=_("What was reached, counted: for example “Schools connected”, 120, “schools”, 2024."),
    )
    replicability = forms.CharField(
        label=_("What would others need to do the same?"), max_length=4000, required=False, widget=_words(3)
    )
    partners = forms.CharField(
        label=_("Partners"),
        max_length=2000,
        required=False,
        widget=_words(3),
        help_text=_("One organization a line, by its full name: so it is seen who works with whom."),
    )
    website = forms.URLField(label=_("Website"), max_length=400, required=False, assume_scheme="https")
    addresses = AddressesField(
        label=_("Pictures and films"), help_text=_("Their addresses on the web, one a line, at most five.")
    )

    def __init__(self, *args: object, lines: Sequence[Line], goals: Sequence[Goal], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._lines = {line.code: line for line in lines}
        self._goals = {goal.code: goal for goal in goals}
        for name in ("organisation_country", "country"):
            self.fields[name].prepare()  # type: ignore[attr-defined]
        self.fields["also_in"].choices = country_names()  # type: ignore[attr-defined]
        self.fields["lines"].choices = [(line.code, str(line)) for line in lines]  # type: ignore[attr-defined]
        self.fields["goals"].choices = [(goal.code, str(goal)) for goal in goals]  # type: ignore[attr-defined]

    def initiative(self) -> NewInitiative:
        """Return what was typed, as the action takes it."""
        typed = self.cleaned_data
        return NewInitiative(
            title=typed["title"],
            language=typed["language"],
            description=typed["description"],
            organisation=typed["organisation"],
            organisation_kind=OrganisationKind(typed["organisation_kind"]),
            activity=Activity(typed["activity"]),
            scope=Scope(typed["scope"]),
            status=Progress(typed["status"]),
            organisation_country=typed["organisation_country"],
            country=typed["country"],
            lines=tuple(self._lines[code] for code in typed["lines"]),
            goals=tuple(self._goals[code] for code in typed["goals"]),
            also_in=tuple(typed["also_in"]),
            beneficiaries=typed["beneficiaries"],
            results=typed["results"],
            figures=typed["figures"],
            replicability=typed["replicability"],
            media=typed["addresses"],
            challenges=typed["challenges"],
            partners=typed["partners"],
            starts_year=typed["starts_year"],
            ends_year=typed["ends_year"],
            website=typed["website"],
        )


class SendBackForm(CleanForm):
    """What is missing before an entry can be published."""

    reason = forms.CharField(
        label=_("What is missing?"),
        max_length=2000,
        widget=_words(3),
        help_text=_("The author gets your words by letter and can mend the entry."),
    )
