"""Themes raised by several contributions, and suggestions of the engine."""
