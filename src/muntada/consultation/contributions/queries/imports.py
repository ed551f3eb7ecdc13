"""Read tables of contributions, and find rows imported before."""

from collections.abc import Iterable

from babel import Locale
from django.utils.translation import gettext, ngettext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.queries import question_set_of
from muntada.consultation.contributions.models import Contribution
from muntada.consultation.contributions.rules.imports import (
    EXAMPLE,
    ROWS_AT_ONCE,
    ContributionVocabulary,
    TableReading,
    columns_for,
    missing_columns,
)
from muntada.consultation.contributions.rules.imports import read_rows as read_plain_rows
from muntada.forums.queries import goals_of, lines_of
from muntada.foundations.errors import Refused
from muntada.foundations.languages import LANGUAGE_CODES, in_language
from muntada.foundations.sheets import read_rows


def words_of(call: Call) -> ContributionVocabulary:
    asked = question_set_of(call)
    return ContributionVocabulary(
        languages=call.languages or LANGUAGE_CODES,
        lines={line.code: line.pk for line in lines_of(call.forum)},
        goals={goal.code: goal.pk for goal in goals_of(call.forum)},
        countries=frozenset(map(str, Locale.parse("en").territories)),
        items=asked.items if asked else (),
    )


def read_table(call: Call, content: bytes) -> TableReading:
    """Read a table of contributions without storing anything."""
    rows = read_rows(content, most=ROWS_AT_ONCE, field="table")
    words = words_of(call)
    missing = missing_columns(list(rows[0].values), words.items)
    if missing:
        sentence = ngettext(
            "The column %(name)s is missing. Please begin with the template.",
            "The columns %(name)s are missing. Please begin with the template.",
            len(missing),
        )
        raise Refused(sentence % {"name": ", ".join(missing)}, "column-missing", "table")
    return read_plain_rows([(row.number, row.values) for row in rows], words)


def known_ids(call: Call, ids: Iterable[str]) -> set[str]:
    """Return those of the ids that were imported before."""
    before = Contribution.objects.filter(call=call, external_id__in=list(ids))
    return set(before.values_list("external_id", flat=True))


def template_rows(call: Call) -> list[dict[str, object]]:
    """Return the template: column names, and an example row."""
    items = words_of(call).items
    shown: dict[str, object] = dict.fromkeys(columns_for(items), "")
    shown |= {
        "id": EXAMPLE,
        "language": "en",
        "title": gettext("A title"),
        "publish": "yes",
        "shown_as": "name",
    }
    shown |= {"kind": "civil-society", "country": "KE", "headquarters": "no", "lines": "C2 C7"}
    shown |= {"provenance": gettext("Letter of 3 March"), "email": "name@example.org"}
    for column, item in zip(columns_for(items)[3:], items, strict=False):
        shown[column] = in_language(item["labels"])
    return [shown]
