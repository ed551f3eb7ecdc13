from .duplicates import Entry, Likeness, Pair, duplicates, likeness
from .graph import Graph, Tie, Work, components, graph_of
from .matching import Match, Wish, match, matches

__all__ = [
    "Entry",
    "Graph",
    "Likeness",
    "Match",
    "Pair",
    "Tie",
    "Wish",
    "Work",
    "components",
    "duplicates",
    "graph_of",
    "likeness",
    "match",
    "matches",
]
