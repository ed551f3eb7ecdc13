"""The pages of a call say that what stands on them is invented, where the forum is a demo."""

from muntada.forums.models import Forum
from muntada.forums.rules import Invented

MARK = "Invented for the demo"


def test_a_call_is_marked_in_a_forum_with_invented_content_alone(client, forum, call):
    address = call.get_absolute_url()
    assert MARK not in client.get(address).content.decode()
    Forum.objects.filter(pk=forum.pk).update(invented=Invented.CONTENT)
    assert MARK in client.get(address).content.decode()
