"""Stage 5: findings by action line, each resting on what it cites. Facilitators come in here."""
