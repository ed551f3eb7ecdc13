"""Indicators with their targets, editions and observations: page, comparison, map and downloads."""
