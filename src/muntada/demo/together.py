"""Joint work in the demo: a campaign, a merge, themes, reply templates."""

from datetime import UTC, datetime

from muntada.consultation.calls.models import Call
from muntada.consultation.campaigns import actions as campaigns
from muntada.consultation.contributions.actions import contributions
from muntada.consultation.contributions.models import Campaign, Contribution
from muntada.consultation.contributions.rules.contributions import Saying
from muntada.consultation.merging import actions as merges
from muntada.consultation.replies.actions import replies, reply_templates
from muntada.consultation.replies.rules import Disposition, ReplyText, TemplateWords
from muntada.consultation.statements.models import Statement
from muntada.consultation.themes.actions import suggestions, themes
from muntada.consultation.themes.models import Theme
from muntada.demo.frame import DemoState
from muntada.demo.reading import DemoRow, read
from muntada.forums.merging.rules import Joint
from muntada.foundations.jobs.running import carry_out
from muntada.people.rules import Role
from muntada.record.rules import Actor

LETTERS_ARRIVE = datetime(2025, 4, 2, 9, 0, tzinfo=UTC)


def say_together(stand: DemoState, call: Call, said: list[Contribution]) -> None:
    """Send a campaign, merge two contributions, propose another merge, and find themes in all texts."""
    stand.clock.go_to(LETTERS_ARRIVE)
    data = read("invented/together.json")
    _send_campaign(stand, call, data["campaign"])
    for row in data["merges"]:
        _merge(stand, said, row)
    for row in data["passages"]:
        _choose_passages(stand, said, row)
    for row in data["templates"]:
        reply_templates.make_template(
            forum=stand.forum,
            words=TemplateWords(row["titles"], Disposition(row["disposition"]), row["reasons"]),
            actor=_moderator(stand),
            now=stand.clock.tick(),
        )
    run = suggestions.order_run(forum=stand.forum, actor=_moderator(stand), now=stand.clock.tick())
    read_at = stand.clock.tick()
    carry_out(job_id=run.job_id, work=suggestions.read_texts, clock=lambda: read_at)


def answer_statements(stand: DemoState, put: list[Statement]) -> None:
    """Reply once to the statements on which all groups agree."""
    row = read("invented/together.json")["answered_statements"]
    replies.reply_together(
        said=[put[index] for index in row["statements"]],
        answer=ReplyText(Disposition(row["disposition"]), row["reason"], row["language"]),
        actor=_moderator(stand),
        now=stand.clock.tick(),
    )


def _moderator(stand: DemoState) -> Actor:
    return stand.forum_request(stand.shown[Role.MODERATOR]).actor(Role.MODERATOR)


def _send_campaign(stand: DemoState, call: Call, row: DemoRow) -> None:
    for letter in row["letters"]:
        stand.clock.tick(minutes=35)
        contributions.submit_contribution(
            forum_request=stand.forum_request(stand.people[letter["author"]]),
            call=call,
            saying=Saying(title=row["title"], text=letter["text"], language="en", consent_to_publish=True),
        )
    campaigns.group_campaigns(call=call, now=stand.clock.tick())
    campaigns.name_campaign(
        campaign=Campaign.objects.get(call=call),
        name=row["name"],
        actor=_moderator(stand),
        now=stand.clock.tick(),
    )


def _merge(stand: DemoState, said: list[Contribution], row: DemoRow) -> None:
    first, second = said[row["first"]], said[row["second"]]
    merge = merges.propose_merge(
        forum_request=stand.forum_request(stand.shown[Role.MODERATOR]),
        contribution=first,
        other=second,
        joint=Joint(row["title"], row["text"], row["language"]),
    )
    if row["consents"]:
        for one in (first, second):
            if one.author is not None:
                merges.consent_to_merge(forum_request=stand.forum_request(one.author), merge=merge)


def _choose_passages(stand: DemoState, said: list[Contribution], row: DemoRow) -> None:
    theme = Theme.objects.get(symbol=stand.symbols["M"][row["theme"]])
    for index in row["contributions"]:
        themes.assign_passages(
            theme=theme,
            contribution=said[index],
            parts=themes.said_in_parts(said[index])[:1],
            actor=_moderator(stand),
            now=stand.clock.tick(),
        )
