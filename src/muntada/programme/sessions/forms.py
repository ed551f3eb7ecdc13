"""What several forms of the programme ask."""

from django.utils.translation import get_language

from muntada.foundations.languages import LANGUAGE_CODES


def page_language() -> str:
    language = get_language() or "en"
    return language if language in LANGUAGE_CODES else "en"
