"""Review and outcome of the demo: findings, a text under negotiation, commitments."""

from datetime import UTC, date, datetime

from muntada.demo.frame import DemoState
from muntada.demo.meeting import resolve
from muntada.demo.reading import DemoRow, invented, read
from muntada.outcome.commitments import actions as commitments
from muntada.outcome.commitments.actions import Undertaking
from muntada.outcome.commitments.rules import CommitmentState
from muntada.outcome.proposals import actions as proposals
from muntada.outcome.proposals.rules import ProposalKind
from muntada.outcome.texts import actions as outcome
from muntada.outcome.texts.actions import TextInLanguage
from muntada.outcome.texts.models import Paragraph
from muntada.outcome.texts.rules import ParagraphKind, ParagraphState
from muntada.people.rules import Role
from muntada.review.findings import actions as review
from muntada.review.findings.actions import FindingText
from muntada.review.findings.rules import EvidenceStrength, FindingKind

REVIEW = datetime(2025, 7, 21, 8, 0, tzinfo=UTC)
NEGOTIATION = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)
# The last findings stay proposed, for a facilitator to settle.
LEFT_PROPOSED = 4


def find(stand: DemoState) -> None:
    """Write the findings, and settle most of them."""
    stand.clock.go_to(REVIEW)
    facilitator = stand.forum_request(stand.shown[Role.FACILITATOR]).actor(Role.FACILITATOR)
    findings = []
    for row in invented("findings"):
        finding = review.propose_finding(
            forum=stand.forum,
            author=stand.people[row["author"]],
            finding=FindingText(
                kind=FindingKind(row["kind"]),
                line=stand.lines[row["line"]],
                text=resolve(stand, row["text"]),
                language=row["language"],
                strength=EvidenceStrength(row["strength"]),
                goals=tuple(stand.goals[code] for code in row["goals"]),
            ),
            actor=facilitator,
            now=stand.clock.tick(minutes=90),
        )
        stand.keep("F", finding.symbol)
        findings.append(finding)
    for finding in findings[:-LEFT_PROPOSED]:
        review.settle_finding(finding=finding, actor=facilitator, now=stand.clock.tick())


def write_outcome(stand: DemoState) -> None:
    """Write the text, with proposals, decisions and commitments."""
    stand.clock.go_to(NEGOTIATION)
    data = read("invented/outcome.json")["outcome"]
    editor = stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT)
    draft = outcome.open_draft(
        forum=stand.forum,
        title=TextInLanguage(data["title"], data["language"]),
        actor=editor,
        now=stand.clock.tick(),
    )
    paragraphs = []
    for row in data["paragraphs"]:
        paragraph = outcome.write_paragraph(
            draft=draft,
            kind=ParagraphKind(row["kind"]),
            words=TextInLanguage(resolve(stand, row["text"]), row["language"]),
            actor=editor,
            now=stand.clock.tick(),
        )
        stand.keep("L", paragraph.symbol)
        paragraphs.append(paragraph)
    for row in data["proposals"]:
        _propose(stand, row, paragraphs[row["paragraph"]])
    for row, paragraph in zip(data["paragraphs"], paragraphs, strict=True):
        if row["state"] != ParagraphState.OPEN:
            state = ParagraphState(row["state"])
            paragraph.refresh_from_db()
            outcome.mark_paragraph(paragraph=paragraph, state=state, actor=editor, now=stand.clock.tick())
    for row in data["commitments"]:
        _commit(stand, row, paragraphs[row["paragraph"]])


def _propose(stand: DemoState, row: DemoRow, paragraph: Paragraph) -> None:
    author = stand.people[row["author"]]
    proposal = proposals.propose_text(
        paragraph=paragraph,
        kind=ProposalKind(row["kind"]),
        party=row["party"],
        words=TextInLanguage(resolve(stand, row["text"]), row["language"]),
        rationale=resolve(stand, row["rationale"]),
        author=author,
        actor=stand.in_role(author, Role.DELEGATE),
        now=stand.clock.tick(minutes=45),
    )
    stand.keep("A", proposal.symbol)
    if row["state"] != "open":
        proposals.decide_proposal(
            proposal=proposal,
            is_accepted=row["state"] == "accepted",
            reason=row["reason"],
            actor=stand.forum_request(stand.shown[Role.SECRETARIAT]).actor(Role.SECRETARIAT),
            now=stand.clock.tick(),
        )


def _commit(stand: DemoState, row: DemoRow, paragraph: Paragraph) -> None:
    maker = stand.people[row["made_by"]]
    actor = stand.in_role(maker, Role.DELEGATE)
    commitment = commitments.make_commitment(
        paragraph=paragraph,
        undertaking=Undertaking(
            verb=row["verb"],
            action=resolve(stand, row["action"]),
            addressees=row["addressees"],
            language=row["language"],
            due_date=date.fromisoformat(row["due_date"]) if row["due_date"] else None,
        ),
        author=maker,
        actor=actor,
        now=stand.clock.tick(minutes=30),
    )
    for report in row["reports"]:
        commitments.report_on_commitment(
            commitment=commitment,
            state=CommitmentState(report["state"]),
            words=TextInLanguage(report["text"], report["language"]),
            actor=actor,
            now=stand.clock.tick(minutes=30),
        )
