from enum import StrEnum

from muntada.people.rules import Role

# Who closes a proposal and undoes a merge beside the two authors.
MERGE_OTHERS = (Role.SECRETARIAT,)


class Leads(StrEnum):
    """Which of two requests brings the author who leads the joint one."""

    FIRST = "first"
    SECOND = "second"
