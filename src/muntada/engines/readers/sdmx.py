"""Roles of SDMX dimensions: REF_AREA is the area, TIME_PERIOD the year, SEX a breakdown.

The ids are the cross-domain concepts of the SDMX content-oriented guidelines, and those of OECD and
UNSD.
"""

from collections.abc import Iterable, Mapping

from muntada.engines.readers.columns import Says, SourceColumns

_SAYS: Mapping[str, Says] = {
    **dict.fromkeys(
        ("REF_AREA", "GEO", "GEO_AREA", "LOCATION", "COUNTRY", "COU", "REFERENCE_AREA"), Says.AREA
    ),
    **dict.fromkeys(("TIME_PERIOD", "TIME", "YEAR"), Says.YEAR),
    "OBS_VALUE": Says.VALUE,
    **dict.fromkeys(("SERIES", "INDICATOR", "INDIC", "IND", "SUBJECT", "MEASURE", "INDIC_IS"), Says.SERIES),
    **dict.fromkeys(("UNIT", "UNIT_MEASURE"), Says.UNIT),
    **dict.fromkeys(("OBS_STATUS", "NATURE"), Says.NATURE),
    **dict.fromkeys(("COMMENT_OBS", "OBS_COMMENT", "COMMENT_TS"), Says.NOTE),
    **dict.fromkeys(("SOURCE_DETAIL", "SOURCE"), Says.SOURCE),
    "SEX": Says.SEX,
    "AGE": Says.AGE,
    "URBANISATION": Says.LOCATION,
    "TYPE_OF_SKILL": Says.SKILL,
    "SKILL": Says.SKILL,
    **dict.fromkeys(
        (
            "FREQ",
            "STRUCTURE",
            "STRUCTURE_ID",
            "DATAFLOW",
            "ACTION",
            "REPORTING_TYPE",
            "UPDATED",
            "LAST_UPDATE",
        ),
        Says.NOTHING,
    ),
    **dict.fromkeys(
        ("TIME_FORMAT", "UNIT_MULT", "DECIMALS", "CONF_STATUS", "BASE_PER", "TITLE"), Says.NOTHING
    ),
}


def columns_of(
    names: Iterable[str], roles: Mapping[str, str], attributes: Iterable[str] = (), series: str = ""
) -> SourceColumns:
    """Return the role of each dimension; an unknown dimension identifies rows, an attribute does not."""
    left = set(attributes)
    says: dict[str, Says] = {}
    for name in names:
        known = _SAYS.get(roles.get(name, "") or name) or _SAYS.get(name)
        says[name] = known or (Says.NOTHING if name in left else Says.OTHER_PART)
    for word in (Says.AREA, Says.YEAR, Says.SERIES, Says.UNIT, Says.NATURE):
        for second in [name for name, said in says.items() if said is word][1:]:
            says[second] = Says.NOTHING if second in left else Says.OTHER_PART
    return SourceColumns(says, series=series)
