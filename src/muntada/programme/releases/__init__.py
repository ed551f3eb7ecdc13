"""Releases of the timetable: published, compared, told of by letter."""
