"""A forum of the demo says of its content that it is invented; a real one never does."""

import pytest

from muntada.forums.models import Forum
from muntada.forums.rules import Invented

MARK = "Invented for the demo"


@pytest.mark.parametrize(
    ("invented", "is_invented", "has_invented_content"),
    [(Invented.NOTHING, False, False), (Invented.CONTENT, False, True), (Invented.ALL, True, True)],
)
def test_a_forum_can_be_real_with_invented_content(invented, is_invented, has_invented_content):
    forum = Forum(invented=invented)
    assert (forum.is_invented, forum.has_invented_content) == (is_invented, has_invented_content)


def test_a_forum_is_real_where_nobody_says_otherwise(forum):
    assert forum.invented == Invented.NOTHING


@pytest.mark.parametrize(
    ("invented", "is_marked"), [(Invented.NOTHING, False), (Invented.CONTENT, False), (Invented.ALL, True)]
)
def test_the_front_page_marks_a_forum_that_is_invented_itself(client, forum, invented, is_marked):
    Forum.objects.filter(pk=forum.pk).update(invented=invented)
    assert (MARK in client.get("/").content.decode()) is is_marked
