"""Indicators with their targets, editions and observations: their page, comparison, map and downloads."""
