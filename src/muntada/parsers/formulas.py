"""The sign that keeps a text in a table from being run as a formula: how it is written and taken away."""

GUARD = "'"
# A cell that begins so is taken for a formula by spreadsheet programs.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    return f"{GUARD}{text}" if text.startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    inside = text.removeprefix(GUARD)
    return inside if inside.startswith(FORMULA_SIGNS) else text
