"""Drafts of the timetable: made, edited, locked, compared, repaired."""
