"""Which words no forum can have as its address."""

from django.utils.translation import gettext

from muntada.foundations.errors import Refused

# Words that stand at the beginning of an address themselves.
RESERVED_SLUGS = frozenset({"about", "account", "api", "healthz", "live", "readyz", "static"})


def require_free_slug(slug: str) -> None:
    """A forum under one of these addresses could not be reached."""
    if slug in RESERVED_SLUGS:
        sentence = gettext("“%(slug)s” is an address of the platform itself. Please choose another one.")
        raise Refused(sentence % {"slug": slug}, "forum-address-reserved", "slug")
