"""Replies, reply templates, letters and notices; the inbox."""
