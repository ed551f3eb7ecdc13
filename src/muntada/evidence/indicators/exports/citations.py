"""Citations of a slice: as text, and in formats of reference managers."""

import json
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext


@dataclass(frozen=True)
class Citation:
    """The data that identify the same numbers."""

    title: str
    code: str
    symbol: str
    source: str
    publisher: str
    edition: str
    year: int
    retrieved: date
    address: str
    read_on: date
    licence: str = ""

    @property
    def key(self) -> str:
        return f"{self.symbol}-{self.edition}".replace("/", "-").replace(" ", "-").lower()

    @property
    def sentence(self) -> str:
        """Return the citation as text in the language of the page."""
        parts = {
            "source": self.source or gettext("Source not stated"),
            "title": self.title,
            "code": self.code,
            "edition": self.edition,
            "retrieved": self.retrieved.isoformat(),
            "symbol": self.symbol,
            "address": self.address,
            "read": self.read_on.isoformat(),
        }
        return (
            gettext(
                "%(source)s: %(title)s [%(code)s], edition %(edition)s, retrieved on %(retrieved)s."
                " %(symbol)s, %(address)s, read on %(read)s."
            )
            % parts
        )


def as_bibtex(one: Citation) -> str:
    fields = {
        "author": f"{{{_tex(one.source)}}}" if one.source else "",
        "title": f"{{{_tex(f'{one.title} [{one.code}]')}}}",
        "year": str(one.year),
        "version": _tex(one.edition),
        "publisher": _tex(one.publisher),
        "url": one.address.replace("{", "%7B").replace("}", "%7D"),
        "urldate": one.read_on.isoformat(),
        "note": _tex(f"{one.symbol}; retrieved from its source on {one.retrieved.isoformat()}"),
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{_key(one.key)},\n{body}\n}}\n"


def as_ris(one: Citation) -> str:
    lines = [
        ("TY", "DATA"),
        ("AU", f"{one.source}," if one.source else ""),
        ("TI", f"{one.title} [{one.code}]"),
        ("PY", str(one.year)),
        ("ET", one.edition),
        ("PB", one.publisher),
        ("ID", one.symbol),
        ("N1", f"Retrieved from its source on {one.retrieved.isoformat()}"),
        ("UR", one.address),
        ("Y2", one.read_on.strftime("%Y/%m/%d")),
    ]
    said = [f"{tag}  - {' '.join(value.split())}" for tag, value in lines if value]
    return "\r\n".join([*said, "ER  - ", ""])


def as_csl(one: Citation) -> str:
    item: dict[str, object] = {
        "id": one.key,
        "type": "dataset",
        "title": f"{one.title} [{one.code}]",
        "issued": {"date-parts": [[one.year]]},
        "accessed": {"date-parts": [[one.read_on.year, one.read_on.month, one.read_on.day]]},
        "version": one.edition,
        "number": one.symbol,
        "URL": one.address,
        "note": f"Retrieved from its source on {one.retrieved.isoformat()}",
    }
    if one.source:
        item["author"] = [{"literal": one.source}]
    if one.publisher:
        item["publisher"] = one.publisher
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "$": r"\$",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _tex(words: str) -> str:
    return "".join(_SPECIAL.get(letter, letter) for letter in words)


def _key(words: str) -> str:
    return "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "-.") else "" for letter in words
    )
