"""Readers of figures: each source a small reader, one shape out. No network, no database, no clock."""
