"""Nine requests for five places: the best choice that is balanced, what each rule costs, who comes next."""

from muntada.engines.selection import BalanceRule, Cap, Capacity, RequestSpec, SelectionProblem, select

ASKED = (  # id, score of the reviewers, organization, kind of organization
    ("AI for deaf children", 9.1, "Voice", "civil society"),
    ("Cloud for ministries", 8.8, "Nimbus", "business"),
    ("Chips and climate", 8.7, "Nimbus", "business"),
    ("Fibre to the island", 8.4, "Telia", "business"),
    ("5G in ports", 8.2, "Harbour", "business"),
    ("Rules for data", 7.9, "Ministry of ICT", "government"),
    ("Village networks", 7.4, "Rhizome", "civil society"),
    ("Open schoolbooks", 7.0, "Library Fund", "civil society"),
    ("Digital identity", 6.6, "Ministry of Interior", "government"),
)


def main() -> None:
    requests = tuple(
        RequestSpec(name, score, groups={"organization": frozenset({by}), "stakeholders": frozenset({kind})})
        for name, score, by, kind in ASKED
    )
    rules = (
        Cap("one for each organization", scheme="organization", most=1),
        BalanceRule(
            "two fifths civil society",
            scheme="stakeholders",
            groups=frozenset({"civil society"}),
            least=40,
        ),
    )
    choice = select(SelectionProblem(requests, (Capacity("places", sessions=5),), rules), seed=1)
    print(f"{choice.score:g} points, {choice.status}: {', '.join(choice.chosen)}")
    for price in choice.prices:
        print(f"{price.condition}: {price.points:g} points")
    first = next(one for one in choice.excluded if one.request == choice.waiting[0])
    print(f"First on the waiting list: {first.request}, would cost {first.cost:g}")


if __name__ == "__main__":
    main()
