"""Rules of free places: what they offer, and which waiting requests fit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.foundations.errors import Refused


class Misfit(StrEnum):
    """Why a request does not fit."""

    LENGTH = "length"
    SERVICES = "services"
    SEATS = "seats"
    ORGANISATION = "organisation"
    PERSON = "person"


MISFIT_NAMES: Mapping[Misfit, Promise] = {
    Misfit.LENGTH: _("it is longer than the place"),
    Misfit.SERVICES: _("the room has not all it needs"),
    Misfit.SEATS: _("the room has too few seats"),
    Misfit.ORGANISATION: _("its organization has as many sessions as the rules allow"),
    Misfit.PERSON: _("a speaker has as many sessions as the rules allow"),
}


@dataclass(frozen=True)
class PlaceOffer:
    """The minutes and room services of a place; None without a room."""

    minutes: int
    services: frozenset[str] | None = None
    seats: int | None = None


@dataclass(frozen=True)
class Claim:
    """The needs of a request. Organizations and speakers are given by key."""

    minutes: int
    needs: frozenset[str]
    audience: int
    is_online_only: bool
    organisations: Collection[str]
    speakers: Collection[str]


@dataclass(frozen=True)
class Caps:
    """The caps of sessions per organization and speaker, and present counts."""

    per_organisation: float | None
    per_person: float | None
    of_organisations: Mapping[str, int]
    of_people: Mapping[str, int]


def misfits(claim: Claim, offer: PlaceOffer, caps: Caps) -> tuple[Misfit, ...]:
    """Return the obstacles of a request in a place; empty if it fits."""
    in_room = not claim.is_online_only
    checks = {
        Misfit.LENGTH: claim.minutes > offer.minutes,
        Misfit.SERVICES: in_room and offer.services is not None and not claim.needs <= offer.services,
        Misfit.SEATS: in_room and offer.seats is not None and claim.audience > offer.seats,
        Misfit.ORGANISATION: _is_full(claim.organisations, caps.of_organisations, caps.per_organisation),
        Misfit.PERSON: _is_full(claim.speakers, caps.of_people, caps.per_person),
    }
    return tuple(misfit for misfit, is_so in checks.items() if is_so)


def _is_full(keys: Collection[str], held: Mapping[str, int], most: float | None) -> bool:
    return most is not None and any(held.get(key, 0) + 1 > most for key in keys)


def require_free(*, is_filled: bool, is_kept_empty: bool) -> None:
    """A place is given once."""
    if is_filled:
        sentence = gettext("This place was given already. Please look at the page again.")
        raise Refused(sentence, "place-filled")
    if is_kept_empty:
        sentence = gettext("This place was left empty meanwhile. Please look at the page again.")
        raise Refused(sentence, "place-kept-empty")


def require_first(*, is_first: bool) -> None:
    """A place goes to the first fitting request; others are accepted on their own page."""
    if not is_first:
        sentence = gettext("The waiting list has changed: another request is the first that fits now.")
        raise Refused(sentence, "not-first")
