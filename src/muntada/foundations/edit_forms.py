"""Forms for existing data that detect conflicting edits.

Each field carries a digest of the value shown when the page was opened. On submission, each field
is compared with the current value. A change by only one person is accepted. If both changed a field
to different values, the form is refused with a conflict: it shows both texts and their differences,
and can be submitted again.

Submissions to one address wait for each other (`sent_forms`), so two at once cannot both pass.
"""

import difflib
import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Self

from django import forms
from django.forms.widgets import ChoiceWidget
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from muntada.foundations.clean_forms import CleanField, CleanForm
from muntada.foundations.cleaning import clean_text

PREFIX = "shown-"
DIGEST_LENGTH = 12
DIGITS_OF_A_MOMENT = 11
CONFLICT = "conflict"
_WORDS = re.compile(r"\s+|[\u3000-\u9fff]|\w+|[^\w\s]")


@dataclass(frozen=True)
class DiffPiece:
    """A part of a text; `is_other` marks a difference."""

    text: str
    is_other: bool


@dataclass(frozen=True)
class EditConflict:
    """A field that two people changed: the submitted and the saved value."""

    typed: Sequence[DiffPiece]
    stands: Sequence[DiffPiece]


class EditedField(CleanField):
    """A field that remembers the value it showed when its page was opened."""

    form: "EditBase"

    @property
    def data(self) -> Any:
        """The submitted value, or the current one if the person did not change the field."""
        return self.initial if self.takes_what_stands else super().data

    @cached_property
    def takes_what_stands(self) -> bool:
        if not self._is_compared or not self.form.is_from_a_page:
            return False
        shown = self._shown
        if shown is None:
            # If the field was not on the page, another person has added it since.
            return self.html_name not in self.form.data
        return shown != self._digest(self.initial) and shown == self._digest(self._sent)

    @cached_property
    def conflict(self) -> EditConflict | None:
        """The conflict of this field, or None."""
        shown = self._shown if self._is_compared else None
        if shown is None or shown in {self._digest(self.initial), self._digest(self._sent)}:
            return None
        if self._digest(self.initial) == self._digest(self._sent):
            return None
        typed, stands = self._in_words(self._sent), self._in_words(self.initial)
        return EditConflict(*_compared(typed, stands))

    def as_widget(self, *args: Any, **kwargs: Any) -> SafeString:
        """Render the field with the digest of its current value."""
        drawn = super().as_widget(*args, **kwargs)
        return drawn if kwargs.get("only_initial") else drawn + self.shown_input

    @property
    def shown_input(self) -> SafeString:
        """The digest input, for pages that render choices one by one."""
        if not self._is_compared:
            return SafeString()
        fresh = f"{self._digest(self.initial)}.{int(time.time())}"
        shown = self.form.remembered.get(self._name, fresh)
        return format_html('<input type="hidden" name="{}" value="{}">', self._name, shown)

    @property
    def _is_compared(self) -> bool:
        is_file = isinstance(self.field, forms.FileField)
        return not (self.field.disabled or is_file or self.name in self.form.suggested)

    @property
    def _name(self) -> str:
        return f"{PREFIX}{self.html_name}"

    @property
    def _shown(self) -> str | None:
        return self._sent_along.partition(".")[0] or None

    @property
    def shown_at(self) -> datetime | None:
        """The time at which the page of the form was opened."""
        at = self._sent_along.partition(".")[2]
        is_moment = at.isascii() and at.isdecimal() and len(at) <= DIGITS_OF_A_MOMENT
        return datetime.fromtimestamp(int(at), UTC) if is_moment else None

    @property
    def _sent_along(self) -> str:
        sent = self.form.data.get(self._name) if self.form.is_bound else ""
        return sent if isinstance(sent, str) else ""

    @property
    def _sent(self) -> Any:
        return super().data

    def _digest(self, value: Any) -> str:
        return hashlib.sha256(self._as_sent(value).encode(errors="surrogatepass")).hexdigest()[:DIGEST_LENGTH]

    def _as_sent(self, value: Any) -> str:
        """Return a value as a browser would submit it, as one string."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "on" if widget.check_test(value) else ""
        value = self.field.prepare_value(value)
        if isinstance(widget, (forms.TextInput, forms.NumberInput, forms.HiddenInput, forms.Textarea)):
            value = widget.format_value(value)
        return _plain(value)

    def _in_words(self, value: Any) -> str:
        """Return a value as shown to a person."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return gettext("Yes") if widget.check_test(value) else gettext("No")
        sent = self._as_sent(value)
        if not isinstance(widget, ChoiceWidget):
            return sent
        names = dict(_flat(self.field.choices))  # type: ignore[attr-defined]
        return ", ".join(names.get(one, one) for one in sent.split("\n") if one)


class EditBase(forms.BaseForm):
    """The base of forms for existing data. `initial` is the current value, also on submission.

    `remembered` holds the digests of earlier pages if a page is redrawn before saving.
    """

    bound_field_class = EditedField
    suggested: frozenset[str] = frozenset()
    remembered: Mapping[str, str] = MappingProxyType({})

    def remembers(self, sent: Mapping[str, str]) -> None:
        """Keep the digests of the page this was submitted from."""
        self.remembered = {name: value for name, value in sent.items() if name.startswith(PREFIX)}

    def suggests(self, *names: str) -> Self:
        """Mark the shown values of these fields (all if none named) as suggestions."""
        self.suggested = frozenset(names or self.fields)
        return self

    @cached_property
    def is_from_a_page(self) -> bool:
        """Whether the form came from a page with digests."""
        return self.is_bound and any(name.startswith(PREFIX) for name in self.data)

    @property
    def conflicts(self) -> list[forms.BoundField]:
        return [field for field in self if getattr(field, "conflict", None)]

    def full_clean(self) -> None:
        """Also report conflicts with changes by others, at the field."""
        super().full_clean()
        for field in self.conflicts:
            sentence = gettext("Somebody else changed this while you were writing.")
            self.add_error(field.name, forms.ValidationError(sentence, code=CONFLICT))


class EditForm(EditBase, CleanForm):
    """A form over something that stands already."""


class EditModelForm(EditBase, forms.ModelForm):  # type: ignore[type-arg]
    """A form over a row of a table."""


class EditFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    """Existing rows; rows added by others since the page was opened are kept."""

    def total_form_count(self) -> int:
        return max(super().total_form_count(), self._rows_that_stand())

    def initial_form_count(self) -> int:
        return max(super().initial_form_count(), self._rows_that_stand())

    def _rows_that_stand(self) -> int:
        """Return the number of current rows; a program without digests submits all rows."""
        is_from_a_page = any(name.startswith(PREFIX) for name in self.data or ())
        return len(self.initial or ()) if is_from_a_page else 0


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in clean_text(value).splitlines())
    if hasattr(value, "__iter__"):
        rows = list(value)
        texts = [_plain(one) for one in rows]
        return "\n".join(texts if any(isinstance(one, Mapping) for one in rows) else sorted(texts))
    return str(value)


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for value, name in choices:
        if isinstance(name, (list, tuple)):
            yield from _flat(name)
        else:
            yield str(value), str(name)


def _compared(typed: str, stands: str) -> tuple[list[DiffPiece], list[DiffPiece]]:
    """Split two texts into common and different parts, by word."""
    one, other = _WORDS.findall(typed), _WORDS.findall(stands)
    mine: list[DiffPiece] = []
    theirs: list[DiffPiece] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        is_other = kind != "equal"
        mine += [DiffPiece("".join(one[a:b]), is_other)] if b > a else []
        theirs += [DiffPiece("".join(other[c:d]), is_other)] if d > c else []
    return _in_stretches(mine), _in_stretches(theirs)


def _in_stretches(pieces: Sequence[DiffPiece]) -> list[DiffPiece]:
    """Merge adjacent different words, with the blanks between them."""
    beside = [False, *(one.is_other for one in pieces), False]
    marked = [
        one.is_other or (one.text.isspace() and before and after)
        for before, one, after in zip(beside, pieces, beside[2:], strict=False)
    ]
    stretches = groupby(zip(marked, pieces, strict=True), key=itemgetter(0))
    return [DiffPiece("".join(one.text for _, one in some), is_other) for is_other, some in stretches]
