from .duplicates import ComparedEntry, EntryPair, Likeness, duplicates, likeness
from .graph import Graph, JointWork, Tie, components, graph_of
from .matching import PartnerMatch, PartnerWish, match, matches

__all__ = [
    "ComparedEntry",
    "EntryPair",
    "Graph",
    "JointWork",
    "Likeness",
    "PartnerMatch",
    "PartnerWish",
    "Tie",
    "components",
    "duplicates",
    "graph_of",
    "likeness",
    "match",
    "matches",
]
