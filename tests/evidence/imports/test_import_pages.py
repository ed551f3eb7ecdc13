import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from muntada.evidence.areas.actions import load_areas
from muntada.evidence.imports.actions import runs
from muntada.evidence.indicators.models import Import, Observation
from muntada.evidence.indicators.rules.imports import COLUMNS, ImportState
from muntada.people.rules import Role

from .test_imports import NEWER, OLDER, SERIES, work_off

pytestmark = pytest.mark.django_db
LIST = "/wsis20/evidence/imports"


def upload(text: str, name: str = "figures.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


@pytest.fixture
def secretariat(client_as):
    return client_as(Role.SECRETARIAT)


@pytest.fixture
def begin(secretariat, now):
    def run(text: str = OLDER, **named) -> Import:
        secretariat.post(LIST, {"file": upload(text), "series": SERIES} | named)
        one = Import.objects.first()
        work_off(one, runs.carry_out_look)
        return Import.objects.get(pk=one.pk)

    return run


def take(one: Import, secretariat, now, **posted) -> str:
    secretariat.post(f"{LIST}/{one.pk}/take-in", posted)
    work_off(Import.objects.get(pk=one.pk), runs.carry_out_taking)
    return secretariat.get(f"{LIST}/{one.pk}").content.decode()


def test_only_the_secretariat_imports(each_role, begin):
    one = begin()
    for role, browser in each_role():
        pages = [
            browser.get(address).status_code
            for address in (LIST, f"{LIST}/{one.pk}", f"{LIST}/{one.pk}/columns")
        ]
        acts = ("take-in", "again", "withdraw", "throw-away")
        if role is Role.SECRETARIAT:
            assert pages == [200, 200, 200]
        else:
            posted = [browser.post(f"{LIST}/{one.pk}/{act}").status_code for act in acts]
            assert {*pages, *posted} == {403 if role else 302}
            assert Import.objects.get().state == ImportState.LOOKED_AT


def test_a_file_that_was_taken_in_before_is_told_before_anybody_confirms_it(begin, secretariat, now):
    page = take(begin(), secretariat, now)
    assert 'id="in-the-way"' not in page
    again = begin()
    address = f"{LIST}/{again.pk}"
    page = secretariat.get(address).content.decode()
    assert ('id="in-the-way"' in page, f"{address}/take-in" in page) == (True, False)
    assert "exactly this file" in secretariat.post(f"{address}/take-in", follow=True).content.decode()
    assert Import.objects.get(pk=again.pk).state == ImportState.LOOKED_AT


def test_the_empty_table_is_there_to_be_filled_in(secretariat, forum):
    assert f'href="{LIST}/empty.csv"' in secretariat.get(LIST).content.decode()
    assert secretariat.get(f"{LIST}/empty.csv").content.decode("utf-8-sig").strip() == ",".join(COLUMNS)


def test_an_import_of_another_forum_is_not_here(begin, other_forum, secretariat):
    one = begin()
    assert secretariat.get(f"/nigf/evidence/imports/{one.pk}").status_code in (403, 404)


def test_a_file_is_looked_at_confirmed_and_withdrawn(begin, secretariat, now):
    take(begin(edition="2023"), secretariat, now)
    one = begin(NEWER, edition="2025")
    page = secretariat.get(f"{LIST}/{one.pk}").content.decode()
    assert "67.4" in page
    assert "69.2" in page
    assert "is no year between" in page
    secretariat.post(f"{LIST}/{one.pk}/take-in")
    assert Import.objects.get(pk=one.pk).state == ImportState.LOOKED_AT
    assert "Taken in." in take(one, secretariat, now, leaves_out="on")
    assert "69.2" in secretariat.get("/wsis20/d/1").content.decode()
    secretariat.post(f"{LIST}/{one.pk}/withdraw", {"reason": "Wrong table"})
    page = secretariat.get(f"{LIST}/{one.pk}").content.decode()
    assert "Wrong table" in page
    assert "Withdrawn on" in page
    shown = secretariat.get("/wsis20/d/1").content.decode()
    # A place in a drawing may be the same number.
    shown = re.sub(r"<svg.*?</svg>", "", shown, flags=re.DOTALL)
    assert "67.4" in shown
    assert "69.2" not in shown
    assert Observation.objects.count() == 6


def test_what_changed_between_editions_is_shown_side_by_side(begin, secretariat, client, now):
    take(begin(edition="2023"), secretariat, now)
    take(begin(NEWER, edition="2025"), secretariat, now, leaves_out="on")
    page = client.get("/wsis20/d/1/editions").content.decode()
    for word in ("67.4", "69.2", "+1.8", "2023", "2025"):
        assert word in page
    assert "Numbers only in the later edition" in page
    cell = client.get("/wsis20/d/1/editions?area=KEN&year=2023").content.decode()
    assert cell.count("35") >= 2
    assert client.get("/wsis20/d/1/editions?area=NONE&year=x&before=zz&after=99999999999").status_code == 200


def test_a_table_nobody_knows_is_named_by_hand(begin, secretariat, now):
    one = begin("Staat;Jahr;Anteil\nKEN;2020;22.7\n", series="")
    address = f"{LIST}/{one.pk}/columns"
    assert f"{one.pk}/columns" in secretariat.get(f"{LIST}/{one.pk}").content.decode()
    wrong = secretariat.post(address, {"column-0": "area", "column-1": "year", "column-2": "nothing"})
    assert (wrong.status_code, "which columns hold" in wrong.content.decode()) == (422, True)
    said = {"column-0": "area", "column-1": "year", "column-2": "value", "series": "share"}
    assert secretariat.post(address, said).status_code == 302
    work_off(Import.objects.get(), runs.carry_out_look)
    assert Import.objects.get().preview["new"] == 1


def test_a_form_without_a_source_or_with_two_keeps_what_was_typed(secretariat):
    for posted in (
        {"edition": "2025"},
        {"edition": "2025", "file": upload(OLDER), "address": "https://example.org/x"},
        {"edition": "2025", "address": "file:///etc/passwd"},
    ):
        response = secretariat.post(LIST, posted)
        assert response.status_code == 422
        assert 'value="2025"' in response.content.decode()
    assert not Import.objects.exists()


def test_the_part_that_htmx_asks_for_is_the_part_alone(begin, secretariat):
    one = begin()
    part = secretariat.get(f"{LIST}/{one.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "What was found" in part


def test_an_edition_can_be_renamed_when_it_is_confirmed(begin, secretariat, now):
    take(begin(edition="2025"), secretariat, now)
    one = begin(NEWER, edition="2025")
    assert "There is an edition 2025" in take(one, secretariat, now, leaves_out="on")
    secretariat.post(f"{LIST}/{one.pk}/again")
    work_off(Import.objects.get(pk=one.pk), runs.carry_out_look)
    assert "Taken in." in take(one, secretariat, now, leaves_out="on", edition="2025, revised")
    assert [*Import.objects.values_list("edition", flat=True)] == ["2025, revised", "2025"]


@pytest.mark.usefixtures("forum", "no_areas")
def test_who_belongs_to_a_group_is_shown_by_year(client):
    assert "No area is known" in client.get("/wsis20/evidence/areas").content.decode()
    load_areas()
    page = client.get("/wsis20/evidence/areas?group=LDC").content.decode()
    assert "Bhutan" in page
    assert "2023" in page
    for year, is_in in (("2022", True), ("2023", False)):
        page = client.get(f"/wsis20/evidence/areas?group=LDC&year={year}").content.decode()
        assert ("Bhutan" in page) is is_in
        assert "Nepal" in page
    assert client.get("/wsis20/evidence/areas?group=NONE&year=²²²²").status_code == 200


def test_what_has_numbers_by_parts_only_is_not_said_to_have_none(begin, secretariat, client, now):
    text = "code,year,value,sex\nWLD,2023,60,female\nWLD,2023,65,male\n"
    one = begin(text)
    assert "Taken in." in take(one, secretariat, now)
    page = client.get("/wsis20/d/1").content.decode()
    assert "There are no numbers" not in page
    assert "Women and men" in page
    assert "World: Women" in page
    assert page.count('role="img"') == 1
    # What it was taken in as is told, where nobody named an edition.
    one.refresh_from_db()
    assert one.edition == one.begun_at.date().isoformat() == one.vintages.get().label
