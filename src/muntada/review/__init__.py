"""Stage 5: findings by action line with evidence, facilitators' returns, coverage."""
