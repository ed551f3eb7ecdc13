"""Indicators from small files, initiatives, and the actor of each role."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muntada.evidence.actions import checking, figures, initiatives
from muntada.evidence.models import Initiative
from muntada.evidence.rules.initiatives import Activity, Progress, Scope
from muntada.people.rules import OrganisationKind
from muntada.record.rules import SYSTEM

type MakeFile = Callable[..., Path]
type ImportText = Callable[..., figures.Imported]
type MakeInitiative = Callable[..., Initiative]

USERS = """code,name,year,value
WLD,World,2015,39.9
WLD,World,2020,59.3
WLD,World,2023,67.4
SAS,South Asia,2015,17.0
SAS,South Asia,2020,40.0
NAC,North America,2020,90.5
NAC,North America,2023,92.1
HIC,High income,2023,93.0
LDC,Least developed countries,2023,33.0
EUU,European Union,2023,91.0
KEN,Kenya,2020,22.7
KEN,Kenya,2023,35.0
NAM,Namibia,2023,62.0
"""
BY_SEX = """code,sex,year,value
WLD,female,2023,66.4
WLD,male,2023,72.0
WLD,female,2024,68.2
WLD,male,2024,74.2
LDC,female,2024,26.3
LDC,male,2024,36.5
SAS,female,2024,56.3
"""


@pytest.fixture
def a_file(tmp_path) -> MakeFile:
    def make(text: str | bytes = USERS, name: str = "IT.NET.USER.ZS.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


@pytest.fixture
def import_text(a_file, forum, now) -> ImportText:
    def run(text: str = USERS, name: str = "IT.NET.USER.ZS.csv", **named) -> figures.Imported:
        return figures.import_indicators(
            path=a_file(text, name), forum=forum, actor=named.pop("actor", SYSTEM), now=now, **named
        )

    return run


def a_new_initiative(**named) -> initiatives.NewInitiative:
    facts = {
        "title": "Village networks",
        "language": "en",
        "description": "Community networks in forty villages.",
        "organisation": "Rural Link",
        "organisation_kind": OrganisationKind.CIVIL_SOCIETY,
        "activity": Activity.INFRASTRUCTURE,
        "scope": Scope.NATIONAL,
        "status": Progress.ONGOING,
        "country": "KE",
        "starts_year": 2015,
    }
    return initiatives.NewInitiative(**(facts | named))


@pytest.fixture
def make_initiative(forum, make_person, now) -> MakeInitiative:
    def make(person=None, *, is_published=True, **named) -> Initiative:
        actor = initiatives.Actor((person or make_person()).pk, "participant")
        made = initiatives.register_initiative(
            forum=forum, actor=actor, new=a_new_initiative(**named), now=now
        ).initiative
        return checking.publish_initiative(initiative=made, actor=SYSTEM, now=now) if is_published else made

    return make


def a_document(**named) -> dict[str, object]:
    """Figures as they are retyped from publications: one year, three editions."""
    figure = {
        "indicator": "internet_users_pct",
        "area": "WLD",
        "scheme": "world",
        "breakdown": "total",
        "ref_year": 2023,
        "edition": 2023,
        "value": 67.4,
        "source": "Facts and Figures 2023",
        "status": "sourced",
    }
    rows = [
        figure,
        figure | {"edition": 2024, "value": 65, "status": "unverified", "source": "press text"},
        figure | {"edition": 2025, "ref_year": 2025, "value": 74},
        figure | {"area": "ITU-AFR", "edition": 2025, "ref_year": 2025, "value": 36},
        figure | {"indicator": "offline_billion", "edition": 2025, "ref_year": 2025, "value": 2.2},
    ]
    return {
        "indicators": [
            {
                "code": "internet_users_pct",
                "titles": {"en": "Individuals using the Internet"},
                "units": {"en": "% of population"},
                "wdi_code": "IT.NET.USER.ZS",
            },
            {
                "code": "offline_billion",
                "titles": {"en": "People offline"},
                "units": {"en": "billion people"},
                "wdi_code": None,
            },
        ],
        "figures": rows,
    } | named
