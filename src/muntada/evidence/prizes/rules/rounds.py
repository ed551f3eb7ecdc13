"""Rules of a showcase: terms, phases, and permissions in each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.initiatives.rules import InitiativeProgress
from muntada.foundations.errors import Refused
from muntada.people.rules import OrganisationKind

LOWEST, HIGHEST = 0, 10
MOST_CRITERIA = 8
MOST_PLACES = 100
CASE_LENGTH = 1_200
REASON_LENGTH = 1_000
# The key of a yes or no answer.
PICK = "pick"


class Phase(StrEnum):
    """The phases of a showcase, in order."""

    ENTRY = "entry"
    NOMINATION = "nomination"
    VOTE = "vote"
    CHOICE = "choice"


PHASE_NAMES: Mapping[Phase, Promise] = {
    Phase.ENTRY: _("Entering initiatives"),
    Phase.NOMINATION: _("Nomination by the experts"),
    Phase.VOTE: _("Public vote"),
    Phase.CHOICE: _("Choice of the winners by the experts"),
}


class JudgedBy(StrEnum):
    """The form of judgements."""

    MARKS = "marks"
    PICKS = "picks"


JUDGED_BY_NAMES: Mapping[JudgedBy, Promise] = {
    JudgedBy.MARKS: _("They give marks by criteria; the best means are nominated"),
    JudgedBy.PICKS: _("They say yes or no; those with most yes are nominated"),
}


class PrizeVotesOpenTo(StrEnum):
    """Who may vote."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"
    VOUCHED = "vouched"


VOTES_OPEN_TO_NAMES: Mapping[PrizeVotesOpenTo, Promise] = {
    PrizeVotesOpenTo.ANYONE: _("Anyone; without an account one vote per browser"),
    PrizeVotesOpenTo.SIGNED_IN: _("Whoever is signed in"),
    PrizeVotesOpenTo.VOUCHED: _("Whoever is confirmed by their organization"),
}


class WinnerBy(StrEnum):
    """How the winner of a category is chosen."""

    VOTE = "vote"
    EXPERTS = "experts"


WINNER_BY_NAMES: Mapping[WinnerBy, Promise] = {
    WinnerBy.VOTE: _("The first of the public vote"),
    WinnerBy.EXPERTS: _("Chosen by the experts among the champions"),
}


class Award(StrEnum):
    """The awards of an entry. A winner is also a champion."""

    NOMINEE = "nominee"
    CHAMPION = "champion"
    WINNER = "winner"


AWARD_NAMES: Mapping[Award, Promise] = {
    Award.NOMINEE: _("Nominee"),
    Award.CHAMPION: _("Champion"),
    Award.WINNER: _("Winner"),
}


@dataclass(frozen=True)
class Mark:
    """A criterion: names by language, and weight."""

    code: str
    names: Mapping[str, str]
    weight: int = 1


@dataclass(frozen=True)
class PrizeTerms:
    """The rules of a showcase. Empty kinds or states mean all."""

    kinds: tuple[OrganisationKind, ...] = ()
    states: tuple[InitiativeProgress, ...] = ()
    is_one_per_organisation: bool = True
    lets_winners_again: bool = False
    judged_by: JudgedBy = JudgedBy.MARKS
    criteria: tuple[Mark, ...] = ()
    lowest: int = 1
    highest: int = 5
    fewest_judgements: int = 2
    nominees: int = 10
    votes_open_to: PrizeVotesOpenTo = PrizeVotesOpenTo.SIGNED_IN
    champions: int = 5
    winner_by: WinnerBy = WinnerBy.EXPERTS

    @property
    def asked(self) -> tuple[Mark, ...]:
        """The criteria of a judgement."""
        return self.criteria if self.judged_by is JudgedBy.MARKS else (Mark(PICK, {}),)

    @property
    def marks(self) -> range:
        return range(self.lowest, self.highest + 1) if self.judged_by is JudgedBy.MARKS else range(2)

    @property
    def phases(self) -> tuple[Phase, ...]:
        return tuple(Phase) if self.winner_by is WinnerBy.EXPERTS else tuple(Phase)[:-1]


def require_terms(terms: PrizeTerms) -> None:
    """Refuse rules that cannot produce a result."""
    if terms.judged_by is JudgedBy.MARKS:
        if not 1 <= len(terms.criteria) <= MOST_CRITERIA:
            sentence = gettext("Please name from 1 to %(limit)s criteria.")
            raise Refused(sentence % {"limit": MOST_CRITERIA}, "criteria")
        if not any(one.weight for one in terms.criteria):
            raise Refused(gettext("At least one criterion has to count."), "criteria-weight")
        if not LOWEST <= terms.lowest < terms.highest <= HIGHEST:
            sentence = gettext(
                "The scale goes from a lower number to a higher one, both from %(lowest)s to %(highest)s."
            )
            raise Refused(sentence % {"lowest": LOWEST, "highest": HIGHEST}, "scale", "highest")
    if not 1 <= terms.champions <= terms.nominees <= MOST_PLACES:
        sentence = gettext(
            "There are at least as many nominees as champions in a category, and at most %(limit)s."
        )
        raise Refused(sentence % {"limit": MOST_PLACES}, "places", "champions")
    if terms.fewest_judgements < 1:
        raise Refused(gettext("At least one expert judges each entry."), "judgements", "fewest_judgements")


@dataclass(frozen=True)
class PhasePeriod:
    """The period of a phase, with an exclusive end."""

    opens_at: datetime
    closes_at: datetime

    def holds(self, now: datetime) -> bool:
        return self.opens_at <= now < self.closes_at


def require_order(periods: Mapping[Phase, PhasePeriod]) -> None:
    """Refuse periods that are empty or overlap."""
    before: datetime | None = None
    for phase in Phase:
        if phase not in periods:
            continue
        period = periods[phase]
        params = {"phase": PHASE_NAMES[phase]}
        if period.closes_at <= period.opens_at:
            sentence = gettext("“%(phase)s” ends before it begins. Please check its two dates.")
            raise Refused(sentence % params, "period", f"{phase.value}_closes_at")
        if before is not None and period.opens_at < before:
            sentence = gettext(
                "“%(phase)s” begins before the phase before it has ended. "
                "Please move it, or end that one earlier."
            )
            raise Refused(sentence % params, "order", f"{phase.value}_opens_at")
        before = period.closes_at


class PrizeStep(StrEnum):
    """The state of a showcase."""

    PREPARED = "prepared"
    BEFORE = "before"
    ENTRY = "entry"
    ENTERED = "entered"
    NOMINATION = "nomination"
    JUDGED = "judged"
    NOMINATED = "nominated"
    VOTE = "vote"
    VOTED = "voted"
    COUNTED = "counted"
    CHOICE = "choice"
    CHOSEN = "chosen"
    DONE = "done"


BEFORE_NOMINEES = frozenset(
    {
        PrizeStep.PREPARED,
        PrizeStep.BEFORE,
        PrizeStep.ENTRY,
        PrizeStep.ENTERED,
        PrizeStep.NOMINATION,
        PrizeStep.JUDGED,
    }
)
STEP_SENTENCES: Mapping[PrizeStep, Promise] = {
    PrizeStep.PREPARED: _("The secretariat prepares this showcase; nobody else sees it yet."),
    PrizeStep.BEFORE: _("Initiatives can be entered soon."),
    PrizeStep.ENTRY: _("Initiatives can be entered now."),
    PrizeStep.ENTERED: _("Initiatives were entered; the experts will judge them soon."),
    PrizeStep.NOMINATION: _("The experts judge what was entered."),
    PrizeStep.JUDGED: _("The experts have judged; the nominees will be announced soon."),
    PrizeStep.NOMINATED: _("The nominees are announced; the public vote opens soon."),
    PrizeStep.VOTE: _("The public vote is open."),
    PrizeStep.VOTED: _("The public vote is closed; the champions will be announced soon."),
    PrizeStep.COUNTED: _("The champions are announced; the winners are chosen among them soon."),
    PrizeStep.CHOICE: _("The champions are announced; the experts choose the winners among them."),
    PrizeStep.CHOSEN: _("The champions are announced; the winners will be announced soon."),
    PrizeStep.DONE: _("The winners and champions are announced."),
}


@dataclass(frozen=True)
class Announced:
    """The announcements and their times."""

    opened_at: datetime | None = None
    nominees_at: datetime | None = None
    champions_at: datetime | None = None
    winners_at: datetime | None = None


def is_told(phase: Phase, said: Announced) -> bool:
    """Return whether the result of a phase is announced; its dates are then fixed."""
    told = {Phase.VOTE: said.champions_at, Phase.CHOICE: said.winners_at}
    return told.get(phase, said.nominees_at) is not None


def lets_experts_change(step: PrizeStep, winner_by: WinnerBy) -> bool:
    """Return whether experts may be changed: before nominees, and before winners are chosen."""
    chooses = winner_by is WinnerBy.EXPERTS and step in {PrizeStep.COUNTED, PrizeStep.CHOICE}
    return chooses or step in BEFORE_NOMINEES


def step_of(
    said: Announced, periods: Mapping[Phase, PhasePeriod], winner_by: WinnerBy, now: datetime
) -> PrizeStep:
    """Return the state of a showcase from its announcements and dates."""
    if said.opened_at is None:
        return PrizeStep.PREPARED
    if said.winners_at is not None:
        return PrizeStep.DONE
    if said.champions_at is not None:
        # If the vote decides, there is no choice of winners.
        chosen_by_vote = winner_by is WinnerBy.VOTE
        return PrizeStep.CHOSEN if chosen_by_vote else _by(periods[Phase.CHOICE], now, *_CHOICE)
    if said.nominees_at is not None:
        return _by(periods[Phase.VOTE], now, *_VOTE)
    if now < periods[Phase.NOMINATION].opens_at:
        return _by(periods[Phase.ENTRY], now, *_ENTRY)
    return _by(periods[Phase.NOMINATION], now, *_NOMINATION)


# The states before, in and after a phase.
_ENTRY = (PrizeStep.BEFORE, PrizeStep.ENTRY, PrizeStep.ENTERED)
_NOMINATION = (PrizeStep.ENTERED, PrizeStep.NOMINATION, PrizeStep.JUDGED)
_VOTE = (PrizeStep.NOMINATED, PrizeStep.VOTE, PrizeStep.VOTED)
_CHOICE = (PrizeStep.COUNTED, PrizeStep.CHOICE, PrizeStep.CHOSEN)


def _by(
    period: PhasePeriod, now: datetime, before: PrizeStep, within: PrizeStep, after: PrizeStep
) -> PrizeStep:
    return before if now < period.opens_at else within if period.holds(now) else after


def require_step(step: PrizeStep, wanted: PrizeStep) -> None:
    """Refuse an action of another phase, with the current state."""
    if step is not wanted:
        sentence = gettext("This is not possible now. %(where)s")
        raise Refused(sentence % {"where": STEP_SENTENCES[step]}, "phase")


def require_before_nominees(step: PrizeStep) -> None:
    """Refuse changes to eligibility after the nominees are announced."""
    if step not in BEFORE_NOMINEES:
        raise Refused(gettext("The nominees are announced, so this stays as it is."), "nominees-announced")


def require_reason(reason: str) -> None:
    if not reason:
        raise Refused(gettext("Please give the reason; it is shown to everybody."), "reason", "reason")


@dataclass(frozen=True)
class CandidateExpert:
    """The properties of an initiative relevant for entering."""

    is_public: bool
    is_owner: bool
    kind: OrganisationKind
    state: InitiativeProgress
    has_won: bool


def obstacle_to_enter(terms: PrizeTerms, one: CandidateExpert) -> str:
    """Return the obstacle to entering an initiative, if any."""
    if not one.is_owner:
        return gettext("Only the person who registered an initiative enters it.")
    if not one.is_public:
        return gettext("Only a published initiative can be entered. Please wait until it has been read.")
    if terms.kinds and one.kind not in terms.kinds:
        return gettext("This showcase is for other kinds of organizations.")
    if terms.states and one.state not in terms.states:
        return gettext("The status of this initiative is none of those that can be entered.")
    if one.has_won and not terms.lets_winners_again:
        return gettext("It won in an earlier showcase, and winners are not entered again.")
    return ""


def require_marks(terms: PrizeTerms, marks: Mapping[str, int]) -> None:
    """Refuse marks outside the scale and incomplete judgements."""
    for criterion in terms.asked:
        if criterion.code not in marks:
            raise Refused(gettext("Please give each criterion a mark."), "mark-missing", criterion.code)
        if marks[criterion.code] not in terms.marks:
            sentence = gettext("A mark is from %(lowest)s to %(highest)s.")
            params = {"lowest": terms.marks[0], "highest": terms.marks[-1]}
            raise Refused(sentence % params, "mark", criterion.code)


class ExpertConflict(StrEnum):
    """A connection between expert and initiative, as known to the platform."""

    OWN = "own"
    ORGANISATION = "organisation"


CONFLICT_SENTENCES: Mapping[ExpertConflict, Promise] = {
    ExpertConflict.OWN: _("You registered or entered this initiative, so you do not judge it."),
    ExpertConflict.ORGANISATION: _("It is led by an organization of yours, so you do not judge it."),
}


def conflict_of(
    person_id: int, organisations: Collection[int], *, people: Collection[int | None], led_by: int
) -> ExpertConflict | None:
    """Return the conflict of an expert with an initiative of these people and organization."""
    if person_id in people:
        return ExpertConflict.OWN
    return ExpertConflict.ORGANISATION if led_by in organisations else None
