"""Prizes: categories, entries, experts, the public vote and the winners."""
