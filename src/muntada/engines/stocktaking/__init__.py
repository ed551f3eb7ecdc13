"""Entries of a stocktaking: who works with whom, who can help whom, and which entries say the same."""
