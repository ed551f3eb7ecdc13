"""Find the indicators of a forum by code, or create them from known facts."""

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from muntada.evidence.indicators.models import Indicator, Source
from muntada.forums.models import Forum
from muntada.record import actions as record
from muntada.record.rules import SymbolKind

_KNOWN = files("muntada.evidence.indicators") / "data" / "indicators.json"


def indicator_of(forum: Forum, facts: Mapping[str, Any], now: datetime) -> Indicator:
    known = (
        Indicator.objects.select_related("symbol__forum", "source")
        .filter(forum=forum, code=facts["code"])
        .first()
    )
    if known:
        return known
    symbol = record.give_symbol(
        forum_id=forum.pk, kind=SymbolKind.INDICATOR, title=facts["titles"]["en"], language="en", now=now
    )
    return Indicator.objects.create(
        symbol=symbol,
        forum=forum,
        code=facts["code"],
        titles=facts["titles"],
        units=facts["units"],
        source=source_of(facts["source"]) if facts["source"] else None,
        weighted_by=facts["weighted_by"],
        added_at=now,
    )


def facts_of(word: str) -> Mapping[str, Any]:
    """Return the known facts of an indicator by code or file name."""
    for one in _known()["indicators"]:
        if word == one["code"] or word in one["files"]:
            return dict(one)
    return {"code": word[:64], "titles": {"en": word}, "units": {}, "source": "", "weighted_by": ""}


def facts_of_publication(one: Mapping[str, Any]) -> Mapping[str, Any]:
    if one.get("wdi_code"):
        return facts_of(one["wdi_code"])
    return {
        "code": one["code"],
        "titles": one["titles"],
        "units": one["units"],
        "source": "facts-and-figures",
        "weighted_by": "",
    }


# The publisher of each format; the World Bank names the source of each series.
_BY_FORM = {
    "world-bank-api": "wdi",
    "world-bank-table": "wdi",
    "unsd-api": "unsd",
    "unsd-table": "unsd",
    "itu-api": "itu-datahub",
    "itu-table": "itu-datahub",
}


def source_key_of_form(form: str) -> str:
    return _BY_FORM.get(form, "")


def source_of(key: str) -> Source:
    facts = _known()["sources"][key]
    source, _ = Source.objects.get_or_create(name=facts["name"], defaults=facts)
    return source


def source_name_of(key: str) -> str:
    return str(_known()["sources"][key]["name"])


def _known() -> Mapping[str, Any]:
    known: Mapping[str, Any] = json.loads(_KNOWN.read_text(encoding="utf-8"))
    return known
