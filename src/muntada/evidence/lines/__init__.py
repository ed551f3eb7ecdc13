"""Evidence by action line: its indicators and initiatives."""
