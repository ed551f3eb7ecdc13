from django.utils.translation import gettext_lazy as _

from muntada.foundations.jobs.kinds import job_kind
from muntada.people.rules import Role


@job_kind(title=_("Take in a programme"), roles=(Role.SECRETARIAT,))
def take_in_file() -> None:
    """Import a previewed file."""
