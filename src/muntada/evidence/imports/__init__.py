"""Imports of figures as editions of indicators: previewed, imported, withdrawn; figures retyped."""
