"""No form stores what nobody sees: each takes its texts cleaned, also in fields it makes as it is drawn."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.widgets import ChoiceWidget

from house.test_editing_forms import name_of, our_forms
from muntada.foundations.clean_forms import CleanField, CleanForm
from muntada.foundations.edit_forms import EditBase, EditForm

UNSEEN = "\x07\x1b\x85\u202e\u2066\u200b"


def test_each_form_takes_its_fields_cleaned():
    found = list(our_forms())
    assert len(found) > 100
    assert [name_of(one) for one in found if not issubclass(one.bound_field_class, CleanField)] == []


def text_fields() -> list[tuple[str, type[forms.BaseForm], str]]:
    return [
        (f"{name_of(form)}.{name}", form, name)
        for form in our_forms()
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field.widget, ChoiceWidget)
    ]


def test_what_each_field_of_words_gives_is_clean():
    asked = text_fields()
    assert len(asked) > 60
    for title, form, name in asked:
        field = form.base_fields[name]
        made_of = EditForm if issubclass(form, EditBase) else CleanForm
        sent = made_of({name: f"{UNSEEN}so{UNSEEN}me{UNSEEN}"})
        typed = form.bound_field_class(sent, field, name)
        assert typed.data == "some", title
        try:
            taken = field.clean(typed.data)
        except ValidationError:
            continue
        assert not set(str(taken)) & set(UNSEEN), title


def test_the_form_by_which_the_library_signs_up_is_clean_as_well(client, db):
    form = client.get("/account/signup/").context["form"]
    assert issubclass(form.bound_field_class, CleanField)
