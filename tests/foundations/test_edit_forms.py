"""Two people who edit the same thing: what only one changed is taken, what both changed is told."""

from datetime import date

import pytest
from django import forms
from django.forms import formset_factory
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from muntada.foundations.edit_forms import PREFIX, EditForm, EditFormSet, _compared

STOOD = {"title": "Old", "text": "A long\ntext", "kind": "a", "days": ["1", "2"], "is_open": True}


class Sample(EditForm):
    title = forms.CharField()
    text = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")])
    days = forms.MultipleChoiceField(
        choices=[("1", "Monday"), ("2", "Tuesday"), ("3", "Sunday")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    is_open = forms.BooleanField(required=False)
    due = forms.DateField(required=False, widget=forms.DateInput(format="%Y-%m-%d"))


def as_browser(form: forms.Form) -> dict[str, list[str]]:
    """Return what a browser sends of the form as it is drawn, untouched."""
    sent: dict[str, list[str]] = {}
    for field in form:
        digest = str(field).rpartition('value="')[2].partition('"')[0]
        sent[f"{PREFIX}{field.html_name}"] = [digest]
        value = field.value()
        if isinstance(field.field.widget, forms.CheckboxInput):
            sent |= {field.html_name: ["on"]} if value else {}
        elif isinstance(value, list):
            sent[field.html_name] = [str(one) for one in value]
        else:
            sent[field.html_name] = ["" if value is None else str(value).replace("\n", "\r\n")]
    return sent


def sent_back(stands: dict[str, object], **typed: object) -> Sample:
    data = QueryDict(mutable=True)
    for name, values in as_browser(Sample(initial=STOOD)).items():
        data.setlist(name, values)
    for name, value in typed.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return Sample(data, initial=STOOD | stands)


def test_a_form_nobody_else_touched_is_what_was_typed():
    form = sent_back({}, title="New")
    assert form.is_valid()
    assert form.cleaned_data["title"] == "New"
    assert form.cleaned_data["text"].split() == ["A", "long", "text"]


def test_what_another_changed_in_other_fields_stays():
    other = {"text": "Theirs", "kind": "b", "days": ["3"], "is_open": False, "due": date(2025, 7, 8)}
    form = sent_back(other, title="Mine")
    assert form.is_valid(), form.errors
    assert form.cleaned_data == other | {"title": "Mine"}


@pytest.mark.parametrize(
    ("field", "typed", "theirs"),
    [
        ("title", "Mine", "Theirs"),
        ("text", "Mine\nand more", "Theirs"),
        ("days", ["1"], ["2"]),
        ("due", "2025-07-09", date(2025, 7, 8)),
    ],
)
def test_what_both_changed_is_refused_and_nothing_typed_is_lost(field, typed, theirs):
    form = sent_back({field: theirs}, **{field: typed})
    assert not form.is_valid()
    assert form.errors.as_data()[field][-1].code == "conflict"
    assert [one.name for one in form.conflicts] == [field]
    assert form[field].data == typed


def test_a_box_both_emptied_or_a_text_both_wrote_alike_is_no_conflict():
    form = sent_back({"title": "Same", "is_open": False}, title="Same", is_open=[])
    assert form.is_valid(), form.errors


def test_a_conflict_says_choices_by_their_names():
    stood = STOOD | {"kind": ""}
    data = QueryDict(mutable=True)
    for name, values in as_browser(Sample(initial=stood)).items():
        data.setlist(name, values)
    data["kind"] = "a"
    conflict = Sample(data, initial=stood | {"kind": "b"})["kind"].conflict
    assert conflict is not None
    assert ["".join(one.text for one in side) for side in (conflict.typed, conflict.stands)] == [
        "First",
        "Second",
    ]


def test_after_a_conflict_the_form_can_be_sent_again_on_top_of_what_stands():
    form = sent_back({"title": "Theirs", "text": "New text"}, title="Mine")
    assert not form.is_valid()
    data = QueryDict(mutable=True)
    for name, values in as_browser(form).items():
        data.setlist(name, values)
    again = Sample(data, initial=STOOD | {"title": "Theirs", "text": "New text"})
    assert again.is_valid(), again.errors
    assert (again.cleaned_data["title"], again.cleaned_data["text"]) == ("Mine", "New text")


def test_a_program_that_says_nothing_of_what_it_saw_is_taken_at_its_word():
    form = Sample({"title": "Mine", "kind": "a"}, initial=STOOD | {"title": "Theirs"})
    assert form.is_valid()
    assert form.cleaned_data["title"] == "Mine"


def test_what_is_only_suggested_is_not_compared():
    form = sent_back({"title": "Another suggestion"}, title="Mine").suggests()
    assert form.is_valid()


class Row(EditForm):
    name = forms.CharField(required=False)


Rows = formset_factory(Row, formset=EditFormSet, extra=0)


def rows_sent(stood: list[str], stands: list[str], *, typed: dict[int, str]) -> EditFormSet:
    shown = Rows(initial=[{"name": one} for one in stood])
    data = {
        "form-TOTAL_FORMS": str(len(stood)),
        "form-INITIAL_FORMS": str(len(stood)),
        **{name: values[0] for form in shown.forms for name, values in as_browser(form).items()},
        **{f"form-{place}-name": text for place, text in typed.items()},
    }
    return Rows(data, initial=[{"name": one} for one in stands])


def test_a_row_another_added_stays():
    rows = rows_sent(["one"], ["one", "two"], typed={0: "changed"})
    assert rows.is_valid()
    assert [form.cleaned_data["name"] for form in rows.forms] == ["changed", "two"]


def test_a_row_another_took_out_does_not_come_back():
    rows = rows_sent(["one", "two", "three"], ["one", "three"], typed={0: "changed"})
    assert rows.is_valid()
    assert [form.cleaned_data.get("name", "") for form in rows.forms] == ["changed", "three", ""]


def test_a_program_that_sends_fewer_rows_means_fewer():
    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "alone"}
    rows = Rows(data, initial=[{"name": "one"}, {"name": "two"}])
    assert rows.is_valid()
    assert [form.cleaned_data["name"] for form in rows.forms] == ["alone"]


def test_a_row_both_changed_is_refused():
    assert not rows_sent(["one"], ["theirs"], typed={0: "mine"}).is_valid()


@given(st.text(alphabet="ab \nنص中文.", max_size=30), st.text(alphabet="ab \nنص中文.", max_size=30))
def test_the_differing_words_hold_both_texts_whole(one, other):
    for pieces, text in zip(_compared(one, other), (one, other), strict=True):
        assert "".join(piece.text for piece in pieces) == text


def test_words_that_differ_one_after_the_other_are_one_stretch():
    mine, theirs = _compared("the small networks stay", "the very large nets stay")
    assert [(piece.text, piece.is_other) for piece in theirs] == [
        ("the ", False),
        ("very large nets", True),
        (" stay", False),
    ]
    assert [piece.is_other for piece in mine] == [False, True, False]


def test_a_blank_beside_what_both_have_is_no_difference():
    mine, _ = _compared("one two", "one and two")
    assert not any(piece.is_other for piece in mine)
