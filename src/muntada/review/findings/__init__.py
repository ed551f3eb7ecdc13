"""Findings by action line: proposed, changed and settled, each resting on what it cites."""
