"""Exports of a release: iCalendar, schedule XML and JSON, JSON-LD, feeds, tables, printed programme."""
