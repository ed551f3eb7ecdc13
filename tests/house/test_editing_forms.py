"""Every form over something that stands tells when somebody else changed it meanwhile."""

import importlib
import pkgutil
from collections.abc import Iterator

from django.forms import BaseForm

import muntada
from muntada.foundations.edit_forms import EditBase

BEGINS = "begins something new"
ASKS = "asks for something or decides, and writes over nothing"
READS = "is read only: what is looked for, or a file to be looked at"
OWN = "says what one browser or person says of itself; the last word holds"
REVISION = "is saved while one types, by a revision and a window of its own, with its own tests"
VERSION = "sends the version of the timetable it was drawn from, which its action compares under a lock"

NO_EDITING = {
    "consultation.BanForm": ASKS,
    "consultation.CancelMeetingForm": ASKS,
    "consultation.ContributionForm": REVISION,
    "consultation.DeclareForm": OWN,
    "consultation.DeclineForm": ASKS,
    "consultation.EntryForm": BEGINS,
    "consultation.ExtensionForm": ASKS,
    "consultation.HideForm": ASKS,
    "consultation.JointForm": BEGINS,
    "consultation.MergeForm": ASKS,
    "consultation.PasteForm": BEGINS,
    "consultation.RefuseForm": ASKS,
    "consultation.ContributionReplyForm": BEGINS,
    "consultation.SplitForm": BEGINS,
    "consultation.StatementForm": BEGINS,
    "consultation.ContributionTableForm": READS,
    "consultation.UndoForm": ASKS,
    "evidence.IntroductionAnswerForm": ASKS,
    "evidence.ColumnsForm": READS,
    "evidence.ExpertConflictForm": ASKS,
    "evidence.EnterForm": BEGINS,
    "evidence.ExpertForm": BEGINS,
    "evidence.ImportForm": READS,
    "evidence.LetterForm": BEGINS,
    "evidence.SendBackForm": ASKS,
    "evidence.InitiativeTableForm": READS,
    "evidence.TargetForm": BEGINS,
    "evidence.TieForm": ASKS,
    "meeting.QuestionAnswerForm": BEGINS,
    "meeting.SessionQuestionForm": BEGINS,
    "outcome.CommitmentForm": BEGINS,
    "outcome.ProposalDecisionForm": ASKS,
    "outcome.ProposalForm": BEGINS,
    "people.AddPasskeyForm": BEGINS,
    "people.AffiliationForm": BEGINS,
    "people.AgainPasskeyForm": ASKS,
    "people.LoginPasskeyForm": ASKS,
    "people.WhoYouAre": BEGINS,
    "programme.AskForm": ASKS,
    "programme.BuildingForm": BEGINS,
    "programme.CancelSessionForm": ASKS,
    "programme.ClosureForm": BEGINS,
    "programme.ReviewerConflictForm": ASKS,
    "programme.RequestDecisionForm": ASKS,
    "programme.GiveBackForm": ASKS,
    "programme.IncomingForm": READS,
    "programme.JoiningForm": BEGINS,
    "programme.MoveForm": VERSION,
    "programme.OpeningForm": BEGINS,
    "programme.PeriodForm": BEGINS,
    "programme.SessionPersonForm": BEGINS,
    "programme.PinForm": ASKS,
    "programme.PlaceForm": VERSION,
    "programme.PlanForm": ASKS,
    "programme.ReleaseForm": BEGINS,
    "programme.RequestForm": REVISION,
    "programme.ScoresForm": READS,
    "programme.SelectionForm": BEGINS,
    "programme.SlotsForm": BEGINS,
    "programme.TimetableForm": BEGINS,
    "programme.WalkForm": BEGINS,
    "programme.MergingReasonForm": ASKS,
    "programme.SelectionReasonForm": ASKS,
    "review.ReturnForm": REVISION,
}


def our_forms() -> Iterator[type[BaseForm]]:
    for module in pkgutil.walk_packages(muntada.__path__, "muntada."):
        if ".forms" in module.name:
            importlib.import_module(module.name)
    waiting: list[type[BaseForm]] = [BaseForm]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        ours = (one for one in below if one.__module__.startswith("muntada."))
        # What the forms of the stages are made of is no form itself.
        yield from (one for one in ours if not one.__module__.startswith("muntada.foundations."))


def name_of(form: type[BaseForm]) -> str:
    return f"{form.__module__.split('.')[1]}.{form.__name__}"


def test_each_form_compares_what_it_showed_with_what_stands_or_says_why_not():
    others = {name_of(one) for one in our_forms() if not issubclass(one, EditBase)}
    assert others == set(NO_EDITING)
