"""Every public decision has a reason."""

from django.utils.translation import gettext

from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import Refused

REASON_LENGTH = 4_000


def require_reason(text: str, field: str = "reason") -> None:
    if not clean_text(text):
        raise Refused(gettext("Please give the reason. It is shown to everybody."), "reason-missing", field)
    if len(text) > REASON_LENGTH:
        sentence = gettext("The reason is longer than %(limit)s characters. Please shorten it.")
        raise Refused(sentence % {"limit": REASON_LENGTH}, "reason-too-long", field)
