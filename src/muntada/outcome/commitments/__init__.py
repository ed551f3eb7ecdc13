"""Commitments on paragraphs, and progress reports."""
