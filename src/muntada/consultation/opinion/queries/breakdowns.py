"""Results of the opinion map by declared group, raw and re-weighted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from muntada.consultation.calls.rules.counts import counted_by
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.opinion.queries.maprows import MapStatement
from muntada.consultation.statements.models import OpinionMap
from muntada.forums.rules.schemes import Scheme, scheme_at
from muntada.foundations.languages import listed

SHOWN, WITHHELD, NOT_HEARD = "shown", "withheld", "not heard"
MOST_CHANGED = 5


@dataclass(frozen=True)
class VoteShare:
    """A share in percent with its 95 % interval."""

    share: int
    low: int
    high: int


@dataclass(frozen=True)
class DeclaredGroup:
    """A declared group: number of voters, target share, weighted share."""

    code: str
    title: str
    standing: str
    people: int | None
    target: float | None
    raw: float | None
    achieved: float | None


@dataclass(frozen=True)
class GroupVote:
    """The votes of a declared group on a statement; `pooled` is the pooled estimate."""

    agree: int
    total: int
    pooled: VoteShare | None

    @property
    def share(self) -> int:
        return round(100 * self.agree / self.total) if self.total else 0


@dataclass(frozen=True)
class VoiceRow:
    """A statement: raw, weighted, and by declared group."""

    statement: MapStatement
    votes: int
    raw: VoteShare
    weighted: VoteShare | None
    cells: tuple[GroupVote | None, ...]

    @property
    def change(self) -> int:
        return self.weighted.share - self.raw.share if self.weighted else 0


@dataclass(frozen=True)
class WeightingNotes:
    """The effect of the weights."""

    people: int
    effective: int
    design_effect: float
    cap: float
    capped: int
    reasons: tuple[str, ...]
    not_heard: tuple[str, ...]


@dataclass(frozen=True)
class VoicesPage:
    """The voters by one scheme, and the votes of each group."""

    scheme: Scheme
    schemes: tuple[Scheme, ...]
    groups: tuple[DeclaredGroup, ...]
    undeclared: int | None
    rows: tuple[VoiceRow, ...]
    weighing: WeightingNotes | None

    @property
    def shown(self) -> tuple[DeclaredGroup, ...]:
        return tuple(group for group in self.groups if group.standing == SHOWN)

    @property
    def not_heard(self) -> tuple[str, ...]:
        return tuple(group.title for group in self.groups if group.standing == NOT_HEARD)

    @property
    def withheld(self) -> tuple[str, ...]:
        return tuple(group.title for group in self.groups if group.standing == WITHHELD)

    @property
    def is_weighted_by(self) -> bool:
        return any(group.target is not None for group in self.groups)

    @property
    def changed_most(self) -> tuple[VoiceRow, ...]:
        changed = sorted(self.rows, key=lambda row: (-abs(row.change), row.statement.number))
        return tuple(changed[:MOST_CHANGED])


def voices_page(
    kept: OpinionMap, texts: Mapping[int, MapStatement], scheme_key: str = ""
) -> VoicesPage | None:
    """Return results by a scheme of the map; None without declarations."""
    if not kept.voices or kept.call.gives_out == GivesOut.ROWS:
        return None
    drawn = {dimension["name"]: dimension for dimension in kept.voices["dimensions"]}
    offered = tuple(scheme for scheme in counted_by() if scheme.key in drawn)
    if not offered:
        return None
    scheme = next((one for one in offered if one.key == scheme_key), offered[0])
    groups = _groups(scheme, drawn[scheme.key], kept.voices["weighting"])
    return VoicesPage(
        scheme=scheme,
        schemes=offered,
        groups=groups,
        undeclared=drawn[scheme.key]["undeclared"],
        rows=_rows(kept.voices["statements"], texts, scheme.key, groups),
        weighing=_weighing(kept.voices["weighting"]),
    )


def _groups(
    scheme: Scheme, drawn: Mapping[str, Any], weighting: Mapping[str, Any] | None
) -> tuple[DeclaredGroup, ...]:
    """Return every group of the scheme, including those without voters."""
    found = {group["category"]: group for group in drawn["groups"]}
    margins = {
        one["category"]: one
        for one in (weighting["margins"] if weighting else ())
        if one["dimension"] == scheme.key
    }
    listed = []
    for group in scheme.groups:
        one, margin = found.get(group.code, {}), margins.get(group.code, {})
        listed.append(
            DeclaredGroup(
                code=group.code,
                title=group.title_here,
                standing=one.get("standing", NOT_HEARD),
                people=one.get("people"),
                target=margin.get("target"),
                raw=margin.get("raw"),
                achieved=margin.get("achieved"),
            )
        )
    own = {group.code for group in scheme.own_groups}
    return tuple(one for one in listed if one.standing != NOT_HEARD or one.code in own)


def _rows(
    statements: Mapping[str, Mapping[str, Any]],
    texts: Mapping[int, MapStatement],
    key: str,
    groups: Sequence[DeclaredGroup],
) -> tuple[VoiceRow, ...]:
    rows = []
    for number in sorted(texts):
        found = statements.get(str(number))
        if found is None or not found["raw"]["votes"]:
            continue
        said = found["groups"].get(key, {})
        rows.append(
            VoiceRow(
                statement=texts[number],
                votes=round(found["raw"]["votes"]),
                raw=_share(found["raw"]["agree"]),
                weighted=_share(found["weighted"]["agree"]) if found["weighted"] else None,
                cells=tuple(_cell(said.get(group.code)) for group in groups if group.standing == SHOWN),
            )
        )
    return tuple(rows)


def _cell(said: Sequence[Any] | None) -> GroupVote | None:
    if said is None:
        return None
    agree, disagree, passed, pooled = said[:4]
    return GroupVote(agree, agree + disagree + passed, _share(pooled) if pooled else None)


def _share(estimate: Sequence[float]) -> VoteShare:
    return VoteShare(*(round(100 * part) for part in estimate))


def _weighing(weighting: Mapping[str, Any] | None) -> WeightingNotes | None:
    if weighting is None:
        return None
    return WeightingNotes(
        people=weighting["people"],
        effective=round(weighting["effective_size"]),
        design_effect=weighting["design_effect"],
        cap=weighting["cap"],
        capped=weighting["capped"],
        reasons=tuple(_sentence(reason) for reason in weighting["reasons"]),
        not_heard=tuple(
            _title(one["dimension"], one["category"]) for one in weighting["margins"] if not one["heard"]
        ),
    )


def _sentence(reason: Mapping[str, Any]) -> str:
    """Return a reason of the engine with titles instead of codes."""
    params = dict(reason["params"])
    key = str(params.get("dimension", ""))
    scheme = scheme_at(key)
    if scheme is not None:
        params["dimension"] = scheme.title_here
        codes = str(params.get("categories", "")).split(", ")
        params["categories"] = listed(scheme.title_of(code) for code in codes)
    return str(gettext(str(reason["sentence"])) % params)


def _title(key: str, code: str) -> str:
    scheme = scheme_at(key)
    return scheme.title_of(code) if scheme else code
