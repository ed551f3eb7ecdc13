"""By what session requests are reviewed, and a review."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.models import Forum
from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES, in_language
from muntada.people.models import Person
from muntada.programme.reviews.actions import ReviewJudgement
from muntada.programme.reviews.models import Review, ReviewTerms
from muntada.programme.reviews.queries import reviewers_of
from muntada.programme.reviews.rules import (
    COMMENT_LENGTH,
    CRITERION_LENGTH,
    HIGHEST,
    LOWEST,
    MOST_CRITERIA,
    MOST_REVIEWERS,
    Criterion,
    ReviewRules,
)
from muntada.programme.sessions.forms import page_language


class ReviewTermsForm(EditForm):
    """By what requests are reviewed. Each line is a criterion: its weight, then its names by language."""

    lowest = forms.IntegerField(label=_("Lowest mark"), min_value=LOWEST, max_value=HIGHEST, initial=1)
    highest = forms.IntegerField(label=_("Highest mark"), min_value=LOWEST, max_value=HIGHEST, initial=5)
    reviewers = forms.IntegerField(
        label=_("How many read each request"), min_value=1, max_value=MOST_REVIEWERS, initial=3
    )
    is_blind = forms.BooleanField(
        label=_("Reviewers do not see who asks"),
        help_text=_("Names, organizations and speakers are left out; what the text itself says is not."),
        required=False,
        initial=True,
    )
    due_date = forms.DateField(
        label=_("To be done by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, kept: ReviewTerms | None, forum: Forum) -> None:
        names = ("lowest", "highest", "reviewers", "is_blind", "due_date")
        super().__init__(data, initial={name: getattr(kept, name) for name in names} if kept else None)
        self.languages = list(forum.languages)
        self.known = kept.terms.criteria if kept else ()
        rows = max(len(self.known) + 2, 4)
        self.rows = min(rows, MOST_CRITERIA)
        for number in range(self.rows):
            criterion = self.known[number] if number < len(self.known) else None
            self.fields[f"weight-{number}"] = forms.IntegerField(
                label=gettext("Weight"),
                min_value=0,
                max_value=100,
                required=False,
                initial=criterion.weight if criterion else 1,
            )
            for language in self.languages:
                self.fields[f"name-{number}-{language}"] = forms.CharField(
                    label=dict(CONTENT_LANGUAGES).get(language, language),
                    max_length=CRITERION_LENGTH,
                    required=False,
                    initial=criterion.names.get(language, "") if criterion else "",
                    widget=forms.TextInput(attrs={"dir": "auto", "lang": language}),
                )

    def table(self) -> list[list[forms.BoundField]]:
        """Return the fields of the criteria, a row for each."""
        return [
            [self[f"weight-{number}"], *(self[f"name-{number}-{language}"] for language in self.languages)]
            for number in range(self.rows)
        ]

    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in ("lowest", "highest", "reviewers", "due_date", "is_blind")]

    def terms(self) -> ReviewRules:
        said = self.cleaned_data
        criteria = []
        for number in range(self.rows):
            names = {code: said[f"name-{number}-{code}"].strip() for code in self.languages}
            names = {code: name for code, name in names.items() if name}
            if names:
                known = self.known[number].code if number < len(self.known) else f"k{number + 1}"
                criteria.append(Criterion(known, names, said[f"weight-{number}"] or 0))
        return ReviewRules(
            tuple(criteria), said["lowest"], said["highest"], said["is_blind"], said["reviewers"]
        )


class ReviewForm(EditForm):
    """Marks by criterion, a comment for the author, a note for the secretariat."""

    use_required_attribute = False

    comment = forms.CharField(
        label=_("Comment for the author"),
        help_text=_("Given to them with the decision, without your name."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        max_length=COMMENT_LENGTH,
        required=False,
    )
    comment_language = forms.ChoiceField(label=_("Language of the comment"), choices=CONTENT_LANGUAGES)
    note = forms.CharField(
        label=_("Note for the secretariat"),
        help_text=_("Nobody else reads it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        max_length=COMMENT_LENGTH,
        required=False,
    )

    def __init__(self, data: Any = None, *, terms: ReviewRules, review: Review) -> None:
        given = review.marks_given
        initial = {code: str(mark) for code, mark in given.items()} | {
            "comment": review.comment,
            "comment_language": review.comment_language if review.saved_at else page_language(),
            "note": review.note,
        }
        super().__init__(data, initial=initial)
        self.codes = [criterion.code for criterion in terms.criteria]
        marks = [(str(mark), str(mark)) for mark in terms.marks]
        for criterion in terms.criteria:
            self.fields[criterion.code] = forms.ChoiceField(
                label=in_language(criterion.names),
                choices=marks,
                widget=forms.RadioSelect,
                required=False,
            )
        self.order_fields([*self.codes, "comment", "comment_language", "note"])

    def judgement(self) -> ReviewJudgement:
        said = self.cleaned_data
        marks = {code: int(said[code]) for code in self.codes if said[code]}
        return ReviewJudgement(marks, said["comment"], said["comment_language"], said["note"])


class ReviewerConflictForm(CleanForm):
    reason = forms.CharField(
        label=_("What connects you with it"),
        help_text=_("For the secretariat; a few words are enough."),
        max_length=300,
        required=False,
    )


class AskForm(CleanForm):
    """Who should read a request besides."""

    reviewer: "forms.ModelChoiceField[Person]" = forms.ModelChoiceField(
        label=_("Reviewer"), queryset=Person.objects.none()
    )

    def __init__(self, data: Any = None, *, forum: Forum) -> None:
        super().__init__(data)
        self.fields["reviewer"].queryset = reviewers_of(forum)  # type: ignore[attr-defined]
