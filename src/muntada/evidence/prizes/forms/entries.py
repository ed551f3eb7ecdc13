"""Forms of participants in a showcase: entries and judgements."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.prizes.models import Showcase, ShowcaseCategory
from muntada.evidence.prizes.queries.judging import ToJudge
from muntada.evidence.prizes.queries.rounds import Own
from muntada.evidence.prizes.rules.rounds import CASE_LENGTH, PICK, JudgedBy, PrizeTerms
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import in_language

CONFLICT_LENGTH = 300


class EnterForm(CleanForm):
    """An initiative and its category."""

    initiative = forms.ChoiceField(label=_("Initiative"))
    category = forms.ModelChoiceField(
        label=_("Category"), queryset=ShowcaseCategory.objects.none(), empty_label=_("Please choose")
    )
    case = forms.CharField(
        label=_("Why should it be shown?"),
        max_length=CASE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("Voters and experts read these words beside the title. What changed, and for whom?"),
    )
    consents = forms.BooleanField(
        label=_(
            "I enter it for those who run it, and agree that it is judged by the experts, shown in public "
            "and put to the vote."
        )
    )

    def __init__(
        self, data: Any = None, *, showcase: Showcase, own: list[Own], initial: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.own = {str(one.initiative.pk): one.initiative for one in own}
        self.fields["initiative"].choices = [  # type: ignore[attr-defined]
            (pk, f"{one.symbol.short} {one.title}") for pk, one in self.own.items()
        ]
        self.fields["category"].queryset = showcase.categories.select_related("line")  # type: ignore[attr-defined]


class MarksForm(EditForm):
    """The judgement of an expert."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, terms: PrizeTerms, asked: ToJudge) -> None:
        super().__init__(data)
        self.terms = terms
        known = asked.judgement.marks if asked.judgement else {}
        for criterion in terms.asked:
            self.fields[criterion.code] = forms.TypedChoiceField(
                label=gettext("Should it be nominated?")
                if criterion.code == PICK
                else in_language(criterion.names),
                choices=self._choices(),
                coerce=int,
                widget=forms.RadioSelect,
                initial=known.get(criterion.code),
                help_text=""
                if criterion.code == PICK
                else gettext("%(lowest)s is the lowest mark, %(highest)s the highest.")
                % {"lowest": terms.lowest, "highest": terms.highest},
            )

    def _choices(self) -> list[tuple[int, str]]:
        if self.terms.judged_by is JudgedBy.PICKS:
            return [(1, gettext("Yes")), (0, gettext("No"))]
        return [(mark, str(mark)) for mark in self.terms.marks]

    def marks(self) -> dict[str, int]:
        return {one.code: self.cleaned_data[one.code] for one in self.terms.asked}


class ExpertConflictForm(CleanForm):
    """A conflict of interest."""

    reason = forms.CharField(
        label=_("What connects you with it?"),
        max_length=CONFLICT_LENGTH,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Only the secretariat reads it. Marks you gave it are deleted."),
    )
