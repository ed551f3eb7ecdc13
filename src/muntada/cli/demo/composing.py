"""The composite index of the demo: as far as figures that were published for groups go."""

from muntada.cli.demo.frame import Stand
from muntada.evidence.actions import composing
from muntada.evidence.actions.composing import NewIndex
from muntada.evidence.models import Indicator
from muntada.evidence.rules.areas import Grouping
from muntada.evidence.rules.composites import PartOf, PillarOf
from muntada.record.rules import SYSTEM

# Code, place of the pillar, and whether more is better.
PARTS = (
    ("IT.NET.USER.ZS", 0, True),
    ("pop_covered_5g_pct", 1, True),
    ("fixed_broadband_basket_pct_gni", 1, False),
)
ABOUT = (
    "An example of this demo. Use counts as much as what makes it possible: coverage and price."
    " Figures for all three are published for two income groups only."
)


def put_index(stand: Stand) -> None:
    """Make an index of the published figures, where the forum has them all."""
    codes = [code for code, _, _ in PARTS]
    known = {one.code: one for one in Indicator.objects.filter(forum=stand.forum, code__in=codes)}
    if len(known) < len(PARTS):
        return
    new = NewIndex(
        title="Use, coverage and price by income group",
        about=ABOUT,
        language="en",
        compares=Grouping.INCOME.value,
        year=2025,
        oldest=5,
        pillars=(PillarOf("Use", 1.0), PillarOf("What makes it possible", 1.0)),
        parts=tuple(PartOf(known[code].pk, pillar, 1.0, more) for code, pillar, more in PARTS),
        seed=20,
    )
    composing.make_index(forum=stand.forum, new=new, actor=SYSTEM, now=stand.clock.tick(minutes=30))
