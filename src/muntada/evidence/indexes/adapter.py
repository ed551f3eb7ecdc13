"""Adapter of composite indexes: indicators and choices in, ranks with uncertainty out."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from muntada.engines.progress.composite import AreaScore, IndexChoices, IndexComponent, index_of
from muntada.engines.progress.doubt import DRAWS, RankDoubt, rank_doubt
from muntada.evidence.areas.models import Area
from muntada.evidence.assessments.adapter.values import rounded
from muntada.evidence.indexes.models import CompositeIndex
from muntada.evidence.indexes.queries import IndexInput
from muntada.evidence.indexes.rules import IndexResult, ScoredArea

TOP = "index"
VERSION = 1


def measure_index(
    index: CompositeIndex, counted: Sequence[IndexInput], areas: Sequence[Area], alike: Sequence[str]
) -> IndexResult:
    """Return scores, ranks and rank intervals."""
    codes = [_code(one) for one in counted]
    named = [area.code for area in areas]
    table = np.array(
        [[one.newest.get(code, (0, np.nan))[1] for one in counted] for code in named], dtype=np.float64
    ).reshape(len(named), len(codes))
    parts = _parts(index, counted)
    choices = IndexChoices(index.treats_outliers, index.fills_gaps, index.normalise, index.aggregate)
    made = index_of(named, codes, table, parts, groups=alike, choices=choices)
    doubt = rank_doubt(
        named, codes, table, parts, seed=index.seed, groups=alike, choices=choices, draws=DRAWS
    )
    between = {one.area: one for one in doubt.areas}
    row = {code: at for at, code in enumerate(named)}
    return IndexResult(
        areas=tuple(
            _scored(one, [codes[at] for at in np.flatnonzero(np.isnan(table[row[one.area]]))], codes, between)
            for one in made.areas
        ),
        codes=tuple(codes),
        left_out={code: str(why) for code, why in made.left_out.items()},
        drawn_in=made.drawn_in,
        logarithms=made.logarithms,
        shifts={name: rounded(value) for name, value in doubt.shifts.items()},
        draws=doubt.draws,
        seed=doubt.seed,
        level=doubt.level,
        weights_apart=doubt.weights_apart,
        version=VERSION,
    )


def _scored(
    one: AreaScore, missing: Sequence[str], codes: Sequence[str], between: Mapping[str, RankDoubt]
) -> ScoredArea:
    interval = between.get(one.area)
    return ScoredArea(
        area=one.area,
        rank=one.rank,
        score=rounded(one.score),
        parts={code: rounded(score) for code, score in one.parts.items()},
        missing=tuple(missing),
        known=len(codes) - len(missing),
        reason=str(one.reason) if one.reason else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        median=interval.median if interval else None,
    )


def digest_of(
    index: CompositeIndex, counted: Sequence[IndexInput], areas: Sequence[Area], alike: Sequence[str]
) -> str:
    """Return the digest of the input: values, structure and choices."""
    told: Mapping[str, Any] = {
        "version": VERSION,
        "choices": [index.treats_outliers, index.fills_gaps, index.normalise, index.aggregate, index.seed],
        "parts": [[one.code, one.parent, one.weight, one.direction] for one in _parts(index, counted)],
        "numbers": [[_code(one), sorted(one.newest.items())] for one in counted],
        "areas": [[area.code, group] for area, group in zip(areas, alike, strict=True)],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def pillar_code(position: int) -> str:
    return f"pillar-{position}"


def _code(one: IndexInput) -> str:
    return one.part.indicator.code


def _parts(index: CompositeIndex, counted: Sequence[IndexInput]) -> list[IndexComponent]:
    pillars = [IndexComponent(pillar_code(one.position), TOP, one.weight) for one in index.pillars.all()]
    leaves = [
        IndexComponent(
            _code(one),
            pillar_code(one.part.pillar.position),
            one.part.weight,
            1 if one.part.more_is_better else -1,
        )
        for one in counted
    ]
    return [IndexComponent(TOP, ""), *pillars, *leaves]
