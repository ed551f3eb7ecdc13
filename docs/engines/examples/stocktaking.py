"""Three initiatives: who works with whom, who can help whom, which entries say the same."""

from muntada.engines.stocktaking import (
    ComparedEntry,
    JointWork,
    PartnerWish,
    components,
    duplicates,
    graph_of,
    matches,
)

WORKS = (
    JointWork("I/1", ("ITU", "UNESCO", "Ministry of ICT")),
    JointWork("I/2", ("UNESCO", "UNDP")),
    JointWork("I/3", ("Rhizome", "Voice")),
)
ENTRIES = (
    ComparedEntry(1, "Community networks for the islands of the south", "en", "Rhizome", frozenset({"FJI"})),
    ComparedEntry(
        2, "Community network for the islands of the South", "en", "Rhizome Foundation", frozenset({"FJI"})
    ),
    ComparedEntry(
        3, "A national strategy for artificial intelligence", "en", "Ministry of ICT", frozenset({"EST"})
    ),
)
WISHES = (
    PartnerWish(
        1,
        is_offered=False,
        kinds=frozenset({"money"}),
        by=7,
        language="en",
        until=739_000,
        lines=frozenset({"C2"}),
    ),
    PartnerWish(2, is_offered=True, kinds=frozenset({"money", "staff"}), by=8, language="en", until=739_500),
    PartnerWish(3, is_offered=True, kinds=frozenset({"staff"}), by=9, language="en", until=739_500),
)


def main() -> None:
    graph = graph_of(WORKS)
    print("Most partners:", graph.by_reach[0], "with", ", ".join(sorted(graph.partners[graph.by_reach[0]])))
    print("Groups:", [len(group) for group in components(graph)])
    for match in matches(WISHES):
        print(f"{match.offered} can help {match.sought}: {', '.join(match.kinds)} ({match.points} points)")
    for pair in duplicates(ENTRIES):
        print(f"{pair.one} and {pair.other} may be the same:", *pair.likeness.reasons)


if __name__ == "__main__":
    main()
