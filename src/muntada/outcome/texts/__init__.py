"""Drafts and paragraphs in all versions."""
