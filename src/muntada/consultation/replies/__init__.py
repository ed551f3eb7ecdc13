"""Replies, reply templates, notices by e-mail, the inbox."""
