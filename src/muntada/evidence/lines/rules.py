"""What is looked at for an action line, and who may say which indicators are about it."""

from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.people.rules import Role

TYING_ROLES = (Role.SECRETARIAT, Role.FACILITATOR)
# The gaps that are looked for: the part that is usually behind, and the other.
PAIRS = (
    (Breakdown.FEMALE, Breakdown.MALE),
    (Breakdown.RURAL, Breakdown.URBAN),
    (Breakdown.AGE_OTHER, Breakdown.AGE_15_24),
)
