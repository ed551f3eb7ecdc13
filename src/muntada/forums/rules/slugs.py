"""Reserved addresses."""

from django.utils.translation import gettext

from muntada.foundations.errors import Refused

# First segments of the platform's own addresses.
RESERVED_SLUGS = frozenset({"about", "account", "api", "healthz", "live", "readyz", "static"})


def require_free_slug(slug: str) -> None:
    """Refuse an address that a forum could not be reached at."""
    if slug in RESERVED_SLUGS:
        sentence = gettext("“%(slug)s” is an address of the platform itself. Please choose another one.")
        raise Refused(sentence % {"slug": slug}, "forum-address-reserved", "slug")
