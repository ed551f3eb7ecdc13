"""Adoption of a text: all paragraphs agreed and with evidence; then immutable."""
