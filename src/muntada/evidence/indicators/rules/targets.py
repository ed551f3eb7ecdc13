"""Targets of indicators: direction and years."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1950, 2100


class BetterWhen(StrEnum):
    """The better direction."""

    UP = "up"
    DOWN = "down"
    PARITY = "parity"


DIRECTION_NAMES: Mapping[BetterWhen, Promise] = {
    BetterWhen.UP: _("More is better"),
    BetterWhen.DOWN: _("Less is better"),
    BetterWhen.PARITY: _("The target itself is best"),
}
