"""Forty people vote on eight statements: which think alike, what stands for them, what unites all."""

from datetime import UTC, datetime
from random import Random

from muntada.engines.opinion import AGREE, DISAGREE, PASS, VoteEvent, VoteTable, analyse

STATEMENTS = {
    "1": "Every school should be connected within five years.",
    "2": "Community networks need their own licence.",
    "3": "Spectrum fees should pay for rural coverage.",
    "4": "The market alone will connect the last villages.",
    "5": "Levies on operators slow down investment.",
    "6": "Public money should go to public networks only.",
    "7": "Content in local languages matters as much as cables.",
    "8": "Prices should be regulated where there is one provider.",
}
MARKET, PUBLIC = {"4", "5"}, {"2", "3", "6", "8"}


def votes() -> list[VoteEvent]:
    """Two camps, who both want schools and content; one vote in eight is a pass, one in ten a surprise."""
    dice, now = Random(7), datetime(2025, 7, 7, tzinfo=UTC)
    cast = []
    for person in range(40):
        likes = MARKET if person < 16 else PUBLIC
        for statement in STATEMENTS:
            value = AGREE if statement in likes or statement in {"1", "7"} else DISAGREE
            luck = dice.random()
            value = PASS if luck < 0.12 else -value if luck < 0.22 else value
            cast.append(VoteEvent(f"person {person}", statement, value, now))
    return cast


def main() -> None:
    opinion = analyse(VoteTable.from_events(votes()), seed=1)
    for group in opinion.groups:
        print(f"Group {group.id}, {group.size} people:")
        for one in group.representative[:2]:
            print(f"  {one.says} ({one.count} of {one.seen}): {STATEMENTS[one.statement]}")
    print("All together:")
    if opinion.findings:
        for found in opinion.findings.unites:
            print(f"  {found.direction} ({found.score:.2f}): {STATEMENTS[found.statement]}")
    if opinion.grouping.steadiness:
        print(f"If other people had come, the groups would be {opinion.grouping.steadiness.verdict}.")


if __name__ == "__main__":
    main()
