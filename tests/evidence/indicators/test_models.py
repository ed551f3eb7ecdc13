import pytest
from django.db import DatabaseError, IntegrityError, transaction

from muntada.evidence.areas.models import Area
from muntada.evidence.indicators.models import Observation, Vintage
from muntada.evidence.initiatives.models import Initiative


@pytest.fixture
def kept(import_text):
    return import_text()


@pytest.mark.parametrize("change", [{"value": 1.0}, {"year": 2001}, {"note": "mended"}])
def test_an_observation_cannot_be_changed(kept, change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Observation.objects.filter(vintage=kept.vintage).update(**change)


def test_an_observation_cannot_be_deleted(kept):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Observation.objects.filter(vintage=kept.vintage)[:1].get().delete()


def test_a_cell_has_one_value_in_a_vintage(kept):
    one = kept.vintage.observations.first()
    with pytest.raises(IntegrityError, match="one_value_per_cell_and_vintage"), transaction.atomic():
        Observation.objects.create(vintage=one.vintage, area=one.area, year=one.year, value=1)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_an_observation_is_a_finite_number(kept, value):
    area = Area.objects.get(code="UGA")
    with pytest.raises(IntegrityError, match="finite"), transaction.atomic():
        Observation.objects.create(vintage=kept.vintage, area=area, year=2020, value=value)


@pytest.mark.parametrize("year", [1799, 2101])
def test_a_year_is_a_year(kept, year):
    area = Area.objects.get(code="UGA")
    with pytest.raises(IntegrityError, match="observation_year"), transaction.atomic():
        Observation.objects.create(vintage=kept.vintage, area=area, year=year, value=1)


def test_an_edition_stands_once_for_an_indicator(kept):
    again = {"label": kept.vintage.label, "edition_year": 2025, "retrieved_date": kept.vintage.retrieved_date}
    with pytest.raises(IntegrityError, match="one_vintage_per_edition"), transaction.atomic():
        Vintage.objects.create(
            indicator=kept.indicator, source=kept.vintage.source, added_at=kept.vintage.added_at, **again
        )


def test_an_edition_without_source_stands_once_too(kept):
    facts = {"indicator": kept.indicator, "source": None, "label": "x", "edition_year": 2025}
    facts |= {"retrieved_date": kept.vintage.retrieved_date, "added_at": kept.vintage.added_at}
    Vintage.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vintage.objects.create(**facts)


def test_a_country_has_no_grouping():
    with pytest.raises(IntegrityError, match="only_an_aggregate"), transaction.atomic():
        Area.objects.create(code="XXX", kind="country", grouping="region")


def test_an_initiative_ends_after_it_starts(make_initiative):
    with pytest.raises(IntegrityError, match="initiative_ends"), transaction.atomic():
        Initiative.objects.filter(pk=make_initiative().pk).update(ends_year=2001)


pytestmark = pytest.mark.django_db
