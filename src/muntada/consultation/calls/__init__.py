"""Calls: their questions, dates and meetings, from the first draft until they close."""
