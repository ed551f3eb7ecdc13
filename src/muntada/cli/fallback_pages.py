"""Prepare the pages shown while no web process runs (cli.fallback), in all languages."""

import json
import mimetypes
import re
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from muntada.cli.fallback_answers import FallbackText
from muntada.foundations.languages import LANGUAGE_CODES, direction
from muntada.foundations.whole_files import write_whole


def write_fallback_pages(file: Path) -> None:
    """Write all texts and the static files of the pages."""
    words = {language: _words(language) for language in LANGUAGE_CODES}
    found = {
        "words": {language: asdict(one) for language, one in words.items()},
        "files": _files(words[settings.LANGUAGE_CODE].page),
        "language_cookie": settings.LANGUAGE_COOKIE_NAME,
    }
    write_whole(file, [json.dumps(found).encode()], replaces=True)


def _words(language: str) -> FallbackText:
    with translation.override(language):
        page, page_after_sending = (
            render_to_string(
                "503.html",
                {
                    "page_language": language,
                    "page_direction": direction(language),
                    "is_starting": True,
                    # Whatever address is requested.
                    "address": "",
                    "sends": sends,
                },
            )
            for sends in (False, True)
        )
        sentences = gettext("The platform is starting. Please try again in a few seconds.")
    return FallbackText(page, page_after_sending, sentences)


def _files(page: str) -> dict[str, tuple[str, str]]:
    """Return the static files a page refers to, by address, with type and content."""
    names = re.findall(rf'href="{settings.STATIC_URL}([^"]+)"', page)
    return {
        settings.STATIC_URL + name: (mimetypes.guess_type(name)[0] or "", Path(found).read_text())
        for name in names
        if (found := finders.find(name))
    }
