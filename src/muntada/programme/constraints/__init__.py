"""Constraints on sessions (order, series, apart), and the rules of a timetable."""
