"""Composite indexes: what each is made of, its ranking, and computing it anew."""
