"""Contributions: drafts, files, versions; contributions entered by staff or imported."""
