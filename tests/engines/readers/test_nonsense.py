"""Whatever is sent, there are observations, faults with a line, or one sentence why it cannot be read."""

import json
import math

from hypothesis import example, given
from hypothesis import strategies as st

from kinds import rounds
from muntada.engines.readers.read import next_page, read, sight_of
from muntada.engines.readers.shape import ReadObservation, RowRefusal, SourceFault, SourcePart

CELLS = st.sampled_from(
    ["KEN", "NA", "", "2020", "20", "1.5", "<5", "..", "nan", "1e400", "é", '"', "a,b", "\0"]
)
HEADS = st.sampled_from(
    [
        "code",
        "year",
        "value",
        "name",
        "sex",
        "2020",
        "YR2021",
        "SeriesID",
        "GeoAreaCode",
        "REF_AREA",
        "OBS_VALUE",
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["KEN", "2020", "0:0", "id", ""])
)
NAMES = st.sampled_from(
    [
        *(
            "data",
            "dataSets",
            "structure",
            "structures",
            "dimensions",
            "observation",
            "series",
            "observations",
        ),
        *("values", "id", "totalPages", "page", "pages", "total", "message", "answer", "codeID", "dataYear"),
        *("0", "0:0", "geoAreaCode", "value", "attributes"),
    ]
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    sign = draw(st.sampled_from(",;\t"))
    rows = [draw(st.lists(HEADS, max_size=6)), *draw(st.lists(st.lists(CELLS, max_size=7), max_size=5))]
    return "\n".join(sign.join(row) for row in rows).encode()


def is_read_or_refused(content: bytes) -> None:
    part = SourcePart("x.csv", content)
    try:
        sight = sight_of(part)
        found = list(read([part], sight, sight.columns))
        next_page("https://api.worldbank.org/v2/x", part, 1)
    except SourceFault:
        return
    for one in found:
        assert one.line >= 1
        if isinstance(one, RowRefusal):
            assert str(one)
        else:
            assert isinstance(one, ReadObservation)
            assert one.value is None or math.isfinite(one.value)
            assert one.area
            assert one.series


@rounds(80)
@given(tables())
def test_any_table(content):
    is_read_or_refused(content)


@rounds(120)
@given(DOCUMENTS)
@example([{"page": 1, "pages": [], "total": 1}, [None, {"date": {}}]])
@example({"dataSets": [{"observations": {"0": 5}}], "structure": {"dimensions": {"observation": [{}]}}})
@example({"data": {"dataSets": [], "structures": []}})
@example({"totalPages": "x", "data": [1, {"dimensions": []}], "dimensions": {}})
def test_any_document(document):
    is_read_or_refused(json.dumps(document).encode())


@rounds(60)
@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail))
@example(b'<?xml version="1.0"?><a xmlns="http://www.sdmx.org/x"/>')
@example(b"\xef\xbb\xbf")
def test_any_bytes(content):
    is_read_or_refused(content)
