"""Stage 1: indicators and their observations, progress assessments, stories, initiatives and prizes."""
