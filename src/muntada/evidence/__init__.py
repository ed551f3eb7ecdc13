"""Stage 1: initiatives (stocktaking), indicators and their observations. Whoever wants to know what was achieved comes in here."""
