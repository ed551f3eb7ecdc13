"""What the secretariat decides about the rules for session requests."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.edit_forms import EditForm
from muntada.programme.rules.checks import CHECK_NAMES, MOST_NUMBER, NUMBERS, STRENGTH_NAMES, Rule, Strength

OWED_LENGTH = 100_000
MOST_LINES = 2_000


class RulesForm(EditForm):
    """How strict each rule is, and its number where it has one."""

    def __init__(self, data: Any = None, *, rules: Sequence[Rule]) -> None:
        super().__init__(data)
        self.rules = rules
        for rule in rules:
            name = str(CHECK_NAMES[rule.check])
            self.fields[f"{rule.check}-strength"] = forms.ChoiceField(
                label=name, choices=list(STRENGTH_NAMES.items()), initial=rule.strength.value
            )
            if rule.check in NUMBERS:
                self.fields[f"{rule.check}-number"] = forms.IntegerField(
                    label=gettext("Number for “%(rule)s”") % {"rule": name},
                    min_value=1,
                    max_value=MOST_NUMBER,
                    initial=rule.number,
                )

    def rows(self) -> Iterator[tuple[Rule, forms.BoundField, forms.BoundField | None]]:
        """Return each rule with its fields, as a table shows them."""
        for rule in self.rules:
            number = self[f"{rule.check}-number"] if rule.check in NUMBERS else None
            yield rule, self[f"{rule.check}-strength"], number

    def chosen(self) -> list[Rule]:
        said = self.cleaned_data
        return [
            Rule(
                rule.check,
                Strength(said[f"{rule.check}-strength"]),
                said.get(f"{rule.check}-number", rule.number),
            )
            for rule in self.rules
        ]


class OwedForm(EditForm):
    """Who owes a report from an edition this house does not know: one line each."""

    owed = forms.CharField(
        label=_("Who filed no report last time"),
        help_text=_(
            "One line each: the organization, then a semicolon and the session. An empty list clears it."
        ),
        max_length=OWED_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def clean_owed(self) -> str:
        typed: str = self.cleaned_data["owed"]
        if len(typed.splitlines()) > MOST_LINES:
            sentence = gettext("The list has more than %(limit)s lines. Please shorten it.")
            raise forms.ValidationError(sentence % {"limit": MOST_LINES})
        return typed

    def rows(self) -> list[tuple[str, str]]:
        pairs = (line.partition(";") for line in self.cleaned_data["owed"].splitlines() if line.strip())
        return [(name.strip(), what.strip()) for name, _, what in pairs]
