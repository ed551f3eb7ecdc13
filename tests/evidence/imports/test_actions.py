import os
from datetime import UTC, date, datetime

import pytest

from conftest import a_forum
from evidence.conftest import BY_SEX, USERS, a_document
from muntada.evidence.areas.models import Area
from muntada.evidence.imports.actions import figures
from muntada.evidence.indicators.models import Indicator, Observation, Vintage
from muntada.evidence.indicators.queries.indicators import current_vintage
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import LogEntry, Symbol
from muntada.record.queries import check_log
from muntada.record.rules import SYSTEM, Actor

pytestmark = pytest.mark.django_db


def nothing_stands() -> bool:
    counted = (Indicator, Vintage, Observation, Symbol)
    return not any(model.objects.exists() for model in counted)


def refused(call, **named) -> Refused:
    with pytest.raises(Refused) as caught:
        call(**named)
    return caught.value


class TestImport:
    def test_a_file_becomes_an_indicator_with_symbol_source_and_vintage(self, import_text):
        found = import_text(label="2025 October")
        indicator = found.indicator
        assert (str(indicator.symbol), indicator.code) == ("WSIS20/D/1", "IT.NET.USER.ZS")
        assert set(indicator.titles) == {"ar", "zh-hans", "en", "fr", "ru", "es"}
        assert indicator.source.licence == "CC BY 4.0"
        assert (found.vintage.label, found.vintage.edition_year) == ("2025 October", 2025)
        assert (found.observations, found.areas, found.strangers) == (13, 8, ())
        assert found.vintage.observations.count() == 13

    def test_the_edition_is_the_day_the_file_was_changed_where_none_is_named(self, a_file, forum, now):
        path = a_file()
        moment = datetime(2025, 10, 7, 12, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
        found = figures.import_indicators(path=path, forum=forum, actor=SYSTEM, now=now)
        assert (found.vintage.label, found.vintage.retrieved_date.isoformat()) == ("2025-10-07", "2025-10-07")

    def test_a_second_vintage_stands_beside_the_first(self, import_text):
        first = import_text(label="2024")
        second = import_text(USERS.replace("67.4", "69.2"), label="2025")
        assert first.indicator == second.indicator
        world = Observation.objects.filter(area__code="WLD", year=2023).order_by("vintage")
        assert [(one.vintage.label, one.value) for one in world] == [("2024", 67.4), ("2025", 69.2)]
        assert current_vintage(first.indicator) == second.vintage

    def test_a_file_by_sex_belongs_to_its_indicator_as_a_vintage_of_its_own(self, import_text):
        whole = import_text()
        found = import_text(BY_SEX, "IT.NET.USER_by_sex_aggregates.csv")
        assert found.indicator == whole.indicator
        assert found.vintage.dimension == "sex"
        assert current_vintage(whole.indicator) == whole.vintage
        assert Observation.objects.filter(breakdown="female").count() == 4

    def test_the_same_file_twice_is_refused_and_changes_nothing(self, import_text):
        import_text(label="a")
        refusal = refused(import_text, label="b")
        assert refusal.code == "file-known"
        assert "edition a of D/1" in str(refusal)
        assert Vintage.objects.count() == 1

    def test_other_numbers_under_the_same_edition_are_refused(self, import_text):
        import_text(label="2025")
        refusal = refused(import_text, text=USERS.replace("67.4", "69.2"), label="2025")
        assert refusal.code == "edition-known"
        assert Observation.objects.get(area__code="WLD", year=2023).value == 67.4

    def test_an_unknown_code_is_an_indicator_named_after_its_file(self, import_text):
        found = import_text(name="Radios per village.csv")
        assert (found.indicator.code, found.indicator.title_here) == ("Radios per village",) * 2
        assert found.indicator.source is None

    def test_a_code_can_be_given(self, import_text):
        assert import_text(name="download(3).csv", code="IT.CEL.SETS.P2").indicator.code == "IT.CEL.SETS.P2"

    def test_an_area_nobody_knows_becomes_a_group_and_is_named(self, import_text):
        found = import_text("code,name,year,value\nOWID_X,Somewhere,2020,1\nKEN,Kenya,2020,2\n")
        assert found.strangers == ("OWID_X",)
        assert "OWID_X" in found.sentence
        area = Area.objects.get(code="OWID_X")
        assert (area.kind, area.grouping, area.name_here) == ("aggregate", "other", "Somewhere")

    def test_namibia_by_its_two_letters_is_namibia(self, import_text):
        found = import_text("code,name,year,value\nNA,Namibia,2020,41\n")
        assert found.vintage.observations.get().area.code == "NAM"

    def test_a_country_under_two_codes_is_refused(self, import_text):
        refusal = refused(import_text, text="code,name,year,value\nNA,Namibia,2020,41\nNAM,Namibia,2020,42\n")
        assert "Namibia" in str(refusal)
        assert nothing_stands()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("area,year,value\nKEN,2020,1\n", "columns are missing"),
            (USERS + "KEN,Kenya,2023,36\n", "line 15: KEN already has a value for 2023 on line 13"),
            (USERS + "KEN,Kenya,2024,many\n", "line 15"),
            (USERS + "KEN,Kenya,2999,1\n", "line 15"),
            (USERS + "KEN,Kenya,2024,inf\n", "line 15"),
            ("", "empty"),
            (USERS.encode() + b"KEN,Ken\xffya,2024,1\n", "line 15"),
        ],
    )
    def test_a_faulty_file_imports_nothing_and_says_where(self, import_text, text, words):
        refusal = refused(import_text, text=text)
        assert refusal.code == "table-fault"
        assert words in str(refusal)
        assert str(refusal).startswith("IT.NET.USER.ZS.csv")
        assert nothing_stands()

    def test_a_missing_file_is_refused(self, forum, tmp_path, now):
        refusal = refused(
            figures.import_indicators, path=tmp_path / "none.csv", forum=forum, actor=SYSTEM, now=now
        )
        assert refusal.code == "table-fault"

    def test_what_fails_late_leaves_nothing(self, import_text, monkeypatch):
        def break_down(indicator: Indicator, now: datetime) -> None:
            raise ConnectionError(indicator.code, now)

        monkeypatch.setattr(figures, "follow_numbers", break_down)
        with pytest.raises(ConnectionError):
            import_text()
        assert nothing_stands()
        assert not LogEntry.objects.filter(verb="import_indicators").exists()

    @pytest.mark.parametrize("role", list(Role))
    def test_only_the_secretariat_and_the_command_line_import(self, import_text, make_person, forum, role):
        actor = Actor(make_person(role).pk, role, forum.pk)
        if role is Role.SECRETARIAT:
            assert import_text(actor=actor).observations == 13
        else:
            with pytest.raises(NotAllowed):
                import_text(actor=actor)
            assert nothing_stands()

    def test_an_import_is_in_the_log(self, import_text, forum):
        found = import_text()
        entry = LogEntry.objects.get(verb="import_indicators")
        assert entry.symbol == found.indicator.symbol
        assert check_log(forum.pk).is_whole

    def test_two_forums_have_indicators_of_their_own(self, a_file, framework, forum, now):
        other = a_forum(framework, now, slug="nigf", prefix="NIGF")
        path = a_file()
        one, two = (
            figures.import_indicators(path=path, forum=each, actor=SYSTEM, now=now).indicator
            for each in (forum, other)
        )
        assert (str(one.symbol), str(two.symbol)) == ("WSIS20/D/1", "NIGF/D/1")

    @pytest.mark.shared_data
    @pytest.mark.slow
    def test_every_line_of_the_real_files_is_imported(self, shared_data, forum, now):
        for path in sorted((shared_data / "indicators" / "wdi").glob("*.csv")):
            with path.open(encoding="utf-8") as stream:
                rows = sum(1 for _ in stream) - 1
            found = figures.import_indicators(path=path, forum=forum, actor=SYSTEM, now=now)
            assert (path.name, found.vintage.observations.count()) == (path.name, rows)
            assert found.strangers == ()
        assert Indicator.objects.count() == 11


class TestFigures:
    def publish(self, forum, now, **named):
        return figures.publish_figures(document=a_document(**named), forum=forum, actor=SYSTEM, now=now)

    def test_each_edition_keeps_its_own_figure_of_the_same_year(self, forum, now):
        assert self.publish(forum, now) == 5
        world = Observation.objects.filter(area__code="WLD", year=2023).order_by("vintage__edition_year")
        assert [(one.vintage.label, one.value, one.status) for one in world] == [
            ("2023", 67.4, "sourced"),
            ("2024", 65.0, "unverified"),
        ]

    def test_figures_keep_the_day_on_which_they_were_retrieved(self, forum, now):
        document = a_document() | {"retrieved": "2026-11-25"}
        figures.publish_figures(document=document, forum=forum, actor=SYSTEM, now=now)
        assert set(Vintage.objects.values_list("retrieved_date", flat=True)) == {date(2026, 11, 25)}

    def test_figures_stand_beside_the_series_of_the_same_indicator(self, import_text, forum, now):
        whole = import_text()
        self.publish(forum, now)
        assert Indicator.objects.count() == 2
        assert current_vintage(whole.indicator) == whole.vintage

    def test_publishing_again_adds_nothing(self, forum, now):
        self.publish(forum, now)
        assert self.publish(forum, now) == 0
        assert Observation.objects.count() == 5

    def test_a_figure_that_differs_within_its_edition_is_refused(self, forum, now):
        self.publish(forum, now)
        changed = [row | {"value": row["value"] + 1} for row in a_document()["figures"]]
        with pytest.raises(Refused) as caught:
            self.publish(forum, now, figures=changed)
        assert caught.value.code == "figure-stands"
        assert Observation.objects.get(area__code="ITU-AFR").value == 36

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.SECRETARIAT}))
    def test_others_do_not_publish_figures(self, forum, now, role):
        with pytest.raises(NotAllowed):
            figures.publish_figures(
                document=a_document(), forum=forum, actor=Actor(1, role, forum.pk), now=now
            )
