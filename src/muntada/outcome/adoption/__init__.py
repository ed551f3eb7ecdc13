"""Adopting a text: every paragraph agreed and with ground; from then on it stays as it is."""
