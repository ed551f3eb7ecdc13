"""Escape cells that spreadsheets would run as formulas, and undo it."""

GUARD = "'"
# Spreadsheets treat cells with these first characters as formulas.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    return f"{GUARD}{text}" if text.startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    inside = text.removeprefix(GUARD)
    return inside if inside.startswith(FORMULA_SIGNS) else text
