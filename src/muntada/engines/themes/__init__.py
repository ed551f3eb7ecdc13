"""Texts in several languages: what they are about, which say the same; suggestions only."""
