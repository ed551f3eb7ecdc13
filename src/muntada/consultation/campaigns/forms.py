"""The form for naming a campaign."""

from django.utils.translation import gettext_lazy as _

from muntada.consultation.calls.forms.fields import line_field
from muntada.foundations.edit_forms import EditForm


class CampaignForm(EditForm):
    """The name of a campaign."""

    name = line_field(_("Name of the campaign"), help_text=_("What its texts ask for, in a few words."))
