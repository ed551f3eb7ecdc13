"""Jobs of imports; the module `tasks` implements them."""

from django.utils.translation import gettext_lazy as _

from muntada.evidence.indicators.rules.observations import IMPORTING_ROLES
from muntada.foundations.jobs.kinds import job_kind


@job_kind(title=_("Imports of figures"), roles=IMPORTING_ROLES)
def look_at_import(*, import_id: int) -> None:
    """Preview an import of figures."""


@job_kind(title=_("Imports of figures"), roles=IMPORTING_ROLES)
def take_in_import(*, import_id: int) -> None:
    """Run a confirmed import."""
