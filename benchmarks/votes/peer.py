"""red-dwarf on the folder of a Polis export, as a process of its own: `peer.py FOLDER`."""

import csv
import sys
from pathlib import Path

from reddwarf.implementations.base import run_pipeline


def main(folder: Path) -> None:
    with (folder / "comments.csv").open(encoding="utf-8", newline="") as file:
        moderated_out = [int(row["comment-id"]) for row in csv.DictReader(file) if row["moderated"] == "-1"]
    latest = {}
    with (folder / "votes.csv").open(encoding="utf-8", newline="") as file:
        for row in sorted(csv.DictReader(file), key=lambda row: int(row["timestamp"])):
            latest[int(row["voter-id"]), int(row["comment-id"])] = int(row["vote"])
    votes = [
        {"participant_id": person, "statement_id": text, "vote": vote}
        for (person, text), vote in sorted(latest.items())
    ]
    result = run_pipeline(votes=votes, mod_out_statement_ids=moderated_out, random_state=0)
    print(result.participants_df["cluster_id"].value_counts().to_dict())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
