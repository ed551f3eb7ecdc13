"""Made-up calls for sessions of real size, and small ones that mix all rules."""

from random import Random

from muntada.engines.selection.problem import (
    Alternatives,
    Apportionment,
    BalanceRule,
    Cap,
    Capacity,
    Headcount,
    PinnedRequest,
    RequestSpec,
    SelectionProblem,
    SelectionRule,
    Unit,
    Veto,
)

STAKEHOLDERS = {
    "government": 15,
    "private": 15,
    "academia": 25,
    "technical": 12,
    "civil-society": 28,
    "io": 5,
}
REGIONS = {"africa": 12, "arab": 8, "asia-pacific": 18, "cis": 5, "europe": 40, "americas": 17}
COUNTRIES = {"ldc": 8, "lldc": 5, "sids": 4, "": 83}
KINDS = {"workshop": 60, "open-forum": 20, "lightning": 20}
MINUTES = {"workshop": (60, 90), "open-forum": (60,), "lightning": (20, 30)}


def drawn(random: Random, weights: dict[str, int]) -> str:
    return random.choices(list(weights), list(weights.values()))[0]


def request(random: Random, number: int, organisations: int, themes: int) -> RequestSpec:
    kind = drawn(random, KINDS)
    speakers = random.randint(3, 6)
    region = drawn(random, REGIONS)
    # three reviewers give whole marks from 1 to 5 on four criteria: many requests score the same
    quality = random.gauss(3.2 if region == "europe" else 2.9, 0.6)
    marks = [min(5, max(1, round(random.gauss(quality, 0.7)))) for _ in range(12)]
    groups = {
        "stakeholder": frozenset({drawn(random, STAKEHOLDERS)}),
        "region": frozenset({region}),
        "country": frozenset({drawn(random, COUNTRIES)} - {""}),
        "organisation": frozenset({f"o{int(organisations * random.random() ** 2)}"}),
        "person": frozenset(f"p{int(organisations * 12 * random.random() ** 1.5)}" for _ in range(speakers)),
        "theme": frozenset(f"M/{min(random.sample(range(themes), 2))}" for _ in range(2)),
        "first-timer": frozenset({"yes"} if random.random() < 0.3 else ()),
    }
    women = sum(random.random() < 0.38 for _ in range(speakers))
    return RequestSpec(
        f"P/{number}",
        round(sum(marks) / 12, 2),
        kind,
        random.choice(MINUTES[kind]),
        groups,
        {"speakers": speakers, "women": women},
    )


def call(count: int, *, seed: int = 1, tight: float = 1.0) -> SelectionProblem:
    """A call with `count` requests for about a third as many places, and 30 rules."""
    random = Random(seed)  # noqa: S311 - made-up requests
    themes = 12
    requests = tuple(request(random, number, count // 3, themes) for number in range(1, count + 1))
    third = count // 3
    capacities = (
        Capacity("workshops", frozenset({"workshop"}), sessions=third * 6 // 10),
        Capacity("open forums", frozenset({"open-forum"}), sessions=third * 2 // 10),
        Capacity("lightning talks", frozenset({"lightning"}), sessions=third * 2 // 10),
        Capacity("rooms", minutes=third * 58),
    )
    rules: list[SelectionRule] = [Cap("organisations", "organisation", 2), Cap("people", "person", 3)]
    rules += [
        BalanceRule(f"stakeholder {name}", "stakeholder", frozenset({name}), least=least * tight)
        for name, least in {"government": 17, "private": 17, "academia": 15, "technical": 14, "io": 6}.items()
    ]
    rules += [
        BalanceRule(f"region {name}", "region", frozenset({name}), least=least * tight)
        for name, least in {"africa": 17, "arab": 11, "asia-pacific": 19, "cis": 6, "americas": 16}.items()
    ]
    rules += [
        BalanceRule(f"country {name}", "country", frozenset({name}), least=least * tight)
        for name, least in {"ldc": 10, "lldc": 6, "sids": 5}.items()
    ]
    rules += [
        BalanceRule("region europe", "region", frozenset({"europe"}), most=33),
        BalanceRule("first-timers", "first-timer", frozenset({"yes"}), least=33 * tight),
        BalanceRule(
            "minutes of civil society",
            "stakeholder",
            frozenset({"civil-society"}),
            most=30,
            measure="minutes",
        ),
        Headcount("women", "women", least=42 * tight),
        Apportionment(
            "themes",
            "theme",
            {f"M/{number}": float(40 - 3 * number) for number in range(themes)},
            tolerance=3,
        ),
        BalanceRule(
            "workshops from the south",
            "region",
            frozenset({"africa", "arab", "asia-pacific"}),
            least=45,
            kinds=frozenset({"workshop"}),
        ),
        BalanceRule(
            "open forums of governments",
            "stakeholder",
            frozenset({"government", "io"}),
            least=max(1, third // 50),
            unit=Unit.NUMBER,
            kinds=frozenset({"open-forum"}),
        ),
    ]
    names = [one.id for one in requests]
    firsts = {one.of("organisation"): one.id for one in reversed(requests[: count // 2])}
    pins = tuple(PinnedRequest(name) for name in random.sample(sorted(firsts.values()), 5))
    vetoes = tuple(Veto(name) for name in random.sample(names[count // 2 :], 5))
    while len(rules) < 30:
        pair = frozenset(random.sample(names[count // 4 : count // 3], 3))
        rules.append(Alternatives(f"alike {len(rules)}", pair))
    return SelectionProblem(requests, capacities, tuple(rules), pins, vetoes)
