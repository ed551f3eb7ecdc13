"""Forms of the secretariat for a showcase: rules, dates, categories, experts, ties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.initiatives.rules import PROGRESS_NAMES, InitiativeProgress
from muntada.evidence.prizes.actions.rounds import PrizePlan
from muntada.evidence.prizes.models import Showcase, ShowcaseCategory, ShowcasePhase
from muntada.evidence.prizes.queries.results import CategoryResult
from muntada.evidence.prizes.queries.rounds import periods_of
from muntada.evidence.prizes.rules.rounds import (
    HIGHEST,
    JUDGED_BY_NAMES,
    LOWEST,
    MOST_CRITERIA,
    MOST_PLACES,
    PHASE_NAMES,
    REASON_LENGTH,
    VOTES_OPEN_TO_NAMES,
    WINNER_BY_NAMES,
    JudgedBy,
    Mark,
    Phase,
    PhasePeriod,
    PrizeTerms,
    PrizeVotesOpenTo,
    WinnerBy,
)
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.cleaning import clean_line, clean_text
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import city_name, direction, language_name
from muntada.people.rules import KIND_NAMES, OrganisationKind

TITLE_LENGTH = 160
ABOUT_LENGTH = 3_000
NAME_LENGTH = 80
RESERVED = frozenset({"new"})
MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, *, required: bool = True) -> forms.DateTimeField:
    """Return a field for date and time in the zone of the forum."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format=MOMENT)
    city = city_name(timezone.get_current_timezone_name())
    where = gettext("In the time of %(city)s.") % {"city": city}
    return forms.DateTimeField(
        label=label, required=required, help_text=where, widget=widget, input_formats=[MOMENT]
    )


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Why?"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Everybody reads the reason on the page of the showcase."),
    )


@dataclass(frozen=True)
class PrizeFieldsInLanguage:
    """The fields of one language."""

    language: str
    fields: Sequence[forms.BoundField]

    @property
    def is_open(self) -> bool:
        """Whether to show it open: the language of the page, and any with content or errors."""
        own = self.language == (get_language() or "en")
        return own or any(field.value() or field.errors for field in self.fields)


class PrizeTextsForm(EditForm):
    """A form with texts in each language of the forum."""

    texts: Sequence[str] = ()

    def __init__(self, data: Any, *, languages: Iterable[str], initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        here = get_language() or "en"
        self.languages = sorted(languages, key=lambda language: language != here)

    def ask(self, name: str, label: Any, *, limit: int, rows: int = 1, kept: Mapping[str, str]) -> None:
        for language in self.languages:
            attrs: dict[str, Any] = {"dir": direction(language), "lang": language}
            widget: forms.Widget = forms.TextInput(attrs=attrs)
            if rows > 1:
                widget = forms.Textarea(attrs=attrs | {"rows": rows})
            self.fields[f"{name}_{language}"] = forms.CharField(
                label=f"{label} ({language_name(language)})",
                required=False,
                max_length=limit,
                widget=widget,
                initial=kept.get(language, ""),
            )

    def by_language(self) -> list[PrizeFieldsInLanguage]:
        return [
            PrizeFieldsInLanguage(one, [self[f"{name}_{one}"] for name in self.texts])
            for one in self.languages
        ]

    def words(self, name: str, *, is_line: bool = True) -> dict[str, str]:
        """Return the texts, without empty languages."""
        clean = clean_line if is_line else clean_text
        said = {one: clean(self.cleaned_data[f"{name}_{one}"]) for one in self.languages}
        return {one: text for one, text in said.items() if text}


class ShowcaseForm(PrizeTextsForm):
    """The data of a showcase."""

    use_required_attribute = False
    texts = ("title", "about")
    PLAIN = (
        "is_one_per_organisation",
        "lets_winners_again",
        "judged_by",
        "lowest",
        "highest",
        "fewest_judgements",
        "nominees",
        "votes_open_to",
        "champions",
        "winner_by",
    )

    edition = forms.SlugField(
        label=_("Edition"),
        max_length=32,
        help_text=_("A year, or a short word; it becomes part of the address and of every badge."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of organizations that may enter"),
        help_text=_("None chosen means all."),
        required=False,
        choices=list(KIND_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    states = forms.MultipleChoiceField(
        label=_("Status an initiative must have"),
        help_text=_("None chosen means any."),
        required=False,
        choices=list(PROGRESS_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    is_one_per_organisation = forms.BooleanField(
        label=_("An organization enters one initiative in a category"), required=False, initial=True
    )
    lets_winners_again = forms.BooleanField(
        label=_("Winners of an earlier showcase may be entered again"), required=False
    )
    judged_by = forms.ChoiceField(
        label=_("How experts judge"), choices=list(JUDGED_BY_NAMES.items()), initial=JudgedBy.MARKS.value
    )
    lowest = forms.IntegerField(label=_("Lowest mark"), min_value=LOWEST, max_value=HIGHEST, initial=1)
    highest = forms.IntegerField(label=_("Highest mark"), min_value=LOWEST, max_value=HIGHEST, initial=5)
    fewest_judgements = forms.IntegerField(
        label=_("Experts who must have judged an entry"), min_value=1, max_value=50, initial=2
    )
    nominees = forms.IntegerField(
        label=_("Nominees in a category, at most"), min_value=1, max_value=MOST_PLACES, initial=10
    )
    votes_open_to = forms.ChoiceField(
        label=_("Who votes"),
        choices=list(VOTES_OPEN_TO_NAMES.items()),
        initial=PrizeVotesOpenTo.SIGNED_IN.value,
        help_text=_("One vote in each category; it can be changed until the vote closes."),
    )
    champions = forms.IntegerField(
        label=_("Champions in a category: the first so many of the vote"),
        min_value=1,
        max_value=MOST_PLACES,
        initial=5,
    )
    winner_by = forms.ChoiceField(
        label=_("How the winner is found"),
        choices=list(WINNER_BY_NAMES.items()),
        initial=WinnerBy.EXPERTS.value,
    )

    def __init__(self, data: Any = None, *, languages: Iterable[str], kept: Showcase | None = None) -> None:
        initial = (
            {name: getattr(kept, name) for name in ("edition", "kinds", "states", *self.PLAIN)}
            if kept
            else {}
        )
        super().__init__(data, languages=languages, initial=initial)
        self.ask("title", gettext("Name"), limit=TITLE_LENGTH, kept=kept.titles if kept else {})
        self.ask(
            "about", gettext("What it is about"), limit=ABOUT_LENGTH, rows=4, kept=kept.abouts if kept else {}
        )
        self.known = kept.terms.criteria if kept else ()
        self.rows = min(max(len(self.known) + 1, 4), MOST_CRITERIA)
        self._ask_criteria()
        periods = periods_of(kept) if kept else {}
        for phase in Phase:
            for name, label in (("opens_at", gettext("Begins")), ("closes_at", gettext("Ends"))):
                field = moment_field(label, required=phase is not Phase.CHOICE)
                known = periods.get(phase)
                field.initial = timezone.localtime(getattr(known, name)) if known else None
                self.fields[f"{phase.value}_{name}"] = field

    def _ask_criteria(self) -> None:
        for number in range(self.rows):
            known = self.known[number] if number < len(self.known) else None
            self.fields[f"weight-{number}"] = forms.IntegerField(
                label=gettext("Weight"),
                min_value=0,
                max_value=100,
                required=False,
                initial=known.weight if known else 1,
            )
            for language in self.languages:
                self.fields[f"name-{number}-{language}"] = forms.CharField(
                    label=language_name(language),
                    max_length=NAME_LENGTH,
                    required=False,
                    initial=known.names.get(language, "") if known else "",
                    widget=forms.TextInput(attrs={"dir": direction(language), "lang": language}),
                )

    def criteria_rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each criterion: names, the page's language first, then weight."""
        return [
            [*(self[f"name-{number}-{one}"] for one in self.languages), self[f"weight-{number}"]]
            for number in range(self.rows)
        ]

    def phase_rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (str(PHASE_NAMES[one]), [self[f"{one.value}_opens_at"], self[f"{one.value}_closes_at"]])
            for one in Phase
        ]

    def group(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]

    def of_entering(self) -> list[forms.BoundField]:
        return self.group("kinds", "states", "is_one_per_organisation", "lets_winners_again")

    def of_nomination(self) -> list[forms.BoundField]:
        return self.group("judged_by", "lowest", "highest", "fewest_judgements", "nominees")

    def of_vote(self) -> list[forms.BoundField]:
        return self.group("votes_open_to", "champions", "winner_by")

    def clean_edition(self) -> str:
        edition = str(self.cleaned_data["edition"]).lower()
        if edition in RESERVED:
            raise forms.ValidationError(gettext("This word is taken. Please choose another one."))
        return edition

    def plan(self) -> PrizePlan:
        """Return the input for the action."""
        said = self.cleaned_data
        periods = {
            phase: PhasePeriod(said[f"{phase.value}_opens_at"], said[f"{phase.value}_closes_at"])
            for phase in Phase
            if said[f"{phase.value}_opens_at"] and said[f"{phase.value}_closes_at"]
        }
        return PrizePlan(
            edition=said["edition"],
            titles=self.words("title"),
            abouts=self.words("about", is_line=False),
            terms=PrizeTerms(
                kinds=tuple(OrganisationKind(one) for one in said["kinds"]),
                states=tuple(InitiativeProgress(one) for one in said["states"]),
                is_one_per_organisation=said["is_one_per_organisation"],
                lets_winners_again=said["lets_winners_again"],
                judged_by=JudgedBy(said["judged_by"]),
                criteria=self._criteria(),
                lowest=said["lowest"],
                highest=said["highest"],
                fewest_judgements=said["fewest_judgements"],
                nominees=said["nominees"],
                votes_open_to=PrizeVotesOpenTo(said["votes_open_to"]),
                champions=said["champions"],
                winner_by=WinnerBy(said["winner_by"]),
            ),
            periods=periods,
        )

    def _criteria(self) -> tuple[Mark, ...]:
        criteria = []
        for number in range(self.rows):
            names = {one: clean_line(self.cleaned_data[f"name-{number}-{one}"]) for one in self.languages}
            names = {one: name for one, name in names.items() if name}
            if names:
                code = self.known[number].code if number < len(self.known) else f"k{number + 1}"
                criteria.append(Mark(code, names, self.cleaned_data[f"weight-{number}"] or 0))
        return tuple(criteria)


class NamesForm(PrizeTextsForm):
    """The names of a showcase with fixed rules."""

    texts = ("title", "about")

    def __init__(self, data: Any = None, *, languages: Iterable[str], kept: Showcase) -> None:
        super().__init__(data, languages=languages, initial={})
        self.kept = kept
        self.ask("title", gettext("Name"), limit=TITLE_LENGTH, kept=kept.titles)
        self.ask("about", gettext("What it is about"), limit=ABOUT_LENGTH, rows=4, kept=kept.abouts)

    def plan(self) -> PrizePlan:
        titles = self.words("title") or dict(self.kept.titles)
        abouts = self.words("about", is_line=False)
        return PrizePlan(self.kept.edition, titles, abouts, self.kept.terms, periods_of(self.kept))


class CategoryForm(PrizeTextsForm):
    """The name of a category."""

    texts = ("title",)

    def __init__(self, data: Any = None, *, languages: Iterable[str], kept: ShowcaseCategory) -> None:
        super().__init__(data, languages=languages, initial={})
        self.ask("title", gettext("Name"), limit=TITLE_LENGTH, kept=kept.titles)


class PhaseForm(EditForm):
    """New dates of a phase, with a reason."""

    def __init__(self, data: Any = None, *, row: ShowcasePhase) -> None:
        super().__init__(data, auto_id=f"id_{row.phase}_%s")
        self.phase = row.phase
        self.fields["opens_at"] = moment_field(gettext("Begins"))
        self.fields["closes_at"] = moment_field(gettext("Ends"))
        self.fields["reason"] = reason_field()
        self.initial = {
            "opens_at": timezone.localtime(row.opens_at),
            "closes_at": timezone.localtime(row.closes_at),
        }


class ExpertForm(CleanForm):
    """An expert and their categories."""

    email = forms.EmailField(
        label=_("E-mail address of their account"),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    categories = forms.ModelMultipleChoiceField(
        label=_("Categories"),
        help_text=_("None chosen means all."),
        required=False,
        queryset=ShowcaseCategory.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any = None, *, showcase: Showcase) -> None:
        super().__init__(data)
        self.fields["categories"].queryset = showcase.categories.select_related("line")  # type: ignore[attr-defined]


class TieForm(CleanForm):
    """The settlement of a tie."""

    chosen = forms.MultipleChoiceField(label=_("Who is in?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, standing: CategoryResult) -> None:
        super().__init__(data, auto_id=f"id_{standing.category.pk}_%s")
        self.fields["chosen"].choices = [  # type: ignore[attr-defined]
            (row.entry.pk, f"{row.entry.initiative.symbol.short} {row.entry.initiative.title}")
            for row in standing.tied_rows
        ]
        self.fields["reason"] = reason_field()
        if standing.settled is not None:
            self.initial = {"chosen": standing.settled.chosen, "reason": standing.settled.reason}

    def chosen_pks(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["chosen"]]
