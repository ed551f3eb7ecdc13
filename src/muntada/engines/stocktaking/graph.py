"""The network of organizations: a tie for each common work, stronger with every further one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations


@dataclass(frozen=True, slots=True)
class JointWork:
    """A work and its members; all ids are opaque."""

    id: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie between two members, and their common works."""

    one: str
    other: str
    works: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """All members with partners, and their ties; the same works give the same order."""

    nodes: tuple[str, ...]
    ties: tuple[Tie, ...]

    @cached_property
    def partners(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {node: set() for node in self.nodes}
        for tie in self.ties:
            found[tie.one].add(tie.other)
            found[tie.other].add(tie.one)
        return {node: frozenset(others) for node, others in found.items()}

    @cached_property
    def works(self) -> Mapping[str, frozenset[str]]:
        """The common works of each node."""
        found: dict[str, set[str]] = {node: set() for node in self.nodes}
        for tie in self.ties:
            found[tie.one].update(tie.works)
            found[tie.other].update(tie.works)
        return {node: frozenset(works) for node, works in found.items()}

    @cached_property
    def by_reach(self) -> tuple[str, ...]:
        """The nodes by number of partners, then number of works, then id."""
        return tuple(
            sorted(self.nodes, key=lambda one: (-len(self.partners[one]), -len(self.works[one]), one))
        )


def graph_of(works: Iterable[JointWork]) -> Graph:
    """Tie every two members of each work. A member without partners is no node."""
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for work in works:
        for pair in combinations(sorted(set(work.members)), 2):
            together[pair].append(work.id)
    ties = tuple(Tie(*pair, tuple(together[pair])) for pair in sorted(together))
    return Graph(tuple(sorted({node for pair in together for node in pair})), ties)


def with_ends(graph: Graph, chosen: Collection[str]) -> Graph:
    """Keep the ties with at least one chosen end, and their nodes."""
    return _of_ties(tie for tie in graph.ties if tie.one in chosen or tie.other in chosen)


def around(graph: Graph, node: str) -> Graph:
    """Keep one node, its partners, and the ties among all of them."""
    near = {node, *graph.partners.get(node, ())}
    return _of_ties(tie for tie in graph.ties if tie.one in near and tie.other in near)


def components(graph: Graph) -> tuple[tuple[str, ...], ...]:
    """Return the connected components, the largest first, each ordered by reach."""
    root: dict[str, str] = {}
    for first in graph.nodes:
        reached = [] if first in root else [first]
        while reached:
            node = reached.pop()
            if node not in root:
                root[node] = first
                reached.extend(graph.partners[node])
    groups: dict[str, list[str]] = defaultdict(list)
    for node in graph.by_reach:
        groups[root[node]].append(node)
    return tuple(tuple(group) for group in sorted(groups.values(), key=lambda one: (-len(one), one[0])))


def most_connected(graph: Graph, limit: int) -> Graph:
    """Keep at most `limit` nodes, those with the most partners that are tied to each other."""
    if len(graph.nodes) <= limit:
        return graph
    kept = frozenset(graph.by_reach[:limit])
    return _of_ties(tie for tie in graph.ties if tie.one in kept and tie.other in kept)


def strongest(graph: Graph, limit: int) -> Graph:
    """Keep every node and at most `limit` ties: the strongest, including the strongest of each node."""
    if len(graph.ties) <= limit:
        return graph
    ordered = sorted(graph.ties, key=lambda tie: (-len(tie.works), tie.one, tie.other))
    held: set[str] = set()
    kept = []
    for tie in ordered:
        if tie.one not in held or tie.other not in held:
            kept.append(tie)
            held.update((tie.one, tie.other))
    first = frozenset((tie.one, tie.other) for tie in kept)
    room = max(limit - len(kept), 0)
    kept += [tie for tie in ordered if (tie.one, tie.other) not in first][:room]
    return Graph(graph.nodes, tuple(sorted(kept, key=lambda tie: (tie.one, tie.other))))


def _of_ties(ties: Iterable[Tie]) -> Graph:
    kept = tuple(ties)
    return Graph(tuple(sorted({node for tie in kept for node in (tie.one, tie.other)})), kept)
