"""Rules of links between lines and indicators."""

from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.people.rules import Role

TYING_ROLES = (Role.SECRETARIAT, Role.FACILITATOR)
# The gaps shown: the part usually behind, and the other.
PAIRS = (
    (Breakdown.FEMALE, Breakdown.MALE),
    (Breakdown.RURAL, Breakdown.URBAN),
    (Breakdown.AGE_OTHER, Breakdown.AGE_15_24),
)
