"""What is computed of the numbers of an indicator: verdicts, coverage, divides, groups, trends, forecasts."""
