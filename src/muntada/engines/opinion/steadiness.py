"""Describe the stability of the groups: under resampling, and against shuffled votes.

Neither is a test for camps: a single normal distribution on a line is found stable, too.
"""

from muntada.engines.opinion.bootstrap import Redrawn
from muntada.engines.opinion.chance import ChanceSupport
from muntada.engines.opinion.result import ClaimVerdict, GroupingSteadiness
from muntada.engines.reasons import Reason, gettext_noop

STEADY, LOOSE, MOSTLY = 0.85, 0.6, 0.9
PER_HUNDRED = 100

ALIKE = gettext_noop(
    "When people were drawn anew %(rounds)s times, they were divided alike"
    " (likeness %(likeness)s; 1 is the same, 0 is chance)."
)
PARTLY_ALIKE = gettext_noop(
    "When people were drawn anew %(rounds)s times, they were divided only partly alike"
    " (likeness %(likeness)s; 1 is the same, 0 is chance)."
)
UNLIKE = gettext_noop(
    "When people were drawn anew %(rounds)s times, they were divided quite differently"
    " (likeness %(likeness)s; 1 is the same, 0 is chance)."
)
SAME_NUMBER = gettext_noop("The number of groups was the same in %(percent)s%% of the draws.")
OTHER_NUMBER = gettext_noop(
    "The number of groups was the same in only %(percent)s%% of the draws: others would do as well."
)
APART = gettext_noop(
    "The groups are more clearly apart than in any of %(rounds)s copies of the votes that were shuffled."
)
NOT_APART = gettext_noop(
    "Among %(rounds)s copies of the votes that were shuffled, some show groups as clearly apart as these."
)

CAUTION = gettext_noop(
    "This tests how steady the division is, not whether there are camps:"
    " one crowd without camps can be divided just as steadily."
)


def judged(redrawn: Redrawn, support: ChanceSupport | None) -> GroupingSteadiness:
    """Judge the division; it is steady only if every test that was made says so."""
    apart = support is None or support.groups_stand_out
    return GroupingSteadiness(
        rounds=redrawn.rounds,
        people=redrawn.drawn,
        likeness=redrawn.likeness,
        same_number=redrawn.same_number,
        verdict=_verdict(redrawn, apart=apart),
        reasons=_reasons(redrawn, support),
        caution=Reason(CAUTION, {}),
    )


def _verdict(redrawn: Redrawn, *, apart: bool) -> ClaimVerdict:
    steady = redrawn.likeness >= STEADY
    if steady and apart and redrawn.same_number >= MOSTLY:
        return "steady"
    if steady or (apart and redrawn.likeness >= LOOSE):
        return "partly steady"
    return "not steady"


def _reasons(redrawn: Redrawn, support: ChanceSupport | None) -> tuple[Reason, ...]:
    alike = ALIKE if redrawn.likeness >= STEADY else PARTLY_ALIKE if redrawn.likeness >= LOOSE else UNLIKE
    number = SAME_NUMBER if redrawn.same_number >= MOSTLY else OTHER_NUMBER
    reasons = [
        Reason(alike, {"rounds": redrawn.rounds, "likeness": f"{redrawn.likeness:.2f}"}),
        Reason(number, {"percent": round(PER_HUNDRED * redrawn.same_number)}),
    ]
    if support is not None:
        sentence = APART if support.groups_stand_out else NOT_APART
        reasons.append(Reason(sentence, {"rounds": support.rounds}))
    return tuple(reasons)
