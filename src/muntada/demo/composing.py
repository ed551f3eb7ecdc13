"""The composite index of the demo, from real series of countries."""

from muntada.demo.frame import DemoState
from muntada.evidence.indexes import actions as composing
from muntada.evidence.indexes.actions import NewIndex
from muntada.evidence.indexes.rules import COUNTRIES, PartOf, PillarOf
from muntada.evidence.indicators.models import Indicator
from muntada.record.rules import SYSTEM

# Code, and index of the pillar.
PARTS = (("IT.NET.USER.ZS", 0), ("IT.CEL.SETS.P2", 1), ("IT.NET.BBND.P2", 1))


def put_index(stand: DemoState) -> None:
    """Create the index, if the forum has all series."""
    codes = [code for code, _ in PARTS]
    known = {one.code: one for one in Indicator.objects.filter(forum=stand.forum, code__in=codes)}
    if len(known) < len(PARTS):
        return
    new = NewIndex(
        title="Use and networks",
        about=(
            "An example of this demo, agreed nowhere: how many people use the Internet counts as much as the"
            " mobile and fixed networks by which they do."
        ),
        language="en",
        compares=COUNTRIES,
        year=2023,
        oldest=5,
        pillars=(PillarOf("Use", 1.0), PillarOf("Networks", 1.0)),
        parts=tuple(PartOf(known[code].pk, pillar, 1.0, more_is_better=True) for code, pillar in PARTS),
        seed=20,
    )
    composing.make_index(forum=stand.forum, new=new, actor=SYSTEM, now=stand.clock.tick(minutes=30))
