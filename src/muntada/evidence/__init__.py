"""Stage 1: initiatives, indicators and their observations. Whoever asks what was achieved comes in here."""
