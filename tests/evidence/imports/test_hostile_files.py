"""No file of figures or of initiatives harms the platform."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hostile.pages import ALL_OR_FEW, FEW, MOST_GROWTH_BYTES, corpus, resident_bytes, send_all
from muntada.evidence.imports import tasks as imports
from muntada.evidence.indicators.models import Import
from muntada.evidence.indicators.rules.imports import ImportState
from muntada.foundations.jobs.running import carry_out
from muntada.people.rules import Role

pytestmark = pytest.mark.django_db


@ALL_OR_FEW
def test_tables_of_initiatives(few, client_as):
    refused = send_all(client_as(Role.SECRETARIAT), "/wsis20/evidence/initiatives/tables", "file", few=few)
    assert refused >= FEW


@ALL_OR_FEW
def test_figures_are_looked_at_by_the_queue(few, client_as, now):
    secretariat = client_as(Role.SECRETARIAT)
    before = resident_bytes()
    for name, content in corpus(few=few):
        begun = secretariat.post(
            "/wsis20/evidence/imports", {"file": SimpleUploadedFile(name, content), "series": "x"}
        )
        if begun.status_code == 422:
            continue
        one = Import.objects.latest("pk")
        carry_out(job_id=one.job_id, work=imports.look_at_import, clock=lambda: now)
        one = Import.objects.get(pk=one.pk)
        assert one.state in {ImportState.REFUSED, ImportState.COLUMNS, ImportState.LOOKED_AT}, name
        if one.state == ImportState.REFUSED:
            assert one.job.sentence, name
        assert secretariat.get(f"/wsis20/evidence/imports/{one.pk}").status_code == 200, name
        assert resident_bytes() < before + MOST_GROWTH_BYTES, name
        one.delete()
