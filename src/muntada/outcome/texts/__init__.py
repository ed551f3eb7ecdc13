"""Texts and their paragraphs, in every version: begun, written, changed, marked."""
