from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.meeting.questions.rules import MODE_NAMES


class SessionQuestionForm(CleanForm):
    text = forms.CharField(label=_("Your question"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    mode = forms.ChoiceField(
        label=_("Where are you?"), choices=list(MODE_NAMES.items()), widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=_("Language of your question"), choices=CONTENT_LANGUAGES)


class QuestionAnswerForm(CleanForm):
    answer = forms.CharField(label=_("Answer"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4}))
    language = forms.ChoiceField(label=_("Language of the answer"), choices=CONTENT_LANGUAGES)
