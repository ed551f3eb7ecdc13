"""Matters raised by several contributions, and what the engine suggests."""
