"""Assessments as tables."""
