"""Taking over a Polis export: the real ones come in whole, a bad one leaves nothing behind."""

import os
import shutil
from pathlib import Path

import pytest
from django.apps import apps

from kinds import first_in_core
from muntada.consultation.calls.models import Call
from muntada.consultation.opinion.actions import conversations
from muntada.consultation.opinion.actions.maps import redraw_opinion_map
from muntada.consultation.statements.models import OpinionMap, Statement, Vote, Voter
from muntada.foundations.errors import NotAllowed, Refused
from muntada.record import queries as record
from muntada.record.models import LogEntry

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1435654192085,x,0,1,2,0,1,Masts first
1435654192086,x,2,1,0,1,-1,"Cables, first"
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1435654192087,x,0,1,1
1435654192089,x,0,2,1
1435654192090,x,2,1,-1
1435654192088,x,0,1,1
"""
SUMMARY = "topic,Masts or cables?\nconversation-description,What comes first?\n"


@pytest.fixture
def export(tmp_path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "comments.csv").write_text(COMMENTS)
    (folder / "votes.csv").write_text(VOTES)
    (folder / "summary.csv").write_text(SUMMARY)
    return folder


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_an_export_becomes_a_call_with_statements_voters_and_votes(export, forum, now, secretariat):
    imported = conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    call = Call.objects.get()
    assert (call.title_here, call.slug) == ("Masts or cables?", "masts-or-cables")
    assert call.introductions == {"en": "What comes first?"}
    assert (imported.statements, imported.voters, imported.votes, imported.current_votes) == (2, 2, 4, 3)
    statements = list(Statement.objects.values_list("symbol__number", "text", "state", "external_id"))
    assert statements == [(1, "Masts first", "open", "0"), (2, "Cables, first", "hidden", "2")]
    assert Vote.objects.filter(is_current=True).count() == 3
    assert OpinionMap.objects.get().votes == 3
    assert LogEntry.objects.filter(verb="import_polis").count() == 1
    assert record.check_log(forum.pk).is_whole


def test_of_two_votes_of_a_voter_the_later_by_time_is_current(export, forum, now, secretariat):
    (export / "votes.csv").write_text(VOTES.replace("1435654192088,x,0,1,1", "1435654192080,x,0,1,-1"))
    conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    current = Vote.objects.get(voter__external_id="1", statement__external_id="0", is_current=True)
    assert current.value == 1


def test_votes_are_written_in_the_order_of_time_and_rows_go_on_being_public(export, forum, now, secretariat):
    (export / "votes.csv").write_text(VOTES.replace("1435654192089,x,0,2", "1435654192079,x,0,2"))
    call = conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now).call
    written = list(Vote.objects.order_by("pk").values_list("cast_at", flat=True))
    assert written == sorted(written)
    assert Vote.objects.order_by("pk")[0].voter.external_id == "2"
    assert call.gives_out == "rows"


def test_the_same_export_is_not_imported_twice(export, forum, now, secretariat):
    conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    before = rows()
    with pytest.raises(Refused) as refusal:
        conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    assert refusal.value.code == "imported-already"
    assert "/wsis20/consultation/masts-or-cables" in str(refusal.value)
    assert rows() == before


def test_a_later_export_of_the_same_conversation_gets_an_address_of_its_own(export, forum, now, secretariat):
    conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    (export / "votes.csv").write_text(VOTES + "1435654192099,x,0,3,1\n")
    conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    assert set(Call.objects.values_list("slug", flat=True)) == {"masts-or-cables", "masts-or-cables-2"}


@pytest.mark.parametrize(
    ("file", "content", "where"),
    [
        ("votes.csv", VOTES + "1435654192099,x,0,3,7\n", "votes.csv, line 6"),
        ("votes.csv", VOTES.replace("voter-id", "who"), "votes.csv, line 1"),
        ("votes.csv", "", "votes.csv"),
        ("votes.csv", VOTES + "1435654192099,x,77,3,1\n", "votes.csv, line 6"),
        ("comments.csv", COMMENTS + "1435654192086,x,2,1,0,1,1,Again\n", "comments.csv, line 4"),
        ("comments.csv", COMMENTS.encode() + b"1435654192086,x,3,1,0,1,1,\xff\n", "comments.csv, line 4"),
    ],
)
def test_a_bad_export_is_refused_with_file_and_line_and_leaves_nothing(
    export, forum, now, file, content, where, secretariat
):
    (export / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = rows()
    with pytest.raises(Refused) as refusal:
        conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    assert str(refusal.value).startswith(f"{where}: ")
    assert rows() == before


def test_a_file_of_two_hundred_megabytes_is_refused_before_it_is_read(export, forum, now, secretariat):
    os.truncate(export / "votes.csv", 200_000_000)
    with pytest.raises(Refused) as refusal:
        conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    assert str(refusal.value).startswith("votes.csv: ")
    assert "200" in str(refusal.value)
    assert Call.objects.count() == 0


def test_a_fault_in_the_middle_of_an_import_leaves_nothing(export, forum, now, monkeypatch, secretariat):
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(conversations, "_cast_votes", full)
    before = rows()
    with pytest.raises(OSError, match="no space left"):
        conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    assert rows() == before


def test_a_participant_cannot_import(export, forum, now, participant):
    with pytest.raises(NotAllowed):
        conversations.import_polis(folder=export, forum=forum, actor=participant, now=now)


def test_texts_say_by_their_letters_in_which_language_they_are(export, forum, now, secretariat):
    (export / "comments.csv").write_text(
        COMMENTS.replace("Masts first", "先有電信塔，然後才有電纜，這是我的看法")
    )
    (export / "summary.csv").write_text("topic,電信塔還是電纜\n")
    conversations.import_polis(folder=export, forum=forum, actor=secretariat, now=now)
    assert set(Statement.objects.values_list("language", flat=True)) == {"zh"}
    assert Call.objects.get().slug == "consultation"


# People, statements, statements out, vote events, votes that count: notes/opinion.md 2.1.
REAL = {
    "15-per-hour-seattle": (339, 54, 23, 2_995, 2_872),
    "canadian-electoral-reform": (448, 174, 22, 12_018, 11_950),
    "scoop-hivemind.biodiversity": (536, 316, 162, 29_802, 29_719),
    "vtaiwan.uberx": (1_921, 197, 78, 49_997, 49_443),
}


@pytest.mark.shared_data
@pytest.mark.parametrize("name", first_in_core(REAL))
def test_a_real_conversation_comes_in_whole_and_its_map_comes_out_again(
    name, shared_data, forum, now, secretariat
):
    folder = shared_data / "polis" / name
    call = conversations.import_polis(folder=folder, forum=forum, actor=secretariat, now=now).call
    assert (
        Voter.objects.count(),
        Statement.objects.count(),
        Statement.objects.filter(state="hidden").count(),
        Vote.objects.count(),
        Vote.objects.filter(is_current=True).count(),
    ) == REAL[name]
    drawn = OpinionMap.objects.get()
    assert (drawn.voters, drawn.votes) == (REAL[name][0], REAL[name][4])
    assert sum(group["size"] for group in drawn.result["groups"]) <= drawn.voters
    again = redraw_opinion_map(call=call, now=now)
    assert (again.points, again.result) == (drawn.points, drawn.result)


@pytest.fixture
def damaged(shared_data, tmp_path) -> Path:
    folder = tmp_path / "damaged"
    shutil.copytree(shared_data / "polis" / "15-per-hour-seattle", folder)
    lines = (folder / "votes.csv").read_text().splitlines(keepends=True)
    lines[1499] = lines[1499].rsplit(",", 1)[0] + ",7\n"
    (folder / "votes.csv").chmod(0o644)
    (folder / "votes.csv").write_text("".join(lines))
    return folder


@pytest.mark.shared_data
def test_a_seven_in_the_middle_of_a_real_export_leaves_nothing(damaged, forum, now, secretariat):
    before = rows()
    with pytest.raises(Refused, match=r".*") as refusal:
        conversations.import_polis(folder=damaged, forum=forum, actor=secretariat, now=now)
    assert str(refusal.value).startswith("votes.csv, line 1500: ")
    assert rows() == before
