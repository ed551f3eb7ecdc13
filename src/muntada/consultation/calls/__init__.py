"""Calls for contributions: questions, dates and meetings, from the draft to the close."""
