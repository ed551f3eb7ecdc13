"""No file of the programme harms the platform: schedules, session requests, scores."""

from hostile.pages import ALL_OR_FEW, FEW, send_all
from muntada.people.rules import Role
from muntada.programme.sessions.models import Session


@ALL_OR_FEW
def test_schedules_and_requests(few, client_as):
    refused = send_all(client_as(Role.SECRETARIAT), "/wsis20/programme/files", "file", few=few)
    assert refused >= FEW
    assert not Session.objects.exists()


@ALL_OR_FEW
def test_scores(few, client_as):
    refused = send_all(client_as(Role.SECRETARIAT), "/wsis20/programme/selections/scores", "file", few=few)
    assert refused >= FEW
