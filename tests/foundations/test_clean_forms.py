"""What people type is taken without what nobody sees, in whichever form and whichever field."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from muntada.foundations.clean_forms import CleanForm
from muntada.foundations.edit_forms import EditForm

JOINED = "می‌خواهم क्‍ष 👩🏽‍🚀"


class Sample(CleanForm):
    title = forms.CharField(max_length=12)
    text = forms.CharField(widget=forms.Textarea)
    lines = forms.CharField(widget=forms.HiddenInput, required=False)
    two = forms.CharField(widget=forms.MultiWidget([forms.TextInput, forms.TextInput]), required=False)
    kind = forms.ChoiceField(choices=[("a  b", "First"), ("c", "Second")], required=False)
    file = forms.FileField(required=False)


class Edited(EditForm):
    title = forms.CharField()


def sent(**typed: str) -> Sample:
    data = QueryDict(mutable=True)
    data.update({"title": "Title", "text": "Text"} | typed)
    return Sample(data)


@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\u200b", "\ufeff"])
def test_what_nobody_sees_is_taken_out(sign):
    form = sent(title=f"{sign}A{sign} title{sign}", text=f"A{sign} text")
    assert form.is_valid()
    assert (form.cleaned_data["title"], form.cleaned_data["text"]) == ("A title", "A text")


def test_what_is_drawn_again_is_what_was_taken():
    assert sent(title="A\x07 title")["title"].value() == "A title"


def test_what_nobody_sees_counts_for_nothing():
    assert sent(title="\u200b" * 20 + "Twelve chars").is_valid()
    assert "title" in sent(title="\u202e\u200b\x07").errors


def test_what_languages_need_stays():
    form = sent(text=f"{JOINED}\r\n\r\nand more")
    assert form.is_valid()
    assert form.cleaned_data["text"] == f"{JOINED}\n\nand more"


def test_a_line_is_one_line_whatever_a_program_sends():
    form = sent(title="One\r\nline", lines="one\r\ntwo", two_0="a\nb", two_1="c\x07")
    assert form["two"].data == ["a b", "c"]
    assert (form["title"].data, form["lines"].data) == ("One line", "one\ntwo")


def test_what_is_chosen_is_compared_with_the_list_as_it_is():
    form = sent(kind="a  b")
    assert form.is_valid()
    assert form.cleaned_data["kind"] == "a  b"


def test_the_name_of_a_file_is_a_line_too():
    file = SimpleUploadedFile("report\u202efdp.exe", b"content")
    form = Sample({"title": "Title", "text": "Text"}, MultiValueDict({"file": [file]}))
    assert form.is_valid()
    assert form.cleaned_data["file"].name == "reportfdp.exe"


def test_a_form_over_something_that_stands_is_cleaned_as_well():
    form = Edited({"title": "A\u202e title"}, initial={"title": "Old"})
    assert form.is_valid()
    assert form.cleaned_data["title"] == "A title"


def test_a_text_that_stands_uncleaned_is_not_taken_for_changed():
    stands = {"title": "Old\u200b title"}
    drawn = str(Edited(initial=stands)["title"])
    shown = drawn.rpartition('value="')[2].partition('"')[0]
    form = Edited({"title": "Old\u200b title", "shown-title": shown}, initial={"title": "New"})
    assert form.is_valid()
    assert form.cleaned_data["title"] == "New"
