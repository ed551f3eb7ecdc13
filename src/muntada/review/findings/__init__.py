"""Findings by action line, each with the evidence it cites."""
