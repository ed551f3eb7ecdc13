"""The form for the target shares of a scheme."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from muntada.consultation.opinion.rules import BASIS_WORDS, Basis, ChosenShares
from muntada.forums.rules.schemes import Scheme
from muntada.foundations.edit_forms import EditForm

SOURCE_LENGTH = 500


class SharesForm(EditForm):
    """The source of the shares, and a percentage per group if entered by hand."""

    basis = forms.ChoiceField(label=_("Shares"), widget=forms.RadioSelect)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        scheme: Scheme,
        bases: Sequence[Basis],
        chosen: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(chosen))
        self.fields["basis"].choices = [(one.value, BASIS_WORDS[one]) for one in bases]  # type: ignore[attr-defined]
        for group in scheme.own_groups:
            self.fields[f"share-{group.code}"] = forms.DecimalField(
                label=group.title_here,
                help_text=_("percent"),
                min_value=Decimal(0),
                max_value=Decimal(100),
                decimal_places=2,
                required=False,
            )
        self.fields["source"] = forms.CharField(
            label=_("Source of the shares"),
            help_text=_("Where everybody can check them; needed if they are typed in."),
            max_length=SOURCE_LENGTH,
            required=False,
            widget=forms.TextInput(attrs={"dir": "auto"}),
        )

    def chosen(self) -> ChosenShares:
        words = self.cleaned_data
        shares = {
            name.removeprefix("share-"): share
            for name, share in words.items()
            if name.startswith("share-") and share is not None
        }
        return ChosenShares(Basis(words["basis"]), shares, words["source"])


def _initial(chosen: Mapping[str, Any] | None) -> dict[str, Any]:
    if not chosen:
        return {"basis": Basis.NONE.value}
    if chosen["basis"] != Basis.TYPED:
        # Shares from elsewhere have no entered values or source.
        return {"basis": chosen["basis"]}
    shares = {f"share-{code}": f"{share:g}" for code, share in chosen["shares"].items()}
    return shares | {"basis": chosen["basis"], "source": chosen["source"]}
