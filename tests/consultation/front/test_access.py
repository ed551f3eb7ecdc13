"""Who may see and do what in the consultation: each address, for each role."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from kinds import kind
from muntada.consultation.urls import urlpatterns
from muntada.people.rules import Role


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


# Each address with its method, and what a stranger, a participant and a moderator or secretary get.
TABLE = [
    ("front", (), "get", 200, 200, 200),
    ("themes", (), "get", 200, 200, 200),
    ("call", ("open-call",), "get", 200, 200, 200),
    ("contributions", ("open-call",), "get", 200, 200, 200),
    ("feed", ("open-call", "atom"), "get", 200, 200, 200),
    ("download", ("open-call", "csv"), "get", 200, 200, 200),
    ("replies", ("open-call",), "get", 200, 200, 200),
    ("statements", ("open-call",), "get", 200, 200, 200),
    ("vote", ("open-call",), "get", 200, 200, 200),
    ("map", ("open-call",), "get", 200, 200, 200),
    ("balance", (), "get", 200, 200, 200),
    ("call_balance", ("open-call",), "get", 200, 200, 200),
    ("invite", (), "get", 302, 403, (403, 200)),
    ("call_invite", ("open-call",), "get", 302, 403, (403, 200)),
    ("references", (), "get", 302, 403, (403, 200)),
    ("compare", ("language",), "get", 302, 403, (403, 200)),
    ("compare", ("language",), "post", 302, 403, (403, 422)),
    ("map_then", ("open-call", 1), "get", 404, 404, 404),
    ("voices", ("open-call",), "get", 200, 200, 200),
    ("map_data", ("open-call",), "get", 404, 404, 404),
    ("map_json", ("open-call",), "get", 404, 404, 404),
    ("weights", ("open-call",), "get", 302, 403, (403, 200)),
    ("weigh", ("open-call", "stakeholder:wsis"), "get", 302, 403, (403, 200)),
    ("weigh", ("open-call", "stakeholder:wsis"), "post", 302, 403, (403, 422)),
    ("contribution", (1,), "get", 200, 200, 200),
    ("statement", (1,), "get", 200, 200, 200),
    ("statement_votes", (1,), "get", 200, 200, 200),
    ("theme", (1,), "get", 200, 200, 200),
    ("write", ("open-call",), "get", 302, 200, 200),
    ("write", ("open-call",), "post", 302, 422, 422),
    ("improve", (1,), "get", 302, 403, 403),
    ("withdraw", (1,), "post", 302, 403, 403),
    ("cast", (1,), "post", 422, 422, 422),
    ("undo", (1,), "post", 302, 422, 422),
    ("my_votes", ("open-call",), "get", 200, 200, 200),
    ("declare", ("open-call",), "post", 422, 422, 422),
    ("voters", ("open-call",), "get", 302, 403, 200),
    ("ban", ("open-call", 1), "get", 302, 403, 404),
    ("paste_statements", ("open-call",), "post", 302, 403, 422),
    ("statement_queue", ("open-call",), "get", 302, 403, 200),
    ("decide_statement", (1,), "post", 302, 403, 422),
    ("split_statement", (1,), "get", 302, 403, 200),
    ("merge_statement", (1,), "post", 302, 403, 422),
    ("correct_statement", (1,), "post", 302, 403, 422),
    ("translate_statement", (1,), "get", 302, 403, 200),
    ("detach", (1,), "post", 302, 404, 404),
    ("file", (1,), "get", 404, 404, 404),
    ("take_copy", (1,), "post", 302, 404, 404),
    ("drop_copy", (1,), "post", 302, 404, 404),
    ("new_call", (), "get", 302, 403, (403, 200)),
    ("new_call", (), "post", 302, 403, (403, 422)),
    ("prepare", ("open-call",), "get", 302, 403, (403, 200)),
    ("edit_call", ("open-call",), "get", 302, 403, (403, 200)),
    ("edit_call", ("open-call",), "post", 302, 403, (403, 422)),
    ("questions", ("open-call",), "get", 302, 403, (403, 200)),
    ("questions", ("open-call",), "post", 302, 403, (403, 422)),
    ("open_prepared", ("open-call",), "post", 302, 403, (403, 302)),
    ("drop_call", ("open-call",), "post", 302, 403, (403, 422)),
    ("extend", ("open-call",), "get", 302, 403, (403, 200)),
    ("extend", ("open-call",), "post", 302, 403, (403, 422)),
    ("meetings", ("open-call",), "get", 200, 200, 200),
    ("meeting", ("open-call", 1), "get", 404, 404, 404),
    ("calendar", ("open-call", 1), "get", 404, 404, 404),
    ("new_meeting", ("open-call",), "get", 302, 403, (403, 200)),
    ("new_meeting", ("open-call",), "post", 302, 403, (403, 422)),
    ("edit_meeting", ("open-call", 1), "get", 302, 403, (403, 404)),
    ("cancel_meeting", ("open-call", 1), "post", 302, 403, (403, 404)),
    ("file_record", ("open-call", 1), "post", 302, 403, (403, 404)),
    ("enter", ("open-call",), "get", 302, 403, (403, 200)),
    ("enter", ("open-call",), "post", 302, 403, (403, 422)),
    ("import_table", ("open-call",), "get", 302, 403, (403, 200)),
    ("import_table", ("open-call",), "post", 302, 403, (403, 422)),
    ("import_template", ("open-call", "xlsx"), "get", 302, 403, (403, 200)),
    ("import_template", ("open-call", "csv"), "get", 302, 403, (403, 200)),
    ("inbox", (), "get", 302, 403, 200),
    ("raise_theme", (), "get", 302, 403, 200),
    ("raise_theme", (), "post", 302, 403, 422),
    ("reply", (1,), "get", 302, 403, 200),
    ("reply", (1,), "post", 302, 403, 422),
    ("reply_to_statement", (1,), "get", 302, 403, 200),
    ("reply_to_statement", (1,), "post", 302, 403, 422),
    ("reply_together", (), "get", 302, 403, 422),
    ("reply_together", (), "post", 302, 403, 422),
    ("reply_templates", (), "get", 302, 403, 200),
    ("new_template", (), "get", 302, 403, 200),
    ("new_template", (), "post", 302, 403, 422),
    ("edit_template", (1,), "get", 302, 403, 404),
    ("retire_template", (1,), "post", 302, 403, 404),
    ("letters", ("broken",), "get", 422, 422, 422),
    ("letters", ("broken",), "post", 422, 422, 422),
    ("campaigns", ("open-call",), "get", 200, 200, 200),
    ("campaign", ("open-call", 1), "get", 404, 404, 404),
    ("name_campaign", ("open-call", 1), "post", 302, 403, 404),
    ("split", (1,), "post", 302, 403, 422),
    ("theme_suggestions", (), "get", 302, 403, 200),
    ("theme_suggestions", (), "post", 302, 403, 302),
    ("theme_suggestion", (1,), "get", 302, 403, 404),
    ("theme_suggestion", (1,), "post", 302, 403, 404),
    ("edit_theme", (1,), "get", 302, 403, 200),
    ("edit_theme", (1,), "post", 302, 403, 422),
    ("theme_contributions", (1,), "post", 302, 403, 422),
    ("passage", (1, 1), "post", 302, 403, 404),
    ("contribution_themes", (1,), "get", 302, 403, 200),
    ("contribution_themes", (1,), "post", 302, 403, 422),
    ("line_suggestions", (1,), "get", 302, 403, 200),
    ("line_suggestions", (1,), "post", 302, 403, 422),
    ("propose_merge", (1,), "get", 302, 200, 200),
    ("propose_merge", (1,), "post", 302, 200, 200),
    ("merge", (1, 1), "get", 404, 404, 404),
    ("decide_merge", (1, 1), "post", 302, 404, 404),
    ("take_statement", (1,), "get", 302, 403, 200),
    ("take_statement", (1,), "post", 302, 403, 422),
    ("put_statement", ("open-call",), "post", 302, 403, 422),
    ("moderate", (1,), "post", 302, 403, 422),
]


def test_each_role_gets_what_it_may(client, client_as, one_of_each, pytestconfig):
    browsers = (client, client_as(), client_as(Role.MODERATOR), client_as(Role.SECRETARIAT))
    wrong = {}
    for name, args, method, stranger, participant, answers in TABLE:
        # Where a moderator is told otherwise than the secretariat, both stand there.
        may = [stranger, participant, *(answers if isinstance(answers, tuple) else (answers, answers))]
        if kind(pytestconfig) != "full" and not isinstance(answers, tuple):
            # Pages for the secretariat take longest; where they are those of a moderator, one asks for both.
            may.pop()
        # What one row changes is not there for the next.
        with transaction.atomic():
            asking = browsers[: len(may)]
            found = [getattr(one, method)(address(name, *args)).status_code for one in asking]
            transaction.set_rollback(True)
        if found != may:
            wrong[name, method] = found
    assert wrong == {}


def test_every_address_is_in_the_table():
    # What is given the panels of other features stands in the addresses of the stage itself.
    patterns = [one for listed in urlpatterns for one in getattr(listed, "url_patterns", [listed])]
    assert {pattern.name for pattern in patterns} == {row[0] for row in TABLE}


@pytest.mark.parametrize("name", ["contribution", "statement", "theme"])
def test_a_number_nobody_was_given_is_not_there(client, forum, name):
    answer = client.get(address(name, 77))
    assert answer.status_code == 404
    assert "77" not in Client().get(address("front")).text
