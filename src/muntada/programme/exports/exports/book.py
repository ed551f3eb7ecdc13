"""The printed programme (PDF), typeset by Typst: contents, tables by day, sessions, index.

Texts of people are data, never markup; each keeps its language and direction.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module, util
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from markdown_it import MarkdownIt

from muntada.foundations.languages import city_name, direction, in_language, language_name
from muntada.foundations.typesetting import can_set, set_pages
from muntada.programme.exports.exports.format_names import name_of, plain
from muntada.programme.exports.pages import PrintedDay, days_of
from muntada.programme.releases.queries import ReleasedProgramme, ReleasedSession
from muntada.programme.sessions.rules import PART_NAMES, SESSION_KIND_NAMES, SessionKind, SessionRole

MEDIA_TYPE = "application/pdf"
TEMPLATE = Path(__file__).parents[1] / "data" / "book.typ"
# Package and family; the first two are installed with the platform, the last with the extra
# `chinese`.
LATIN, ARABIC, CHINESE = (
    ("fontpkg_noto_sans", "Noto Sans"),
    ("fontpkg_amiri", "Amiri"),
    ("manimgx_fonts_cjk", "Noto Sans CJK SC"),
)
# Characters found only in Chinese fonts.
PROBE = "网络"
_markdown = MarkdownIt("commonmark", {"html": False})
_IN_A_ROW = {"ar": "، ", "zh-hans": "、"}


@dataclass(frozen=True)
class Cover:
    """Texts of the cover not in the release."""

    notes: Mapping[str, str]


def has_chinese() -> bool:
    """Return whether the Chinese font is installed; otherwise fonts of the machine are used."""
    return util.find_spec(CHINESE[0]) is not None


def lacks_letters(languages: Sequence[str]) -> bool:
    """Return whether a forum needs Chinese characters that no font has."""
    return any(language.startswith("zh") for language in languages) and not _sets_chinese()


@cache
def _sets_chinese() -> bool:
    return has_chinese() or can_set(PROBE, fonts=_font_paths())


def book(programme: ReleasedProgramme, cover: Cover, *, language: str) -> bytes:
    """Return the printed programme in one language; equal releases give equal files."""
    with translation.override(language), timezone.override(programme.zone):
        data = book_data(programme, cover, language)
    return set_pages(
        TEMPLATE,
        data,
        fonts=_font_paths(),
        only_these_fonts=has_chinese(),
        made_at=int(programme.published_at.timestamp()),
    )


@cache
def _font_paths() -> tuple[str, ...]:
    packages = [LATIN[0], ARABIC[0], *([CHINESE[0]] if has_chinese() else [])]
    return tuple(str(Path(import_module(name).__file__ or "").parent) for name in packages)


def book_data(programme: ReleasedProgramme, cover: Cover, language: str) -> dict[str, Any]:
    """Return all texts of the printed programme in the current language."""
    days = days_of(programme)
    first, last = (date_format(day, "DATE_FORMAT") for day in (programme.starts_date, programme.ends_date))
    return {
        "language": language.partition("-")[0],
        "direction": direction(language),
        "fonts": [LATIN[1], ARABIC[1], CHINESE[1]],
        "title": gettext("Programme"),
        "forum": name_of(programme, language),
        "dates": first if first == last else f"{first} – {last}",
        "venue": plain(in_language(programme.places, language)),
        "published": date_format(timezone.localtime(programme.published_at), "DATETIME_FORMAT"),
        "notes": plain(in_language(cover.notes, language)) if cover.notes else "",
        "words": _words(programme, language),
        "days": [_day(programme, day) for day in days],
        "sessions": [_session(programme, one) for one in programme.held],
        "index": _index(programme),
    }


def _words(programme: ReleasedProgramme, language: str) -> dict[str, str]:
    return {
        "contents": gettext("Contents"),
        "time": gettext("Time"),
        "room": gettext("Room"),
        "session": gettext("Session"),
        "sessions": gettext("Sessions"),
        "page": gettext("Page"),
        "index": gettext("People"),
        "nothing": gettext("Nothing is held on this day."),
        "release": gettext("Release %(number)s") % {"number": programme.number},
        "zone": gettext("All times are those of %(city)s.") % {"city": city_name(programme.zone.key)},
        "comma": _IN_A_ROW.get(language, ", "),
        "colon": ":" if language != "fr" else "\N{NO-BREAK SPACE}:",
    }


def _day(programme: ReleasedProgramme, day: PrintedDay) -> dict[str, Any]:
    held = sorted(
        ((session, room) for room, sessions in day.rooms for session in sessions),
        key=lambda pair: pair[0].starts_at,
    )
    return {
        "name": f"{date_format(day.date, 'l')}, {date_format(day.date, 'DATE_FORMAT')}",
        "rows": [
            {
                "time": _hours(programme, session),
                "room": plain(room.name),
                "number": session.number,
                "symbol": session.symbol,
                "title": _said(session.title, session),
            }
            for session, room in held
        ],
    }


def _session(programme: ReleasedProgramme, session: ReleasedSession) -> dict[str, Any]:
    facts = session.facts
    starts_at = session.starts_at.astimezone(programme.zone)
    kind = SESSION_KIND_NAMES[SessionKind(facts.kind)] if facts.kind in set(SessionKind) else facts.kind
    codes = ", ".join((*facts.lines, *facts.goals))
    return {
        "number": session.number,
        "symbol": session.symbol,
        "title": _said(session.title, session),
        "when": f"{date_format(starts_at, 'l')}, {date_format(starts_at, 'DATE_FORMAT')}, "
        f"{_hours(programme, session)}",
        "room": plain(session.room),
        "facts": [
            plain(one) for one in (str(kind), language_name(facts.language), facts.track, codes) if one
        ],
        "parts": [{"kind": kind, "text": text} for kind, text in parts_of(facts.description)],
        "people": [
            {"part": str(PART_NAMES[part]), "names": names}
            for part in (SessionRole.MODERATOR, SessionRole.SPEAKER, SessionRole.ORGANISER)
            if (names := [plain(one.name) for one in facts.people if one.part == part])
        ],
    }


def parts_of(text: str) -> Iterator[tuple[str, str]]:
    """Split Markdown into headings, list items and paragraphs as plain text."""
    within = ["text"]
    for token in _markdown.parse(plain(text)):
        if token.type in {"heading_open", "list_item_open"}:
            within.append("head" if token.type == "heading_open" else "item")
        elif token.type in {"heading_close", "list_item_close"}:
            within.pop()
        elif token.type in {"fence", "code_block", "html_block"}:
            yield within[-1], token.content.strip()
        elif token.type == "inline":
            words = "".join(
                " " if child.type in {"softbreak", "hardbreak"} else child.content
                for child in token.children or ()
            )
            if words.strip():
                yield within[-1], words.strip()


def _index(programme: ReleasedProgramme) -> list[dict[str, Any]]:
    found: dict[str, tuple[str, list[int]]] = defaultdict(lambda: ("", []))
    for session in programme.held:
        for person in session.facts.people:
            name, numbers = found[person.guid]
            if session.number not in numbers:
                found[person.guid] = (name or plain(person.name), [*numbers, session.number])
    rows = sorted(found.values(), key=lambda pair: pair[0].casefold())
    return [{"name": name, "sessions": numbers} for name, numbers in rows]


def _said(text: str, session: ReleasedSession) -> dict[str, str]:
    language = session.facts.language
    return {"text": plain(text), "language": language.partition("-")[0], "direction": direction(language)}


def _hours(programme: ReleasedProgramme, session: ReleasedSession) -> str:
    def clock(moment: datetime) -> str:
        return str(time_format(moment.astimezone(programme.zone), "H:i"))

    return f"{clock(session.starts_at)}–{clock(session.ends_at)}"
