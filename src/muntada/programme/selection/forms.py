"""By which rules the programme is chosen; a pin; a decision before it is published."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.programme.decisions.actions import DecisionReason
from muntada.programme.requests.rules.checks import STRENGTH_NAMES, RuleStrength
from muntada.programme.selection.rules.scores import as_lines, read_scores
from muntada.programme.selection.rules.selection_decisions import DECISION_NAMES
from muntada.programme.selection.rules.selections import (
    MEASURE_NAMES,
    MOST_HOURS,
    MOST_PLACES,
    REASON_LENGTH,
    NumberRule,
    RuleWithNumber,
    SelectionTerms,
    ShareBounds,
    band_id,
    bands_offered,
    named,
)
from muntada.programme.sessions.forms import page_language
from muntada.programme.sessions.rules import SESSION_KIND_NAMES, SessionKind

SCORES_LENGTH = 100_000
UNITS = [("percent", _("per cent of the sessions")), ("number", _("sessions"))]


@dataclass(frozen=True)
class BandRow:
    """The fields of one group."""

    title: str
    strength: forms.BoundField
    least: forms.BoundField
    most: forms.BoundField


@dataclass(frozen=True)
class SchemeRows:
    """The fields of one scheme, its groups below it."""

    title: str
    unit: forms.BoundField
    rows: tuple[BandRow, ...]
    is_used: bool


class SelectionForm(CleanForm):
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_(
            "Lots between choices of the same score are drawn by it. The same seed gives the same choice."
        ),
        min_value=0,
        max_value=2_000_000_000,
        initial=1,
    )


class ScoresForm(CleanForm):
    """A table of scores; how many rows and columns, its content tells."""

    file = forms.FileField(
        label=_("Table of scores"),
        help_text=_("CSV or XLSX with the columns “request” and “score”; at most 10 MB."),
        error_messages={"required": _("Please choose a file."), "empty": _("This file is empty.")},
    )


class SelectionRulesForm(EditForm):
    """Places, rules with one number, shares of groups, and scores by hand."""

    sessions = forms.IntegerField(
        label=_("Places for sessions"),
        help_text=_("Left empty, rooms and slots say how many are free."),
        min_value=0,
        max_value=MOST_PLACES,
        required=False,
    )
    hours = forms.FloatField(
        label=_("Hours of rooms"),
        help_text=_("Left empty, rooms and slots say how many are free."),
        min_value=0,
        max_value=MOST_HOURS,
        required=False,
    )
    waiting = forms.IntegerField(label=_("Length of the waiting list"), min_value=0, max_value=MOST_PLACES)
    scores = forms.CharField(
        label=_("Scores for requests nobody reviewed"),
        help_text=_("One line each, such as P/12; 4.5. A table of two columns can be pasted."),
        max_length=SCORES_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr"}),
    )

    def __init__(self, data: Any = None, *, terms: SelectionTerms) -> None:
        first = {"sessions": terms.sessions, "hours": terms.hours, "waiting": terms.waiting}
        super().__init__(data, initial=first | {"scores": as_lines(terms.scores)})
        self.terms = terms
        for kind, name in SESSION_KIND_NAMES.items():
            self._add(f"kind-{kind}", name, most=MOST_PLACES, first=terms.kinds.get(kind), whole=True)
        for measure in NumberRule:
            kept = terms.number(measure)
            self._add_strength(measure.value, str(MEASURE_NAMES[measure]), kept.strength)
            label = gettext("Number for “%(rule)s”") % {"rule": MEASURE_NAMES[measure]}
            self._add(f"{measure}-number", label, most=MOST_PLACES, first=kept.number)
        kept_bands = {one.id: one for one in terms.bands}
        for scheme, groups in bands_offered():
            used = [one for one in terms.bands if one.scheme == scheme.key]
            unit = "percent" if not used or used[0].in_percent else "number"
            self.fields[f"unit-{scheme.key}"] = forms.ChoiceField(
                label=gettext("Bounds are in"), choices=UNITS, initial=unit
            )
            for group in groups:
                self._add_band(
                    kept_bands.get(band_id(scheme.key, group), ShareBounds(scheme.key, group)),
                    scheme.title_of(group),
                )

    def _add_band(self, band: ShareBounds, title: str) -> None:
        self._add_strength(band.id, title, band.strength)
        for bound, label, first in (
            ("least", gettext("At least, for “%(group)s”"), band.least),
            ("most", gettext("At most, for “%(group)s”"), band.most),
        ):
            self._add(f"{band.id}-{bound}", label % {"group": title}, most=MOST_PLACES, first=first)

    def _add_strength(self, name: str, label: str, strength: RuleStrength) -> None:
        self.fields[f"{name}-strength"] = forms.ChoiceField(
            label=label, choices=list(STRENGTH_NAMES.items()), initial=strength.value
        )

    def _add(self, name: str, label: Any, *, most: int, first: float | None, whole: bool = False) -> None:
        kind = forms.IntegerField if whole else forms.FloatField
        shown = int(first) if first is not None and float(first).is_integer() else first
        widget = forms.NumberInput(attrs={"step": 1 if whole else "any"})
        self.fields[name] = kind(
            label=label, min_value=0, max_value=most, initial=shown, required=False, widget=widget
        )

    # ---- for the page ----

    def plain(self) -> list[forms.BoundField]:
        return [self["sessions"], self["hours"], self["waiting"]]

    def kinds(self) -> list[forms.BoundField]:
        return [self[f"kind-{kind}"] for kind in SessionKind]

    def measures(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"{one}-strength"], self[f"{one}-number"]) for one in NumberRule]

    def schemes(self) -> Iterator[SchemeRows]:
        used = {one.scheme for one in self.terms.bands if one.strength is not RuleStrength.OFF}
        for scheme, groups in bands_offered():
            ids = [(group, band_id(scheme.key, group)) for group in groups]
            rows = [
                BandRow(
                    scheme.title_of(group), self[f"{key}-strength"], self[f"{key}-least"], self[f"{key}-most"]
                )
                for group, key in ids
            ]
            is_used = scheme.key in used or (self.is_bound and bool(self.errors))
            yield SchemeRows(named(scheme), self[f"unit-{scheme.key}"], tuple(rows), is_used)

    def chosen(self) -> SelectionTerms:
        """Return the rules as they were typed; refuses a score that is none."""
        said = self.cleaned_data
        numbers = {
            one: self.terms.number(one).number if said[f"{one}-number"] is None else said[f"{one}-number"]
            for one in NumberRule
        }
        return SelectionTerms(
            sessions=said["sessions"],
            hours=said["hours"],
            kinds={
                kind.value: said[f"kind-{kind}"] for kind in SessionKind if said[f"kind-{kind}"] is not None
            },
            bands=tuple(self._bands()),
            numbered=tuple(
                RuleWithNumber(one, numbers[one], RuleStrength(said[f"{one}-strength"])) for one in NumberRule
            ),
            waiting=said["waiting"],
            scores=read_scores(said["scores"]),
        )

    def _bands(self) -> Iterator[ShareBounds]:
        said = self.cleaned_data
        for scheme, groups in bands_offered():
            in_percent = said[f"unit-{scheme.key}"] == "percent"
            for group in groups:
                key = band_id(scheme.key, group)
                least, most = said[f"{key}-least"], said[f"{key}-most"]
                strength = RuleStrength(said[f"{key}-strength"])
                if strength is not RuleStrength.OFF or least is not None or most is not None:
                    yield ShareBounds(scheme.key, group, least, most, in_percent, strength)


class SelectionReasonForm(CleanForm):
    """A reason and its language."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It stands in the record, and is shown to everybody with the decision."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        max_length=REASON_LENGTH,
    )
    reason_language = forms.ChoiceField(label=_("Language of the reason"), choices=CONTENT_LANGUAGES)

    def __init__(self, data: Any = None, **first: str) -> None:
        super().__init__(data, initial={"reason_language": page_language(), **first})

    def why(self) -> DecisionReason:
        return DecisionReason(self.cleaned_data["reason"], self.cleaned_data["reason_language"])


class PinForm(SelectionReasonForm):
    """Why a request must be in, or out; to leave it to the rules again needs no reason."""

    # Said by the page itself, or the button without a reason could not be pressed.
    use_required_attribute = False

    def __init__(self, data: Any = None, **first: str) -> None:
        super().__init__(data, **first)
        self.fields["reason"].required = "unpin" not in (data or {})
        self.fields["reason"].error_messages["required"] = gettext(
            "Please say why: the reason stands in the record."
        )


class PlanForm(SelectionReasonForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(one.value, name) for one, name in DECISION_NAMES.items()],
        widget=forms.RadioSelect,
    )
    field_order = ("decision", "reason", "reason_language")
