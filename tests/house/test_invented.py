"""What a demo invented is marked in one place, the forum, beside people and the periods of a real forum."""

from django.apps import apps


def test_no_table_of_content_has_a_mark_of_its_own():
    marked = {
        model._meta.label
        for model in apps.get_models()
        if any("invented" in f.name for f in model._meta.fields)
    }
    assert marked == {"forums.Forum", "forums.StageWindow", "people.Person"}
