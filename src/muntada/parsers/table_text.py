"""How the text of a table is encoded and separated: the same for every reader of CSV files."""

import codecs
import re

BYTE_ORDER_MARK = codecs.BOM_UTF8
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SEPARATORS = ",;\t|"
# The first bytes of an XLSX or ODS workbook.
WORKBOOK_BEGINS = b"PK\x03\x04"
QUOTED = re.compile(r'"[^"]*"')
# A first line by which a program tells a spreadsheet program the separator.
DECLARED = re.compile(r'\s*"?sep=([,;\t|])"?\s*\Z', re.IGNORECASE)


def as_utf8(content: bytes) -> bytes:
    """Return a text in UTF-8 without its byte order mark. UTF-16 is read if it has its mark."""
    if content.startswith(UTF_16_MARKS):
        try:
            return content.decode("utf-16").encode()
        except UnicodeError:
            return content  # damaged: refused where the lines are decoded
    return content.removeprefix(BYTE_ORDER_MARK)


def declared_separator(line: str) -> str:
    """Return the separator that a line such as `sep=;` declares, else nothing."""
    found = DECLARED.match(line)
    return found[1] if found else ""


def separator_of(beginning: str) -> str:
    """Return the most frequent separator outside of quotation marks; a comma where there is none."""
    plain = QUOTED.sub("", beginning)
    return max(SEPARATORS, key=plain.count)
