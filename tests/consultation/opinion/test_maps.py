"""The opinion map: drawn from votes alone, drawn again from them, kept day by day, given out as open data."""

import argparse
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from muntada.cli import opinion, verify
from muntada.consultation.calls.models import Call
from muntada.consultation.calls.rules.gives_out import GivesOut
from muntada.consultation.opinion.actions.maps import redraw_opinion_map, weigh_by
from muntada.consultation.opinion.actions.open_data import archive_of
from muntada.consultation.opinion.adapter.opinion import comes_out_again, draw_again
from muntada.consultation.opinion.exports import json as mapjson
from muntada.consultation.opinion.queries import breakdowns, history, maps
from muntada.consultation.opinion.rules import Basis, ChosenShares
from muntada.consultation.statements.models import OpinionMap, Statement, Vote, Voter
from muntada.forums.rules.schemes import scheme_at
from muntada.foundations.errors import NotAllowed, NotThere, Refused

type CastVotes = Callable[..., list[Voter]]
STAKEHOLDERS = scheme_at("stakeholder:wsis")


@pytest.fixture
def camps(call: Call, put_statement: Callable[..., Statement], now: datetime) -> list[Voter]:
    """Thirty people in two camps on eight statements: governments here, civil society and others there."""
    statements = [put_statement(f"Statement {number}") for number in range(8)]
    kinds = ["government"] * 14 + ["civil-society"] * 12 + ["academia"] * 2 + [""] * 2
    voters = Voter.objects.bulk_create(Voter(call=call, kind=kind, country="KE") for kind in kinds)
    votes = []
    for place, voter in enumerate(voters):
        for number, statement in enumerate(statements):
            turned = (place < 14) == (number < 4) or number == 7
            value = 0 if (place + number) % 9 == 0 else 1 if turned else -1
            votes.append(Vote(voter=voter, statement=statement, value=value, cast_at=now))
    Vote.objects.bulk_create(votes)
    return voters


def same(kept: OpinionMap) -> bool:
    """Everything that was stored comes out again, who spoke included."""
    assert comes_out_again(kept)
    again = draw_again(kept)
    stored = json.dumps([kept.points, kept.priorities, kept.result, kept.voices], sort_keys=True)
    return json.dumps([again.points, again.priorities, again.result, again.voices], sort_keys=True) == stored


def test_an_earlier_map_comes_out_of_its_votes_to_the_byte(
    call, camps, put_statement, now, secretariat
) -> None:
    before = redraw_opinion_map(call=call, now=now, seed=5)
    late = put_statement("A statement that came later")
    for voter in camps[:20]:
        Vote.objects.create(voter=voter, statement=late, value=1, cast_at=now)
    first = Vote.objects.filter(voter=camps[0]).order_by("pk")[0]
    Vote.objects.filter(pk=first.pk).update(is_current=False)
    Vote.objects.create(voter=camps[0], statement=first.statement, value=-first.value or 1, cast_at=now)
    Statement.objects.filter(symbol__number=2).update(state="hidden", hidden_reason="It names a person.")
    Voter.objects.filter(pk=camps[1].pk).update(
        banned_at=now + timedelta(hours=1), banned_reason="A programme voted here."
    )
    weigh_by(call=call, scheme=STAKEHOLDERS, chosen=ChosenShares(Basis.EQUAL), actor=secretariat, now=now)
    after = redraw_opinion_map(call=call, now=now + timedelta(days=1))
    assert after.voices["weighting"] is not None
    before.refresh_from_db()
    assert before.result != after.result
    assert same(before)
    assert same(after)
    assert (before.voters, after.voters) == (30, 29)


def test_a_vote_that_was_taken_back_counts_no_more_and_an_earlier_map_still_has_it(call, camps, now) -> None:
    before = redraw_opinion_map(call=call, now=now)
    changed = Vote.objects.filter(voter=camps[0]).order_by("pk")[1]
    for vote in Vote.objects.filter(voter=camps[0]).order_by("pk")[:2]:
        Vote.objects.filter(pk=vote.pk).update(is_current=False)
    Vote.objects.create(voter=camps[0], statement=changed.statement, value=0, cast_at=now, is_current=False)
    after = redraw_opinion_map(call=call, now=now + timedelta(days=1))
    before.refresh_from_db()
    assert (before.votes, after.votes) == (240, 238)
    assert same(before)
    assert same(after)


def test_whoever_was_kept_out_and_is_let_in_again_makes_no_earlier_map_differ(call, camps, now) -> None:
    banned = Voter.objects.filter(pk=camps[1].pk)
    banned.update(banned_at=now - timedelta(hours=1), banned_reason="A programme voted here.")
    without = redraw_opinion_map(call=call, now=now)
    banned.update(banned_at=None, banned_reason="")
    again = redraw_opinion_map(call=call, now=now + timedelta(days=1))
    banned.update(banned_at=now - timedelta(hours=2), banned_reason="It was one after all.")
    assert (without.voters, again.voters) == (29, 30)
    for kept in (without, again):
        kept.refresh_from_db()
        assert same(kept)


def test_whoever_says_otherwise_who_they_are_makes_no_earlier_map_differ(
    call, camps, now, secretariat
) -> None:
    weigh_by(call=call, scheme=STAKEHOLDERS, chosen=ChosenShares(Basis.EQUAL), actor=secretariat, now=now)
    call.refresh_from_db()
    kept = redraw_opinion_map(call=call, now=now)
    Voter.objects.filter(kind="academia").update(kind="private-sector", country="CH")
    Voter.objects.filter(pk=camps[0].pk).update(kind="", country="")
    kept.refresh_from_db()
    assert same(kept)
    kept.voices["statements"]["1"]["raw"]["votes"] += 1
    assert not comes_out_again(kept)


def test_a_map_from_before_declarations_were_kept_is_compared_without_them(call, camps, now) -> None:
    kept = redraw_opinion_map(call=call, now=now)
    kept.declared = kept.left_out_voters = None
    kept.save()
    Voter.objects.filter(kind="academia").update(kind="private-sector")
    assert comes_out_again(kept)


def test_rows_that_lie_otherwise_in_the_database_give_the_same_map_to_the_byte(
    call, camps, now, secretariat
) -> None:
    weigh_by(call=call, scheme=STAKEHOLDERS, chosen=ChosenShares(Basis.EQUAL), actor=secretariat, now=now)
    call.refresh_from_db()
    first = redraw_opinion_map(call=call, now=now, seed=3)
    # Whatever is written anew lies behind all others, and comes last where nothing orders it.
    for voter in camps[::-1]:
        Voter.objects.filter(pk=voter.pk).update(is_vouched=True)
        Vote.objects.filter(voter=voter).update(is_current=True)
    for statement in Statement.objects.order_by("-pk"):
        Statement.objects.filter(pk=statement.pk).update(language="fr")
    second = redraw_opinion_map(call=call, now=now + timedelta(days=1), seed=3)
    for name in ("points", "priorities", "result", "voices", "declared", "settings"):
        assert json.dumps(getattr(first, name)) == json.dumps(getattr(second, name))


def test_a_vote_being_cast_while_a_map_is_drawn_waits_for_the_next(call, camps, now) -> None:
    vote = Vote.objects.order_by("-pk")[3]
    kept = redraw_opinion_map(call=call, now=now)
    assert vote.pk < kept.last_vote
    # The same place in the row of numbers, taken by somebody whose vote was not there yet.
    kept.settings["not_yet"] = [vote.pk]
    assert draw_again(kept).votes == kept.votes - 1


def test_numbers_of_votes_that_are_missing_are_remembered(call, camps, now) -> None:
    missing = Vote.objects.order_by("-pk")[2]
    missing_pk = missing.pk
    missing.delete()
    assert missing_pk in redraw_opinion_map(call=call, now=now).settings["not_yet"]


def test_a_map_that_was_meddled_with_does_not_come_out_again(call, camps, now, capsys) -> None:
    kept = redraw_opinion_map(call=call, now=now)
    words = argparse.Namespace(forum="wsis20", maps=True)
    assert verify.run(words) == 0
    assert "2025-07-08 10:00 UTC, comes out the same" in capsys.readouterr().out
    kept.result["groups"][0]["size"] += 1
    kept.save()
    assert verify.run(words) == 1
    assert "DIFFERS" in capsys.readouterr().out


def test_of_the_maps_of_a_day_the_last_is_kept(call, camps, now) -> None:
    morning = now.replace(hour=6)
    kept = [
        redraw_opinion_map(call=call, now=morning + timedelta(hours=hours)).pk for hours in (0, 3, 26, 28, 29)
    ]
    assert [one.pk for one in history.history_of(call)] == [kept[4], kept[1]]
    assert OpinionMap.objects.get(is_latest=True).pk == kept[4]


def test_the_day_of_a_map_is_that_of_the_forum(call, camps, now) -> None:
    """23:30 and 00:30 in Geneva are one day in UTC."""
    late = now.replace(hour=21, minute=30)
    for minutes in (0, 60):
        redraw_opinion_map(call=call, now=late + timedelta(minutes=minutes))
    assert OpinionMap.objects.count() == 2


def test_an_earlier_map_that_gave_way_is_not_there(call, camps, now) -> None:
    gone = redraw_opinion_map(call=call, now=now).pk
    redraw_opinion_map(call=call, now=now)
    with pytest.raises(NotThere, match="no such map any more"):
        maps.map_at(call, gone)


# ---- who spoke ----


def page_of(call: Call, key: str = "stakeholder:wsis") -> breakdowns.VoicesPage:
    kept = OpinionMap.objects.get(call=call, is_latest=True)
    found = breakdowns.voices_page(kept, maps.texts_of(call), key)
    assert found is not None
    return found


def test_a_group_of_two_is_kept_back_and_another_with_it_and_nobody_is_made_up(call, camps, now) -> None:
    redraw_opinion_map(call=call, now=now)
    groups = {group.code: (group.standing, group.people) for group in page_of(call).groups}
    assert groups["academia"] == ("withheld", None)
    assert groups["technical-community"] == ("not heard", None)
    told = {code for code, (standing, _) in groups.items() if standing == "shown"}
    assert told < {"governments", "civil-society"}


def test_equal_shares_are_reached_by_weights_and_said_side_by_side(call, camps, now, secretariat) -> None:
    Voter.objects.filter(kind__in=["academia", ""]).update(kind="private-sector", country="CH")
    Voter.objects.filter(pk=camps[0].pk).update(kind="private-sector")
    Voter.objects.filter(kind="private-sector").update(is_headquarters=True)
    percents = {"governments": 20, "civil-society": 40, "private-sector": 30, "academia": 10}
    chosen = ChosenShares(Basis.TYPED, {code: Decimal(share) for code, share in percents.items()}, "A source")
    weigh_by(call=call, scheme=STAKEHOLDERS, chosen=chosen, actor=secretariat, now=now)
    redraw_opinion_map(call=call, now=now)
    page = page_of(call)
    assert page.weighing is not None
    assert page.weighing.not_heard == ("Academia",)
    assert page.weighing.people == 30
    assert page.weighing.effective < 30
    assert any("Academia" in reason for reason in page.weighing.reasons)
    row = page.changed_most[0]
    assert row.weighted is not None
    assert row.change == row.weighted.share - row.raw.share != 0
    by_country = page_of(call, "region:m49-region").groups
    assert {group.code: group.people for group in by_country if group.people} == {
        "002": 25,
        "headquarters": 5,
    }


def test_where_nobody_declared_anything_nothing_is_told_apart(call, camps, now) -> None:
    Voter.objects.update(kind="", country="")
    kept = redraw_opinion_map(call=call, now=now)
    assert breakdowns.voices_page(kept, maps.texts_of(call)) is None


def test_a_second_scheme_of_a_kind_takes_the_place_of_the_first(call, now, secretariat) -> None:
    for key in ("stakeholder:wsis", "region:m49-region", "stakeholder:igf"):
        weigh_by(
            call=call, scheme=scheme_at(key), chosen=ChosenShares(Basis.EQUAL), actor=secretariat, now=now
        )
    assert set(Call.objects.get().margins) == {"region:m49-region", "stakeholder:igf"}
    none = ChosenShares(Basis.NONE)
    weigh_by(call=call, scheme=scheme_at("stakeholder:igf"), chosen=none, actor=secretariat, now=now)
    assert set(Call.objects.get().margins) == {"region:m49-region"}


@pytest.mark.parametrize("who", ["participant", "moderator"])
def test_only_the_secretariat_says_what_groups_weigh(call, now, who, request) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        weigh_by(call=call, scheme=STAKEHOLDERS, chosen=ChosenShares(Basis.EQUAL), actor=actor, now=now)


# ---- open data ----


@pytest.fixture
def rows_given_out(call: Call) -> Call:
    call.gives_out = GivesOut.ROWS
    call.save()
    return call


def unpacked(kept: OpinionMap, folder: Path) -> Path:
    with archive_of(kept) as file, zipfile.ZipFile(BytesIO(file.read())) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.usefixtures("all_rounds")
def test_the_same_map_comes_out_of_the_open_data(call, rows_given_out, camps, now, tmp_path, capsys) -> None:
    Statement.objects.filter(symbol__number=3).update(state="hidden", hidden_reason="It names a person.")
    kept = redraw_opinion_map(call=call, now=now, seed=7)
    words = argparse.ArgumentParser()
    opinion.add_arguments(words)
    assert opinion.run(words.parse_args([str(unpacked(kept, tmp_path)), "--seed", "7", "--json"])) == 0
    found = json.loads(capsys.readouterr().out)
    alias = dict(Voter.objects.values_list("pk", "alias"))
    assert {
        one["id"]: (round(one["x"], 9), round(one["y"], 9), one["group"]) for one in found["participants"]
    } == {alias[voter]: (x, y, group) for voter, x, y, group, _ in kept.points}
    for one in found["statements"]:
        stored = kept.result["statements"][one["id"]]
        counts = (one["agree"], one["disagree"], one["pass"], one["left_out"])
        assert counts == tuple(stored[name] for name in ("agree", "disagree", "passed", "left_out"))
    for one, group in zip(found["groups"], kept.result["groups"], strict=True):
        assert one["size"] == group["size"]
        assert [said["statement"] for said in one["representative"]] == [
            said["statement"] for said in group["representative"]
        ]
    chance = kept.result["grouping"]["support"]["silhouette_by_chance"]
    assert round(found["grouping"]["support"]["silhouette_by_chance"], 9) == chance


def test_open_data_say_nothing_of_who_somebody_is_or_when_they_voted(
    call, rows_given_out, camps, now, tmp_path
) -> None:
    Voter.objects.update(country="VU")
    Statement.objects.filter(symbol__number=3).update(state="hidden", hidden_reason="It names a person.")
    Statement.objects.filter(symbol__number=3).update(text="A named person is a crook.")
    folder = unpacked(redraw_opinion_map(call=call, now=now), tmp_path)
    everything = "\n".join(file.read_text() for file in folder.iterdir())
    votes = (folder / "votes.csv").read_text()
    for told in ("civil-society", "VU", "crook", "10:00"):
        assert told not in (everything if told == "crook" else votes)
    assert {line.split(",")[1] for line in votes.splitlines()[1:]} == {"2025-07-08"}
    assert all(f",{voter.pk}," not in votes for voter in camps if voter.pk > 8)


def test_votes_of_nine_people_are_given_to_nobody(call, rows_given_out, camps, now) -> None:
    Vote.objects.filter(voter__in=camps[9:]).delete()
    kept = redraw_opinion_map(call=call, now=now)
    for give in (lambda: archive_of(kept), lambda: mapjson.map_as_json(kept)):
        with pytest.raises(NotThere, match="So few people"):
            give()


def test_an_archive_is_made_once_for_a_map_and_again_when_a_statement_is_hidden(
    call, rows_given_out, camps, now, tmp_path
) -> None:
    kept = redraw_opinion_map(call=call, now=now)
    archive_of(kept).close()
    kept.refresh_from_db()
    made = kept.open_data.name
    archive_of(kept).close()
    kept.refresh_from_db()
    assert kept.open_data.name == made
    Statement.objects.filter(symbol__number=3).update(
        state="hidden", hidden_reason="It names a person.", text="A named person is a crook."
    )
    assert "crook" not in (unpacked(kept, tmp_path) / "comments.csv").read_text()
    kept.refresh_from_db()
    assert kept.open_data.name != made
    assert not kept.open_data.storage.exists(made)


def test_a_newer_map_takes_the_archive_of_the_one_before_away(
    call, rows_given_out, camps, now, django_capture_on_commit_callbacks
) -> None:
    before = redraw_opinion_map(call=call, now=now)
    archive_of(before).close()
    before.refresh_from_db()
    name, storage = before.open_data.name, before.open_data.storage
    with django_capture_on_commit_callbacks(execute=True):
        redraw_opinion_map(call=call, now=now + timedelta(days=1))
    assert not storage.exists(name)
    before.refresh_from_db()
    assert not before.open_data


def test_what_was_important_to_somebody_is_in_the_open_data(
    call, rows_given_out, camps, now, tmp_path
) -> None:
    said = Vote.objects.get(voter=camps[4], statement__symbol__number=2)
    Vote.objects.filter(pk=said.pk).update(is_current=False)
    words = {"voter": said.voter, "statement": said.statement, "value": said.value, "cast_at": now}
    Vote.objects.create(**words, important=True)
    folder = unpacked(redraw_opinion_map(call=call, now=now), tmp_path)
    lines = (folder / "important.csv").read_text().splitlines()
    assert lines == ["comment-id,voter-id", f"2,{camps[4].alias}"]


def test_a_call_that_tells_how_groups_voted_gives_out_no_rows(call, camps, now) -> None:
    kept = redraw_opinion_map(call=call, now=now)
    with pytest.raises(NotThere, match="how groups voted"):
        archive_of(kept)
    document = mapjson.map_as_json(kept)
    assert all(voter.alias not in document for voter in camps)


def test_a_call_that_gives_out_rows_weighs_nothing(call, rows_given_out, camps, now, secretariat) -> None:
    with pytest.raises(Refused, match="votes of each voter") as refusal:
        weigh_by(call=call, scheme=STAKEHOLDERS, chosen=ChosenShares(Basis.EQUAL), actor=secretariat, now=now)
    assert refusal.value.code == "breakdown-kept-back"
    assert redraw_opinion_map(call=call, now=now).voices == {}
