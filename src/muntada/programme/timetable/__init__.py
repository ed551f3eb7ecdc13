"""Drafts of the timetable: made, moved by hand, locked, compared, repaired."""
