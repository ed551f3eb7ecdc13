"""Partnering: needs and offers of organizations, and introductions by e-mail."""
