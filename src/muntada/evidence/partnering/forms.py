from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.evidence.initiatives.queries.cooperation import scheme_of_regions
from muntada.evidence.partnering.actions import NewPartnering
from muntada.evidence.partnering.models import Partnering
from muntada.evidence.partnering.queries import Party
from muntada.evidence.partnering.rules import SUPPORT_NAMES, PartnerSupport, SoughtOrOffered
from muntada.forums.models import Line
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.forms import country_names

SIDES = [
    (SoughtOrOffered.SOUGHT.value, _("We seek it")),
    (SoughtOrOffered.OFFERED.value, _("We offer it")),
]


class PartneringForm(EditForm):
    """A need or offer: organization, support, lines, places, end."""

    side = forms.ChoiceField(label=_("Do you seek or offer it?"), choices=SIDES, widget=forms.RadioSelect)
    party = forms.ChoiceField(label=_("In whose name?"))
    kinds = forms.MultipleChoiceField(
        label=_("Kind of support"), choices=list(SUPPORT_NAMES.items()), widget=forms.CheckboxSelectMultiple
    )
    title = forms.CharField(label=_("In a few words"), max_length=160)
    text = forms.CharField(
        label=_("What exactly, and what for?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads this. Please leave out addresses and numbers: letters come here."),
    )
    language = forms.ChoiceField(label=_("Language you write in"), choices=CONTENT_LANGUAGES)
    until = forms.DateField(
        label=_("Until when does it stand?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("This day included; a year at most."),
    )
    lines = forms.MultipleChoiceField(
        label=_("Action lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none where it is for all."),
    )
    regions = forms.MultipleChoiceField(
        label=_("Regions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none where it is for all."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Countries"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, lines: Sequence[Line], parties: Sequence[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines = {line.code: line for line in lines}
        self._parties = {party.key: party for party in parties}
        choices: dict[str, list[tuple[str, str]]] = {
            "lines": [(line.code, str(line)) for line in lines],
            "regions": [(one.code, one.title_here) for one in scheme_of_regions().own_groups],
            "countries": country_names(),
            "party": [(party.key, party.label) for party in parties],
        }
        for name in ("lines", "regions", "countries", "party"):
            self.fields[name].choices = choices[name]  # type: ignore[attr-defined]

    def partnering(self) -> NewPartnering:
        """Return the input for the action."""
        typed, party = self.cleaned_data, self._parties[self.cleaned_data["party"]]
        return NewPartnering(
            side=SoughtOrOffered(typed["side"]),
            kinds=tuple(PartnerSupport(kind) for kind in typed["kinds"]),
            title=typed["title"],
            text=typed["text"],
            language=typed["language"],
            organisation=party.organisation,
            initiative=party.initiative,
            until=typed["until"],
            lines=tuple(self._lines[code] for code in typed["lines"]),
            countries=tuple(typed["countries"]),
            regions=tuple(typed["regions"]),
        )


def as_typed(entry: Partnering) -> dict[str, object]:
    """Return the initial values of the form."""
    return {
        "side": entry.side,
        "party": f"i{entry.initiative_id}" if entry.initiative_id else f"o{entry.organisation_id}",
        "kinds": entry.kinds,
        "title": entry.title,
        "text": entry.text,
        "language": entry.language,
        "until": entry.until_date,
        "lines": [one.code for one in entry.lines.all()],
        "regions": entry.regions,
        "countries": entry.countries,
    }


class LetterForm(CleanForm):
    """An introduction to the author of an entry."""

    text = forms.CharField(
        label=_("Your letter"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Who you are, and what you have in mind. Your address is not told; your name is."),
    )
    language = forms.ChoiceField(label=_("Language you write in"), choices=CONTENT_LANGUAGES)


class IntroductionAnswerForm(CleanForm):
    """The answer to an introduction."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "It goes to whoever wrote to you. Write in it how you can be reached, if you wish to be."
        ),
    )
