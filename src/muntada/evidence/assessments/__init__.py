"""Assessments of indicators: targets, verdicts, coverage, divides, group values, trends, forecasts."""
