"""Composite indexes: structure, ranking, recomputation."""
