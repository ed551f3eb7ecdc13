"""Adapter of the cooperation network, cached in memory until entries change."""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Self

from muntada.engines.stocktaking import graph as network
from muntada.engines.stocktaking.graph import Graph, JointWork
from muntada.engines.stocktaking.labels import Label, labels
from muntada.engines.stocktaking.layout import NodePlace, PictureFrame, layout
from muntada.engines.stocktaking.names import key_of, named_in
from muntada.evidence.initiatives.queries import cooperation as queries
from muntada.evidence.initiatives.queries.cooperation import EntryRow, NetworkState, OrganisationRow
from muntada.forums.models import Forum

# More cannot be distinguished in one picture; the table has all.
MOST_DRAWN, MOST_TIES, MOST_NAMED = 120, 320, 24
PICTURES_KEPT = 200
LONGEST_CHOICE = 140
UNREGISTERED = "named"
SEED = 1


@dataclass(frozen=True, slots=True)
class NetworkMember:
    """A member of the network: a registered organization, or a partner known by name only."""

    id: str
    name: str
    language: str
    kind: str
    country: str
    region: str
    is_registered: bool

    @property
    def kind_key(self) -> str:
        return self.kind if self.is_registered else UNREGISTERED


@dataclass(frozen=True, slots=True)
class NetworkEntry:
    """A common work of members."""

    number: int
    title: str
    language: str
    lines: tuple[str, ...]
    members: tuple[str, ...]


@dataclass(frozen=True)
class Cooperation:
    """All common works in a forum's stocktaking, and their members."""

    members: Mapping[str, NetworkMember]
    entries: Mapping[str, NetworkEntry]

    @cached_property
    def met(self) -> Mapping[str, int]:
        """The number of entries of each member."""
        return Counter(member for entry in self.entries.values() for member in entry.members)

    def graph(self, line: str, *, with_once: bool) -> Graph:
        """Return the network of one line or all, by default without names that occur once."""
        works = (
            JointWork(key, tuple(member for member in entry.members if with_once or self._stands(member)))
            for key, entry in self.entries.items()
            if not line or line in entry.lines
        )
        return network.graph_of(works)

    def _stands(self, member: str) -> bool:
        return self.members[member].is_registered or self.met[member] > 1


# The names of the URL parameters.
CHOICES = ("line", "region", "kind", "once")


@dataclass(frozen=True)
class NetworkFilter:
    """The requested part of the network; empty means everything."""

    line: str = ""
    region: str = ""
    kind: str = ""
    with_once: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        line, region, kind = (asked.get(name, "").strip()[:LONGEST_CHOICE] for name in CHOICES[:-1])
        return cls(line, region, kind, asked.get("once", "") == "yes")

    @property
    def is_everything(self) -> bool:
        return self == NetworkFilter()

    def chooses(self, member: NetworkMember) -> bool:
        return (not self.region or member.region == self.region) and (
            not self.kind or member.kind_key == self.kind
        )


@dataclass(frozen=True, slots=True)
class NetworkNode:
    member: NetworkMember
    at: NodePlace
    radius: int
    label: Label | None
    is_chosen: bool
    partners: int

    @property
    def left(self) -> int:
        return self.at.x - self.radius

    @property
    def top(self) -> int:
        return self.at.y - self.radius

    @property
    def size(self) -> int:
        return 2 * self.radius


@dataclass(frozen=True, slots=True)
class Stroke:
    """A tie in the picture; its width shows the number of common works."""

    start: NodePlace
    end: NodePlace
    width: int


@dataclass(frozen=True)
class NetworkPicture:
    frame: PictureFrame
    nodes: tuple[NetworkNode, ...]
    strokes: tuple[Stroke, ...]
    left_out: int
    ties_left_out: int


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """A row of the table equivalent to the picture."""

    member: NetworkMember
    partners: tuple[NetworkMember, ...]
    entries: tuple[NetworkEntry, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Seen:
    """The requested part of the network."""

    graph: Graph
    rows: tuple[NetworkRow, ...]
    picture: NetworkPicture | None
    groups: int
    largest: int
    named_once: int


@dataclass(frozen=True)
class Neighbourhood:
    """A member with its partners, and the picture of its neighbours."""

    member: NetworkMember
    rows: tuple[NetworkRow, ...]
    entries: tuple[NetworkEntry, ...]
    picture: NetworkPicture


class KeptCooperation:
    """The network cached in this process until an entry or organization changes."""

    def __init__(self) -> None:
        self._read: dict[int, tuple[NetworkState, Cooperation]] = {}
        self._seen: OrderedDict[tuple[int, NetworkState, NetworkFilter | str], Seen | Neighbourhood] = (
            OrderedDict()
        )
        self._lock = Lock()

    def of(self, forum: Forum) -> tuple[NetworkState, Cooperation]:
        stand = queries.stand_of(forum)
        kept = self._read.get(forum.pk)
        if kept is None or kept[0] != stand:
            kept = (stand, cooperation_of(queries.entries_with_partners(forum), queries.organisation_rows()))
            self._read[forum.pk] = kept
        return kept

    def seen(self, forum: Forum, wanted: NetworkFilter) -> Seen:
        stand, whole = self.of(forum)
        found = self._seen.get((forum.pk, stand, wanted))
        return (
            found if isinstance(found, Seen) else self._keep((forum.pk, stand, wanted), seen(whole, wanted))
        )

    def around(self, forum: Forum, member_id: str) -> Neighbourhood | None:
        stand, whole = self.of(forum)
        if member_id not in whole.members:
            return None
        found = self._seen.get((forum.pk, stand, member_id))
        if isinstance(found, Neighbourhood):
            return found
        return self._keep((forum.pk, stand, member_id), around(whole, member_id))

    def _keep[T: (Seen, Neighbourhood)](
        self, key: tuple[int, NetworkState, NetworkFilter | str], found: T
    ) -> T:
        with self._lock:
            self._seen[key] = found
            while len(self._seen) > PICTURES_KEPT:
                self._seen.popitem(last=False)
        return found


kept = KeptCooperation()


def cooperation_of(entries: Sequence[EntryRow], organisations: Sequence[OrganisationRow]) -> Cooperation:
    """Identify partners named in texts: a registered organization, else the name itself."""
    known = {row.pk: _registered(row) for row in organisations}
    by_key: dict[str, list[NetworkMember]] = defaultdict(list)
    for member in known.values():
        by_key[key_of(member.name)].append(member)
    members: dict[str, NetworkMember] = {}
    found: dict[str, NetworkEntry] = {}
    for entry in entries:
        taking_part = [known[entry.lead], *_partners(entry, by_key)]
        members |= {one.id: members.get(one.id, one) for one in taking_part}
        ids = tuple(dict.fromkeys(one.id for one in taking_part))
        found[str(entry.number)] = NetworkEntry(entry.number, entry.title, entry.language, entry.lines, ids)
    return Cooperation(members, found)


def id_of(organisation_id: int) -> str:
    """Return the node id of a registered organization."""
    return f"o{organisation_id}"


def _registered(row: OrganisationRow) -> NetworkMember:
    return NetworkMember(
        id_of(row.pk), row.name, row.language, row.kind, row.country, row.region, is_registered=True
    )


def _partners(entry: EntryRow, by_key: Mapping[str, Sequence[NetworkMember]]) -> Iterator[NetworkMember]:
    for name in named_in(entry.partners):
        key = key_of(name)
        meant = by_key.get(key, ())
        # Ministries of many countries share a name: prefer the country of the initiative.
        near = [one for one in meant if one.country in entry.countries] if len(meant) > 1 else meant
        if len(near) == 1:
            yield near[0]
        else:
            yield NetworkMember(f"n-{key}", name, entry.language, "", "", "", is_registered=False)


def seen(whole: Cooperation, wanted: NetworkFilter) -> Seen:
    """Return the requested part: the selected members and their partners."""
    graph = whole.graph(wanted.line, with_once=wanted.with_once)
    chosen = frozenset(node for node in graph.nodes if wanted.chooses(whole.members[node]))
    graph = network.with_ends(graph, chosen)
    groups = network.components(graph)
    largest = frozenset(groups[0]) if groups else frozenset[str]()
    drawn = network.most_connected(network.with_ends(graph, largest), MOST_DRAWN)
    everybody = not wanted.region and not wanted.kind
    return Seen(
        graph=graph,
        rows=tuple(_row(whole, graph, node) for node in graph.by_reach if node in chosen),
        picture=picture_of(whole, graph, drawn, frozenset() if everybody else chosen)
        if drawn.nodes
        else None,
        groups=len(groups),
        largest=len(largest),
        named_once=sum(not one.is_registered and whole.met[one.id] == 1 for one in whole.members.values()),
    )


def around(whole: Cooperation, member_id: str) -> Neighbourhood:
    """Return a member with its partners, including names that occur once."""
    graph = whole.graph("", with_once=True)
    near = network.around(graph, member_id)
    partners = graph.partners.get(member_id, frozenset())
    drawn = network.most_connected(near, MOST_DRAWN)
    own = tuple(entry for entry in whole.entries.values() if member_id in entry.members)
    rows = (_row(whole, graph, node) for node in graph.by_reach if node in partners)
    together = tuple(_with(row, member_id) for row in rows)
    return Neighbourhood(
        member=whole.members[member_id],
        rows=tuple(sorted(together, key=lambda row: -len(row.entries))),
        entries=own,
        picture=picture_of(whole, near, drawn, frozenset({member_id})),
    )


def _with(row: NetworkRow, member_id: str) -> NetworkRow:
    """Restrict a partner's row to common works with this member."""
    entries = tuple(entry for entry in row.entries if member_id in entry.members)
    return NetworkRow(row.member, row.partners, entries, _lines(entries))


def _row(whole: Cooperation, graph: Graph, node: str) -> NetworkRow:
    entries = tuple(whole.entries[key] for key in sorted(graph.works[node], key=int))
    rank = graph.partners[node]
    partners = sorted(rank, key=lambda one: (-len(graph.partners[one]), whole.members[one].name))
    return NetworkRow(
        whole.members[node], tuple(whole.members[one] for one in partners), entries, _lines(entries)
    )


def _lines(entries: Sequence[NetworkEntry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for entry in entries for code in entry.lines))


def picture_of(whole: Cooperation, graph: Graph, drawn: Graph, chosen: frozenset[str]) -> NetworkPicture:
    """Lay out the nodes, size them and their ties by common works, and label the best connected."""
    drawn = network.strongest(drawn, MOST_TIES)
    frame = PictureFrame()
    radii = {node: 5 + min(round(len(graph.partners[node]) ** 0.5 * 1.6), 13) for node in drawn.nodes}
    places = layout(drawn, radii, seed=SEED, frame=frame)
    names = {node: whole.members[node].name for node in drawn.nodes}
    ranked = sorted(drawn.nodes, key=lambda node: (node not in chosen, -len(graph.partners[node]), node))
    named = labels(ranked, places, radii, names, frame=frame, most=MOST_NAMED)
    nodes = tuple(
        NetworkNode(
            whole.members[node],
            places[node],
            radii[node],
            named.get(node),
            not chosen or node in chosen,
            len(graph.partners[node]),
        )
        for node in drawn.nodes
    )
    strokes = tuple(Stroke(places[tie.one], places[tie.other], min(len(tie.works), 5)) for tie in drawn.ties)
    return NetworkPicture(
        frame=frame,
        nodes=nodes,
        strokes=strokes,
        left_out=len(graph.nodes) - len(drawn.nodes),
        ties_left_out=len(graph.ties) - len(drawn.ties),
    )
