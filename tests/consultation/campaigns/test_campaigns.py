"""Campaigns: the same text sent by several people, shown with its count, each with its own number."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from muntada.consultation.campaigns import actions as campaigns
from muntada.consultation.campaigns import tasks as campaigns_tasks
from muntada.consultation.contributions.models import Campaign, Contribution
from muntada.consultation.contributions.rules.campaigns import FoundCampaign, known_again, require_name
from muntada.consultation.contributions.rules.contributions import CampaignKind
from muntada.consultation.replies.models import Reply
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.rules import Role
from muntada.record.models import LogEntry

TEXT = (
    "Dear secretariat, I ask you to put public access points into every village library by 2030, "
    "with trained staff and opening hours in the evening, because many of us have no other way to go online."
)


def address(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=["wsis20", *args])


@pytest.fixture
def sent(contribute):
    """Four letters of one campaign, one of them a little changed, and one that has nothing to do with it."""
    return [
        contribute(title="Libraries one", text=TEXT),
        contribute(title="Libraries two", text=TEXT.upper()),
        contribute(title="Libraries three", text=TEXT.replace("village", "rural")),
        contribute(title="Libraries four", text=TEXT + " Thank you."),
        contribute(title="Something else", text="Spectrum should be shared between the neighbours."),
    ]


@pytest.fixture
def campaign(sent, call, now) -> Campaign:
    campaigns.group_campaigns(call=call, now=now)
    return Campaign.objects.get()


# ---- which group is which campaign ----


def group(*members: int) -> FoundCampaign:
    return FoundCampaign(members, CampaignKind.NEAR)


def test_a_group_is_the_campaign_most_of_whose_members_it_holds():
    before = {1: 7, 2: 7, 3: 7, 4: 8}
    assert known_again([group(4, 1), group(2, 3), group(9, 10)], before) == [8, 7, None]
    assert known_again([group(1, 2), group(3, 5)], before) == [7, None]


@pytest.mark.parametrize(("name", "code"), [(" ", "name-missing"), ("x" * 201, "name-too-long")])
def test_a_campaign_has_a_name_that_can_be_read(name, code):
    with pytest.raises(Refused) as refusal:
        require_name(name)
    assert (refusal.value.code, refusal.value.field) == (code, "name")


# ---- finding ----


def test_the_same_text_is_one_campaign_and_nothing_is_lost(campaign, sent):
    assert campaign.kind == CampaignKind.NEAR
    assert [one.campaign_id for one in Contribution.objects.order_by("pk")] == [campaign.pk] * 4 + [None]
    assert [one.symbol.number for one in Contribution.objects.order_by("pk")] == [1, 2, 3, 4, 5]


def test_exactly_the_same_text_is_named_so(contribute, call, now):
    for place in range(3):
        contribute(title=f"Letter {place}", text=TEXT)
    campaigns.group_campaigns(call=call, now=now)
    assert Campaign.objects.get().kind == CampaignKind.IDENTICAL


def test_what_is_not_public_or_was_withdrawn_is_not_compared(contribute, sent, call, now):
    hidden = contribute(title="Hidden", text=TEXT, consent_to_publish=False)
    Contribution.objects.filter(pk=sent[0].pk).update(withdrawn_at=now)
    campaigns.group_campaigns(call=call, now=now)
    for pk in (hidden.pk, sent[0].pk):
        assert Contribution.objects.get(pk=pk).campaign is None


def test_looking_again_changes_nothing_and_keeps_the_name(campaign, contribute, call, now, moderator):
    campaigns.name_campaign(campaign=campaign, name="Libraries", actor=moderator, now=now)
    written = LogEntry.objects.count()
    campaigns.group_campaigns(call=call, now=now)
    assert LogEntry.objects.count() == written + 0
    fifth = contribute(title="Libraries five", text=TEXT)
    campaigns.group_campaigns(call=call, now=now)
    fifth.refresh_from_db()
    assert (fifth.campaign.pk, fifth.campaign.name) == (campaign.pk, "Libraries")


def test_a_contribution_split_out_stays_out_until_it_is_put_back(campaign, sent, call, now, moderator):
    campaigns.split_from_campaign(contribution=sent[3], actor=moderator, now=now)
    campaigns.group_campaigns(call=call, now=now)
    apart = Contribution.objects.get(pk=sent[3].pk)
    assert (apart.campaign, apart.stands_alone) == (None, True)
    campaigns.return_to_campaign(contribution=apart, actor=moderator, now=now)
    assert Contribution.objects.get(pk=sent[3].pk).campaign == campaign
    verbs = list(LogEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs[-2:] == ["split_from_campaign", "return_to_campaign"]


def test_a_campaign_whose_texts_are_gone_is_no_campaign(campaign, sent, call, now):
    Contribution.objects.filter(pk__in=[one.pk for one in sent[:3]]).update(withdrawn_at=now)
    campaigns.group_campaigns(call=call, now=now)
    assert Campaign.objects.count() == 0
    assert Contribution.objects.count() == 5


def test_only_those_who_answer_name_and_split(campaign, sent, now, participant):
    with pytest.raises(NotAllowed):
        campaigns.name_campaign(campaign=campaign, name="Mine", actor=participant, now=now)
    with pytest.raises(NotAllowed):
        campaigns.split_from_campaign(contribution=sent[0], actor=participant, now=now)


def test_many_submissions_ask_for_one_look(contribute, call, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for place in range(3):
            contribute(title=f"Letter {place}", text=TEXT)
    (job,) = ProcrastinateJob.objects.filter(task_name__endswith="group_campaigns")
    assert job.queueing_lock == f"consultation.group_campaigns:{call.pk}"
    campaigns_tasks.group_campaigns(**job.args)
    assert Campaign.objects.count() == 1


# ---- the pages ----


def test_a_campaign_is_shown_with_its_count_on_its_page_and_each_contribution(
    campaign, sent, client, now, moderator
):
    campaigns.name_campaign(campaign=campaign, name="Libraries for all", actor=moderator, now=now)
    listed = client.get(address("campaigns", "open-call")).text
    assert "5 contributions, of which 4 in 1 campaign." in " ".join(listed.split())
    assert "Libraries for all" in listed
    page = client.get(campaign.get_absolute_url()).text
    assert all(f"C/{number}" in page for number in (1, 2, 3, 4))
    assert "C/5" not in page
    one = " ".join(client.get("/wsis20/c/2").text.split())
    assert "was sent 4 times, as a campaign" in one
    assert "Libraries for all" in one


def test_a_moderator_names_splits_undoes_and_answers_all_at_once(campaign, sent, client_as):
    browser = client_as(Role.MODERATOR)
    assert browser.post(f"{campaign.get_absolute_url()}/name", {"name": ""}).status_code == 422
    browser.post(f"{campaign.get_absolute_url()}/name", {"name": "Libraries"})
    assert Campaign.objects.get().name == "Libraries"
    answer = browser.post(address("split", 4), follow=True)
    assert "Undo: it is part of the campaign" in answer.text
    browser.post(address("split", 4), {"step": "return"})
    assert Contribution.objects.get(pk=sent[3].pk).campaign == campaign
    assert "Answer all at once" in browser.get(address("inbox")).text
    page = browser.get(address("reply_together"), {"campaign": campaign.pk})
    assert "One reply for 4 texts" in page.text
    typed = {"campaign": campaign.pk, "disposition": "accepted", "reason": "Yes.", "language": "en"}
    browser.post(address("reply_together"), typed)
    assert Reply.objects.filter(together=4).count() == 4


@pytest.mark.parametrize("number", ["0", "999", "x", "9" * 30])
def test_a_campaign_that_is_not_there(client_as, forum, number):
    answer = client_as(Role.MODERATOR).get(address("reply_together"), {"campaign": number})
    assert answer.status_code == 404


def test_a_list_shows_how_many_sent_the_same_and_asks_no_more_for_it(campaign, sent, client, now):
    page = client.get(address("contributions", "open-call")).text
    assert page.count("Campaign of 4") == 4
    Contribution.objects.filter(pk=sent[0].pk).update(withdrawn_at=now)
    assert client.get(address("contributions", "open-call")).text.count("Campaign of 3") == 3
