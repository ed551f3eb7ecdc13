import pytest

from muntada.record import actions
from muntada.record.rules import SymbolKind


@pytest.fixture
def chain(forum, now):
    for kind in (SymbolKind.CONTRIBUTION, SymbolKind.FINDING, SymbolKind.PARAGRAPH):
        actions.give_symbol(forum_id=forum.pk, kind=kind, title="كلمة", language="ar", now=now)
    by_kind = {symbol.kind: symbol for symbol in forum.symbols.all()}
    actions.cite(source=by_kind["F"], text="[C/1]", now=now)
    actions.cite(source=by_kind["L"], text="[F/1]", now=now)


def test_the_trace_is_nodes_and_edges(client, chain):
    answer = client.get("/api/trace/WSIS20/L/1").json()
    assert [node["symbol"] for node in answer["nodes"]] == ["WSIS20/L/1", "WSIS20/F/1", "WSIS20/C/1"]
    assert answer["edges"] == [
        {"source": "WSIS20/F/1", "target": "WSIS20/C/1", "relation": "cites"},
        {"source": "WSIS20/L/1", "target": "WSIS20/F/1", "relation": "cites"},
    ]
    assert answer["nodes"][2]["url"] == "/wsis20/c/1"


def test_the_trace_goes_upward_too(client, chain):
    answer = client.get("/api/trace/WSIS20/C/1?direction=led-to").json()
    assert [node["symbol"] for node in answer["nodes"]] == ["WSIS20/C/1", "WSIS20/F/1", "WSIS20/L/1"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/trace/WSIS20/L/9", 404),
        ("/api/trace/NOWHERE/L/1", 404),
        ("/api/trace/WSIS20/X/1", 422),
        ("/api/trace/WSIS20/L/0", 422),
        ("/api/trace/WSIS20/L/99999999999999999999999", 422),
        ("/api/trace/WSIS20/L/1?direction=sideways", 422),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_reason(client, chain, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    refusal = answer.json()
    assert set(refusal) == {"code", "detail"}
    assert all(isinstance(one, str) and one for one in refusal.values())


def test_the_schema_declares_each_answer_in_one_form(client):
    (operation,) = client.get("/api/openapi.json").json()["paths"].values()
    answers = operation["get"]["responses"]
    assert set(answers) == {"200", "404", "422"}
    forms = [answers[status]["content"]["application/json"]["schema"] for status in ("404", "422")]
    assert forms == [{"$ref": "#/components/schemas/RefusalOut"}] * 2
