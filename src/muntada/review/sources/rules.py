"""Who facilitates a line."""

from muntada.people.rules import Role

FACILITATING_ROLES = (Role.FACILITATOR, Role.SECRETARIAT)
