"""What an address of a file does not choose by, or cannot choose, is refused by name."""

import pytest
from django.http import HttpRequest, HttpResponse, QueryDict

from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by, chosen_in, require_choice


@chosen_by("area", "year")
def table(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("a,b")


@pytest.mark.parametrize("query", ["", "?area=KEN&area=UGA", "?year=", "?lang=ar&year=2020"])
def test_a_file_is_given_to_whoever_asks_for_what_there_is(rf, query):
    assert table(rf.get(f"/table.csv{query}")).status_code == 200


@pytest.mark.parametrize("name", ["areas", "utm_source", "Area", ""])
def test_a_parameter_that_chooses_nothing_is_refused_by_its_name(rf, name):
    with pytest.raises(NotThere) as refusal:
        table(rf.get("/table.csv", {name: "x"}))
    assert refusal.value.code == "parameter"
    assert f"“{name}”" in str(refusal.value)


def test_a_value_that_cannot_be_chosen_is_refused_with_its_name():
    require_choice(QueryDict("area=KEN&area= UGA &area="), "area", ["KEN", "UGA"])
    with pytest.raises(NotThere) as refusal:
        require_choice(QueryDict("area=KEN&area=ATL"), "area", ["KEN", "UGA"])
    assert refusal.value.code == "parameter-value"
    assert "“ATL”" in str(refusal.value)


def test_a_page_hands_on_what_chooses_the_file_alone():
    assert chosen_in(QueryDict("page=2&area=KEN&area=UGA&x=1"), ("area", "year")) == "area=KEN&area=UGA"
