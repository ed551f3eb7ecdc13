"""What an author fills in about people, and what these people answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muntada.foundations.edit_forms import EditForm
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.people.forms import country_names
from muntada.people.rules import KIND_NAMES
from muntada.programme.actions.speakers import Naming, NamingBody, Reply
from muntada.programme.forms.availability import AvailabilityForm, availability_as_typed
from muntada.programme.forms.fields import page_language
from muntada.programme.models import CoOrganiser, RequestSpeaker
from muntada.programme.queries.hours import hours_of_speaker
from muntada.programme.rules.sessions import NAME_LENGTH, PART_NAMES
from muntada.programme.rules.speakers import (
    GENDER_NAMES,
    NOTE_LENGTH,
    SPEAKING_PARTS,
    Answer,
    Facts,
    FactsBy,
)

YES, NO = "yes", "no"
FIRST_TIME = (("", _("Not said")), (YES, _("Yes, for the first time")), (NO, _("No, not for the first time")))
PARTS = [(part.value, PART_NAMES[part]) for part in SPEAKING_PARTS]


class FactsForm(EditForm):
    """Raw facts of somebody, all of which can be left out."""

    kind = forms.ChoiceField(
        label=_("Stakeholder group"), choices=[("", _("Not said")), *KIND_NAMES.items()], required=False
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    is_headquarters = forms.BooleanField(
        label=_("At the headquarters of an international organization"), required=False
    )
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("Not said")), *GENDER_NAMES.items()], required=False
    )
    is_first_time = forms.ChoiceField(
        label=_("At this forum for the first time"), choices=FIRST_TIME, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not said")), *country_names()]  # type: ignore[attr-defined]

    def facts(self) -> Facts:
        said = self.cleaned_data
        first = said["is_first_time"]
        return Facts(
            kind=said["kind"],
            country=said["country"],
            is_headquarters=said["is_headquarters"],
            gender=said["gender"],
            is_first_time=None if not first else first == YES,
        )


def facts_as_typed(facts: Facts) -> dict[str, Any]:
    first = facts.is_first_time
    return {
        "kind": facts.kind,
        "country": facts.country,
        "is_headquarters": facts.is_headquarters,
        "gender": facts.gender,
        "is_first_time": "" if first is None else YES if first else NO,
    }


class SpeakerForm(FactsForm):
    """Whom an author wants to hear."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    part = forms.ChoiceField(label=_("What they are asked to do"), choices=PARTS)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For the letter that asks them. Nobody else sees it, and it is deleted after the forum."),
        required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=CONTENT_LANGUAGES)
    field_order = ("name", "part", "email", "language")

    def naming(self) -> Naming:
        said = self.cleaned_data
        return Naming(said["name"], said["email"], said["language"], said["part"], self.facts())


def speaker_as_typed(speaker: RequestSpeaker | None) -> dict[str, Any]:
    if speaker is None:
        return {"language": page_language(), "part": PARTS[0][0]}
    given = next((one.as_facts for one in speaker.facts.all() if one.by == FactsBy.ORGANISER), Facts())
    kept = {name: getattr(speaker, name) for name in ("name", "part", "email", "language")}
    return kept | facts_as_typed(given)


class CoOrganiserForm(EditForm):
    """With whom an author wants to organise."""

    body = forms.CharField(
        label=_("Organization"),
        help_text=_("Leave it empty for somebody who organizes for themselves."),
        max_length=200,
        required=False,
    )
    name = forms.CharField(label=_("Name of the person who answers for it"), max_length=NAME_LENGTH)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("For the letter that asks them. Nobody else sees it, and it is deleted after the forum."),
        required=False,
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=CONTENT_LANGUAGES)
    kind = forms.ChoiceField(
        label=_("Stakeholder group"), choices=[("", _("Not said")), *KIND_NAMES.items()], required=False
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    is_headquarters = forms.BooleanField(
        label=_("At the headquarters of an international organization"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Not said")), *country_names()]  # type: ignore[attr-defined]

    def naming(self) -> NamingBody:
        return NamingBody(**self.cleaned_data)


def body_as_typed(one: CoOrganiser | None) -> dict[str, Any]:
    if one is None:
        return {"language": page_language()}
    return {name: getattr(one, name) for name in CoOrganiserForm.base_fields}


class ReplyForm(EditForm):
    """Yes or no, under a link; for a co-organiser that is all."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(YES, _("Yes, I take part")), (NO, _("No"))],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=_("Your name"), max_length=NAME_LENGTH, help_text=_("As it should stand in the programme.")
    )
    note = forms.CharField(
        label=_("A word to whoever asked you"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    field_order: Sequence[str] = ("answer", "name", "note")

    def reply(self) -> Reply:
        said = self.cleaned_data
        return Reply(said["answer"] == YES, said["name"], note=said["note"])


class SpeakerReplyForm(AvailabilityForm, ReplyForm, FactsForm):
    """What a speaker answers: yes or no, facts of their own, and when they can."""

    field_order = (
        *("answer", "name", "is_remote", "zone", "hours_from", "hours_to", "days_away"),
        *("kind", "country", "is_headquarters", "gender", "is_first_time", "note"),
    )

    def reply(self) -> Reply:
        said = self.cleaned_data
        return Reply(said["answer"] == YES, said["name"], self.facts(), self.availability(), said["note"])


def reply_as_typed(asked: RequestSpeaker | CoOrganiser) -> dict[str, Any]:
    """Return what an answer begins with: what was said under this link before, and nothing for anybody else.

    Facts the organiser gave are not shown: people say of themselves what they want, unled. When they can is
    shown as it was said for them, so that they can put it right.
    """
    answers = {Answer.YES.value: YES, Answer.NO.value: NO}
    said: dict[str, Any] = {"answer": answers.get(asked.answer), "name": asked.name, "note": asked.note}
    if isinstance(asked, RequestSpeaker):
        said |= facts_as_typed(asked.own_facts) | availability_as_typed(hours_of_speaker(asked).availability)
    return said
