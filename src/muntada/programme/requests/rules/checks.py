"""The rules a forum can set for session requests: off, warning or stop."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from muntada.forums.rules.schemes import Scheme, SchemeDimension, shown_first
from muntada.foundations.errors import Refused
from muntada.foundations.languages import listed
from muntada.programme.requests.rules.request_facts import RequestFacts
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.sessions.rules import SessionRole

MOST_NUMBER = 20


class RuleStrength(StrEnum):
    """The effect of a broken rule."""

    OFF = "off"
    WARN = "warn"
    BLOCK = "block"


STRENGTH_NAMES: Mapping[RuleStrength, Promise] = {
    RuleStrength.OFF: _("Off"),
    RuleStrength.WARN: _("Warns"),
    RuleStrength.BLOCK: _("Stops"),
}


class Check(StrEnum):
    """A rule that can be set."""

    FEWEST_SPEAKERS = "fewest-speakers"
    CONFIRMED = "confirmed"
    MODERATED = "moderated"
    GROUPS = "groups"
    REGIONS = "regions"
    GENDERS = "genders"
    PER_ORGANISATION = "per-organisation"
    PER_AUTHOR = "per-author"
    PER_SPEAKER = "per-speaker"
    REPORT_FILED = "report-filed"


CHECK_NAMES: Mapping[Check, Promise] = {
    Check.FEWEST_SPEAKERS: _("As many speakers as the form of its kind asks for"),
    Check.CONFIRMED: _("So many of those named have said yes"),
    Check.MODERATED: _("Somebody moderates"),
    Check.GROUPS: _("So many stakeholder groups are heard"),
    Check.REGIONS: _("So many regions are heard"),
    Check.GENDERS: _("So many genders are heard"),
    Check.PER_ORGANISATION: _("At most so many requests of one organization"),
    Check.PER_AUTHOR: _("At most so many requests of one person"),
    Check.PER_SPEAKER: _("Each speaker is named in at most so many requests"),
    Check.REPORT_FILED: _("The report on the session held last time was filed"),
}
# Rules with a number, and its default.
NUMBERS: Mapping[Check, int] = {
    Check.CONFIRMED: 1,
    Check.GROUPS: 3,
    Check.REGIONS: 2,
    Check.GENDERS: 2,
    Check.PER_ORGANISATION: 2,
    Check.PER_AUTHOR: 3,
    Check.PER_SPEAKER: 3,
}

# Rules that compare a request with others.
CAPS = frozenset({Check.PER_ORGANISATION, Check.PER_AUTHOR, Check.PER_SPEAKER})

# Requests that count towards a cap: undecided and accepted ones.
STANDING = frozenset(
    {RequestState.SUBMITTED, RequestState.WAITING, RequestState.ACCEPTED, RequestState.MERGED}
)


@dataclass(frozen=True)
class RequestCheck:
    """How strict a rule is, and its number."""

    check: Check
    strength: RuleStrength
    number: int


@dataclass(frozen=True)
class BrokenRule:
    """A broken rule, with its sentence."""

    check: Check
    strength: RuleStrength
    sentence: str

    @property
    def blocks(self) -> bool:
        return self.strength is RuleStrength.BLOCK

    @property
    def name(self) -> str:
        return str(CHECK_NAMES[self.check])


@dataclass(frozen=True)
class Owed:
    """Missing reports of organizations and authors."""

    by_key: Mapping[str, str]

    def of(self, request: RequestFacts) -> tuple[str, ...]:
        """Return what those behind a request owe."""
        keys = [request.author_key, *(one.key for one in request.bodies)]
        keys += [owed_key(one.name) for one in request.bodies if not one.is_person]
        return tuple(dict.fromkeys(self.by_key[key] for key in keys if key in self.by_key))


NOTHING_OWED = Owed({})


def owed_key(name: str) -> str:
    """Return the key of an organization given by name only."""
    return f"body:{' '.join(name.casefold().split())}"


@dataclass(frozen=True)
class OpenRequestCounts:
    """The requests of each organization, author and speaker."""

    organisations: Mapping[str, frozenset[int]]
    authors: Mapping[str, frozenset[int]]
    speakers: Mapping[str, frozenset[int]]


def counts_of(requests: Iterable[RequestFacts]) -> OpenRequestCounts:
    organisations: dict[str, set[int]] = defaultdict(set)
    authors: dict[str, set[int]] = defaultdict(set)
    speakers: dict[str, set[int]] = defaultdict(set)
    for request in requests:
        if request.state not in STANDING:
            continue
        for key in request.organisations:
            organisations[key].add(request.request_id)
        if request.author_key:
            authors[request.author_key].add(request.request_id)
        for one in request.speakers:
            speakers[one.key].add(request.request_id)
    frozen = (
        {key: frozenset(ids) for key, ids in found.items()} for found in (organisations, authors, speakers)
    )
    return OpenRequestCounts(*frozen)


@dataclass(frozen=True)
class CheckContext:
    """What a request is checked against."""

    counts: OpenRequestCounts
    owed: Owed = NOTHING_OWED


def check(
    request: RequestFacts, rules: Collection[RequestCheck], around: CheckContext
) -> tuple[BrokenRule, ...]:
    """Return the broken rules, stopping ones first."""
    found = [
        BrokenRule(rule.check, rule.strength, sentence)
        for rule in rules
        if rule.strength is not RuleStrength.OFF
        for sentence in _CHECKS[rule.check](request, rule.number, around)
    ]
    return tuple(sorted(found, key=lambda finding: not finding.blocks))


def require_checked(findings: Iterable[BrokenRule]) -> None:
    """Refuse to submit a request that a rule stops."""
    sentences = [finding.sentence for finding in findings if finding.blocks]
    if sentences:
        raise Refused(" ".join(sentences), "checks")


def require_rule(check: str, strength: str, number: int) -> None:
    """Refuse invalid rules."""
    if check not in {one.value for one in Check} or strength not in {one.value for one in RuleStrength}:
        raise Refused(gettext("Please choose among the rules and how strict they are."), "rule")
    if not 1 <= number <= MOST_NUMBER:
        sentence = gettext("Please choose a number from 1 to %(most)s.")
        raise Refused(sentence % {"most": MOST_NUMBER}, "rule-number", "number")


def _fewest_speakers(request: RequestFacts, _number: int, _around: CheckContext) -> Iterator[str]:
    named, fewest = len(request.speakers), request.fewest_speakers
    if named < fewest:
        sentence = ngettext(
            "It names %(named)s of at least %(fewest)s speaker.",
            "It names %(named)s of at least %(fewest)s speakers.",
            fewest,
        )
        yield sentence % {"named": named, "fewest": fewest}


def _confirmed(request: RequestFacts, number: int, _around: CheckContext) -> Iterator[str]:
    yes = sum(one.is_confirmed for one in request.people)
    if yes < number:
        sentence = ngettext(
            "%(yes)s of at least %(number)s person has said yes. Please ask them by letter.",
            "%(yes)s of at least %(number)s people have said yes. Please ask them by letter.",
            number,
        )
        yield sentence % {"yes": yes, "number": number}


def _moderated(request: RequestFacts, _number: int, _around: CheckContext) -> Iterator[str]:
    if not any(one.part in (SessionRole.MODERATOR, SessionRole.REMOTE_MODERATOR) for one in request.people):
        yield gettext("Nobody moderates. Please name a moderator among the people.")


def _of_scheme(dimension: SchemeDimension) -> Scheme:
    return next(scheme for scheme in shown_first() if scheme.dimension is dimension)


def _groups(request: RequestFacts, number: int, _around: CheckContext) -> Iterator[str]:
    groups = request.groups(_of_scheme(SchemeDimension.STAKEHOLDER))
    if len(set(groups)) < number:
        yield _mix(
            gettext("Speakers come from %(kinds)s of at least %(number)s stakeholder groups."),
            groups,
            number,
            request,
        )


def _regions(request: RequestFacts, number: int, _around: CheckContext) -> Iterator[str]:
    groups = request.groups(_of_scheme(SchemeDimension.REGION))
    if len(set(groups)) < number:
        yield _mix(
            gettext("Speakers come from %(kinds)s of at least %(number)s regions."), groups, number, request
        )


def _genders(request: RequestFacts, number: int, _around: CheckContext) -> Iterator[str]:
    if len(set(request.genders)) < number:
        yield _mix(
            gettext("Speakers are of %(kinds)s of at least %(number)s genders."),
            request.genders,
            number,
            request,
        )


def _mix(sentence: str, known: Collection[str], number: int, request: RequestFacts) -> str:
    """Return what a mix lacks, and how many have unknown facts."""
    words = sentence % {"kinds": len(set(known)), "number": number}
    silent = len(request.speakers) - len(known)
    if not silent:
        return words
    unsaid = ngettext(
        "Of %(silent)s speaker it is not said.", "Of %(silent)s speakers it is not said.", silent
    )
    return f"{words} {unsaid % {'silent': silent}}"


def _per_organisation(request: RequestFacts, number: int, around: CheckContext) -> Iterator[str]:
    names = {one.key: one.name for one in request.bodies}
    for key in dict.fromkeys(request.organisations):
        others = around.counts.organisations.get(key, frozenset()) - {request.request_id}
        if len(others) >= number:
            sentence = gettext(
                "%(name)s stands behind %(count)s other requests; at most %(number)s are taken."
            )
            yield sentence % {"name": names[key], "count": len(others), "number": number}


def _per_author(request: RequestFacts, number: int, around: CheckContext) -> Iterator[str]:
    others = around.counts.authors.get(request.author_key, frozenset()) - {request.request_id}
    if request.author_key and len(others) >= number:
        sentence = ngettext(
            "The same person asks for %(count)s other session; at most %(number)s of one person may stand.",
            "The same person asks for %(count)s other sessions; at most %(number)s of one person may stand.",
            len(others),
        )
        yield sentence % {"count": len(others), "number": number}


def _per_speaker(request: RequestFacts, number: int, around: CheckContext) -> Iterator[str]:
    for one in request.speakers:
        others = around.counts.speakers.get(one.key, frozenset()) - {request.request_id}
        if len(others) >= number:
            sentence = ngettext(
                "%(name)s is named in %(count)s other request; at most %(number)s may name one speaker.",
                "%(name)s is named in %(count)s other requests; at most %(number)s may name one speaker.",
                len(others),
            )
            yield sentence % {"name": one.name, "count": len(others), "number": number}


def _report_filed(request: RequestFacts, _number: int, around: CheckContext) -> Iterator[str]:
    owed = around.owed.of(request)
    if owed:
        sentence = gettext("The report on a session held last time is missing: %(what)s. Please file it.")
        yield sentence % {"what": listed(owed)}


type CheckOne = Callable[[RequestFacts, int, CheckContext], Iterator[str]]

_CHECKS: Mapping[Check, CheckOne] = {
    Check.FEWEST_SPEAKERS: _fewest_speakers,
    Check.CONFIRMED: _confirmed,
    Check.MODERATED: _moderated,
    Check.GROUPS: _groups,
    Check.REGIONS: _regions,
    Check.GENDERS: _genders,
    Check.PER_ORGANISATION: _per_organisation,
    Check.PER_AUTHOR: _per_author,
    Check.PER_SPEAKER: _per_speaker,
    Check.REPORT_FILED: _report_filed,
}
